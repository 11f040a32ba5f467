// SPDX-License-Identifier: Apache-2.0
// The 512-byte headers of tar archives: POSIX.1-2017 pax(1), "ustar Interchange Format"; GNU tar 1.34 manual, "Basic
// Tar Format"; and what was before both, which has no magic number but the checksum.
#ifndef GANDER_CONTENT_TAR_HEADER_H_
#define GANDER_CONTENT_TAR_HEADER_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace gander::content {

inline constexpr std::size_t kTarBlock = 512;

struct TarHeader {
  char type = '0';
  std::uint64_t size = 0;  // as told; whether data follows depends on the type
  bool map_follows = false;  // a sparse file's map goes on in the next block

  bool has_data() const noexcept;
};

// Whether a block of kTarBlock bytes has the checksum of a header and numbers where numbers belong. Fills `header`.
bool ReadTarHeader(Bytes block, TarHeader& header) noexcept;
// The name in a header, prefix included.
void AssignTarName(Bytes block, std::string& name);
bool IsZeroBlock(Bytes block) noexcept;
// In a block that goes on with the map of a sparse file: whether yet another follows.
bool TarMapGoesOn(Bytes block) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_TAR_HEADER_H_
