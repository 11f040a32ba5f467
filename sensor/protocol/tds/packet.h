// SPDX-License-Identifier: Apache-2.0
// Packets ([MS-TDS] §2.2.3.1), and recognition by the first.
#ifndef GANDER_PROTOCOL_TDS_PACKET_H_
#define GANDER_PROTOCOL_TDS_PACKET_H_

#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::tds {

enum PacketType : std::uint8_t {
  kBatch = 0x01,
  kRpc = 0x03,
  kAnswer = 0x04,
  kBulk = 0x07,
  kLogin = 0x10,
  kPrelogin = 0x12
};
// Of all packets; TLS records (0x14 to 0x17) may stand among them.
inline constexpr std::string_view kTypes("\x01\x03\x04\x06\x07\x08\x0e\x10\x11\x12", 10);
inline constexpr std::size_t kHead = 8;  // type, status, length, process, packet number, window
inline constexpr std::uint8_t kEndOfMessage = 1;

bool IsTls(Bytes front) noexcept;
// FrameReader's values.
std::uint64_t MeasurePacket(Bytes front) noexcept;

Probe ProbeTds(const ProbeInput& input) noexcept;

}  // namespace gander::protocol::tds

#endif  // GANDER_PROTOCOL_TDS_PACKET_H_
