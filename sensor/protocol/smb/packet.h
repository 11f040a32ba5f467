// SPDX-License-Identifier: Apache-2.0
// Packets of NetBIOS' session service (RFC 1002 §4.3.1): a type, a length, what is sent. Without NetBIOS (port 445) the
// length has 24 bits instead of 17, and there are no other packets than messages.
#ifndef GANDER_PROTOCOL_SMB_PACKET_H_
#define GANDER_PROTOCOL_SMB_PACKET_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::smb {

enum class PacketType : std::uint8_t {
  kMessage = 0x00,
  kSessionRequest = 0x81,
  kPositiveAnswer = 0x82,
  kNegativeAnswer = 0x83,
  kRetarget = 0x84,
  kKeepAlive = 0x85,
};
inline constexpr std::size_t kPacketHeader = 4, kMaxSessionRequest = 2 * 256;
inline constexpr std::uint64_t kNoPacket = UINT64_MAX;

inline PacketType TypeOf(Bytes front) noexcept { return static_cast<PacketType>(Octets(front)[0]); }

// Header included; 0 when more octets are needed, kNoPacket when no packet begins so.
inline std::uint64_t PacketLength(Bytes front) noexcept {
  const std::uint8_t* const p = Octets(front);
  const bool known = p[0] == 0 || (p[0] >= 0x81 && p[0] <= 0x85);
  if (!known) return kNoPacket;
  if (front.size() < kPacketHeader) return 0;
  const std::uint64_t length = kPacketHeader + (std::uint64_t{p[1]} << 16 | std::uint64_t{p[2]} << 8 | p[3]);
  return p[0] != 0 && length > kPacketHeader + kMaxSessionRequest ? kNoPacket : length;
}

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_PACKET_H_
