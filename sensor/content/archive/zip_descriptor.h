// SPDX-License-Identifier: Apache-2.0
// Data descriptors (APPNOTE.TXT 4.3.9): checksum and sizes behind a member, with a signature or without, of four bytes
// each or of eight. Nothing says which of the four it is, so the sizes that were counted decide.
#ifndef GANDER_CONTENT_ZIP_DESCRIPTOR_H_
#define GANDER_CONTENT_ZIP_DESCRIPTOR_H_

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace gander::content {

inline constexpr std::size_t kMaxDescriptorBytes = 24;

// What a descriptor has to say to be one.
struct CountedSizes {
  std::uint64_t packed = 0;
  std::optional<std::uint64_t> size;  // absent: not known, any will do
  bool wide = false;                  // the header told eight bytes a size
};

struct Descriptor {
  std::size_t length = 0;  // bytes; 0 = none stands here
  std::uint64_t size = 0;  // of the file, as told
};

// The descriptor at the front of `b`; absent when more bytes are needed, of which kMaxDescriptorBytes are enough.
std::optional<Descriptor> ReadDescriptor(Bytes b, const CountedSizes& counted) noexcept;

// One without a signature at the front of `b`, with sizes of `octets` bytes.
Descriptor ReadBareDescriptor(Bytes b, std::size_t octets, const CountedSizes& counted) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_ZIP_DESCRIPTOR_H_
