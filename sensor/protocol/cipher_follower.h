// SPDX-License-Identifier: Apache-2.0
// Follows one direction of an encrypted flow without reading it, and notices when it is not encrypted any more.
#ifndef GANDER_PROTOCOL_CIPHER_FOLLOWER_H_
#define GANDER_PROTOCOL_CIPHER_FOLLOWER_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "protocol/plain_text/binary_run.h"

namespace gander::protocol {

// TLS states the length of each record, so that most chunks are passed over with one subtraction and only record
// headers are looked at (RFC 8446 §5.1). Where records cannot be followed (a gap, another cipher protocol, a pick-up
// in the middle) a chunk is asked whether it is plainly text, at a glance once chunks long have not been. Chunks too
// small to answer are asked together: clear text that is cut small is noticed with its 24th readable byte.
class CipherFollower {
 public:
  static constexpr std::size_t kRecordHeader = 5;

  CipherFollower() = default;
  // From within a TLS record of which `remaining` bytes are to come, or behind `header` bytes of the next one.
  CipherFollower(std::uint32_t remaining, Bytes header) noexcept;

  // How many bytes of `chunk` are still ciphertext: all of them, or up to where clear text begins.
  std::size_t Follow(Bytes chunk, bool after_gap) noexcept {
    if (records_ && !after_gap && chunk.size() <= remaining_) {
      remaining_ -= static_cast<std::uint32_t>(chunk.size());
      return chunk.size();
    }
    if (after_gap) {
      records_ = false;
      have_ = header_[0] = 0;
    }
    return records_ ? FollowRecords(chunk) : LookForText(chunk);
  }

 private:
  std::size_t FollowRecords(Bytes chunk) noexcept;
  std::size_t LookForText(Bytes chunk) noexcept;
  std::size_t LookInFew(Bytes chunk) noexcept;

  std::uint32_t remaining_ = 0;  // of the record at hand
  bool records_ = false;
  // Small, since a flow has two (runtime/flow_state.h).
  std::uint8_t have_ = 0;  // bytes of a header that spans chunks; without records, readable bytes in a row
  std::array<std::uint8_t, kRecordHeader> header_{};  // without records the first: octets of UTF-8 to come
  BinaryRun binary_;
};

// Whether five bytes head a TLS record: a known type, version 3.0 to 3.4, and a length within RFC 8446 §5.2.
bool IsTlsRecordHeader(const std::uint8_t* header) noexcept;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_CIPHER_FOLLOWER_H_
