// SPDX-License-Identifier: Apache-2.0
// Arguments and results of versions 2 and 3.
#ifndef GANDER_PROTOCOL_NFS_CLASSIC_H_
#define GANDER_PROTOCOL_NFS_CLASSIC_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "protocol/nfs/names.h"

namespace gander::protocol::nfs {

// Octets of a file within a message.
struct Extent {
  bool there = false;
  std::size_t at = 0;
  std::uint64_t length = 0;
};

// Views live as long as the message.
struct Arguments {
  Bytes handle;
  std::string_view name, other;  // RENAME: the new name
  std::string_view link;         // what a symbolic link points to
  std::uint64_t offset = 0;
  bool synced = false;           // what is written is on disk when the reply comes
  Extent data;
};
struct Results {
  std::uint32_t status = 0;
  Bytes handle;
  std::string_view link;
  bool end_of_file = false;
  std::uint64_t file_size = 0;   // version 2 tells it beside what was read
  Extent data;
};

// A name in a directory, with its handle where the listing has it.
class Listing {
 public:
  virtual ~Listing() = default;
  virtual void OnEntry(std::string_view name, Bytes handle) noexcept = 0;
};

// Both read `message` from `at` on; false when it is malformed or cut. The extent of data is told even if it goes
// beyond.
bool ReadArguments(std::uint32_t version, Procedure procedure, Bytes message, std::size_t at, Arguments& out) noexcept;
bool ReadResults(std::uint32_t version, Procedure procedure, Bytes message, std::size_t at, Results& out,
                 Listing& listing) noexcept;

// What a reply to a call that was not seen looks like: octets read from a file that fill the message. Null procedure
// when it is nothing of the kind.
bool LooksLikeRead(std::uint32_t version, Bytes front, std::size_t at, bool whole, Results& out) noexcept;

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_CLASSIC_H_
