// SPDX-License-Identifier: Apache-2.0
// Packets of RTP and RTCP as they lie in a datagram (RFC 3550 §5.1, §6.4).
#ifndef GANDER_PROTOCOL_RTP_PACKET_H_
#define GANDER_PROTOCOL_RTP_PACKET_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::rtp {

struct Packet {
  std::uint8_t payload_type = 0;
  bool plain = false;  // neither padding nor extension nor contributing sources
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0, ssrc = 0;
  Bytes payload;
};
// False when the datagram is none.
bool ReadPacket(Bytes datagram, Packet& out) noexcept;

// The name of a static payload type (RFC 3551 §6); null for the others.
const char* CodecOf(std::uint8_t payload_type) noexcept;
// Whether a payload of that size is what the codec makes; true where any size may be.
bool SizeFits(std::uint8_t payload_type, std::size_t size) noexcept;

// A compound packet: reports first, lengths that add up to the datagram's. False when the datagram is none.
bool IsCompound(Bytes datagram) noexcept;

struct ControlPacket {
  std::uint8_t type = 0, count = 0;
  Bytes content;  // behind the first four bytes
};
inline constexpr std::uint8_t kSenderReport = 200, kReceiverReport = 201, kSourceDescription = 202;
// The next one of a compound packet. False at its end.
bool NextControl(Bytes& compound, ControlPacket& out) noexcept;

// "0" to "9", "*", "#", "A" to "D" of a named telephone event (RFC 4733 §2.3); 0 when `payload` is none.
char DigitOf(Bytes payload) noexcept;

}  // namespace gander::protocol::rtp

#endif  // GANDER_PROTOCOL_RTP_PACKET_H_
