// SPDX-License-Identifier: Apache-2.0
// Operations of a compound of version 4 and their results.
#ifndef GANDER_PROTOCOL_NFS_COMPOUND_H_
#define GANDER_PROTOCOL_NFS_COMPOUND_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "protocol/nfs/classic.h"

namespace gander::protocol::nfs {

// What a walk comes across, in order.
class CompoundVisitor {
 public:
  virtual ~CompoundVisitor() = default;
  // With the status of its result; 0 in a call.
  virtual void OnOperation(std::uint32_t operation, std::uint32_t status) noexcept = 0;
  virtual void OnHandle(Bytes handle) noexcept = 0;  // is the current one from here on
  virtual void OnName(std::string_view name) noexcept = 0;
  virtual void OnLink(std::string_view link) noexcept = 0;
  virtual void OnListed(std::string_view name) noexcept = 0;
  virtual void OnClientName(std::string_view name) noexcept = 0;
  virtual void OnReadOffset(std::uint64_t offset) noexcept = 0;
};

// Where a walk is: it stops at data and goes on behind it.
struct CompoundWalk {
  bool reply = false;
  std::uint32_t operations = 0;  // that are left
  std::uint32_t segments = 0;    // of a READ_PLUS, left
  // Of the data at which it stopped.
  Extent data;
  std::uint64_t offset = 0;
  bool offset_is_known = false;  // a READ does not repeat its offset
  bool last = false;             // end of file, or on disk with the reply
};

// The head of a compound. False when it is malformed or cut.
bool BeginCompound(Bytes front, std::size_t& at, bool reply, CompoundWalk& walk) noexcept;
// From `at` on to data, or to the end. False when malformed or cut. `visitor` may be null.
bool WalkCompound(Bytes front, std::size_t at, CompoundWalk& walk, CompoundVisitor* visitor) noexcept;

}  // namespace gander::protocol::nfs

#endif  // GANDER_PROTOCOL_NFS_COMPOUND_H_
