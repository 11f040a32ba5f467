// SPDX-License-Identifier: Apache-2.0
// Cuts a datagram into QUIC packets by what stands unprotected in their headers.
#ifndef GANDER_PROTOCOL_QUIC_PACKET_H_
#define GANDER_PROTOCOL_QUIC_PACKET_H_

#include <cstdint>

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "protocol/quic/version.h"

namespace gander::protocol::quic {

enum class PacketType : std::uint8_t { kInitial, kZeroRtt, kHandshake, kRetry, kNegotiation, kShort, kOther };

struct Packet {
  PacketType type = PacketType::kOther;
  std::uint32_t number = 0;  // of the version
  Version version;
  Bytes destination_id;
  Bytes bytes;                      // the whole packet, header included
  std::size_t packet_number_at = 0;  // kInitial: offset of the packet number in `bytes`
  Bytes clear;                      // kInitial of a version that does not encrypt it: its frames
};

// Takes the first packet off `datagram`. False when what is there is no QUIC packet. What a header of an unknown
// version leaves open, and packets without a length, take all that is left.
bool TakePacket(Bytes& datagram, Packet& out) noexcept;

// RFC 9000 §16.
std::uint64_t ReadVarint(ByteReader& r) noexcept;

}  // namespace gander::protocol::quic

#endif  // GANDER_PROTOCOL_QUIC_PACKET_H_
