// SPDX-License-Identifier: Apache-2.0
// Record marking (RFC 5531 §11): a record is fragments, each behind a word with its length and whether it is the last.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_RECORD_MARK_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_RECORD_MARK_H_

#include <cstdint>

#include "base/byte_reader.h"
#include "protocol/framing/passing_parser.h"

namespace gander::protocol::rpc_message {

using framing::kMarkOctets;
// No server takes reads or writes of more; a longer fragment is none.
inline constexpr std::uint32_t kMaxFragment = 64u << 20;
// xid, type, and what the shortest reply has.
inline constexpr std::uint32_t kMinMessage = 20;

struct RecordMark {
  std::uint32_t length = 0;
  bool last = false;
  bool is_valid() const noexcept { return length <= kMaxFragment; }
  // Whether a record may begin so.
  bool OpensRecord() const noexcept { return is_valid() && (last ? length >= kMinMessage : length >= 4); }
};

inline RecordMark ReadMark(Bytes octets) noexcept {
  const std::uint32_t word = ByteReader(octets).U32();
  return {word & 0x7fffffff, word >> 31 != 0};
}
// Whether a mark may begin with `octet`.
constexpr bool IsMarkFront(std::uint8_t octet) noexcept { return (octet & 0x7f) <= kMaxFragment >> 24; }

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_RECORD_MARK_H_
