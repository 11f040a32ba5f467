// SPDX-License-Identifier: Apache-2.0
#include "protocol/smb/netbios.h"
#include "protocol/smb/packet.h"
#include "protocol/smb/parser.h"

namespace gander::protocol::smb {

// A packet whose message has SMB's name in it; of NetBIOS' own packets, those that open a session.
Probe ProbeSmb(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kPorts[] = {139, 445};
  const Bytes bytes = input.bytes;
  if (input.transport == ip_proto::kUdp) return IsDatagram(bytes) ? Probe::kYes : Probe::kNo;
  if (bytes.empty()) return Probe::kNeedMore;
  const std::uint64_t length = PacketLength(bytes);
  if (length == kNoPacket) return Probe::kNo;
  const bool here = input.server_port == kPorts[0] || input.server_port == kPorts[1] || input.client_port == kPorts[0];
  switch (TypeOf(bytes)) {
    case PacketType::kMessage:
      if (bytes.size() <= kPacketHeader) return here || bytes.size() == kPacketHeader ? Probe::kNeedMore : Probe::kNo;
      if (VersionOf(bytes.subspan(kPacketHeader)) == Version::kNone) return Probe::kNo;
      if (bytes.size() < kPacketHeader + kMagic) return Probe::kNeedMore;
      return length >= kPacketHeader + kSmb1Header ? Probe::kYes : Probe::kNo;
    case PacketType::kSessionRequest: {
      // Two names, each of 32 letters.
      constexpr std::uint8_t kNameLength = 0x20;
      if (bytes.size() <= kPacketHeader) return here ? Probe::kNeedMore : Probe::kNo;
      const bool names = length >= 2 * kNameLength && length <= kPacketHeader + kMaxSessionRequest;
      return names && Octets(bytes)[kPacketHeader] == kNameLength ? Probe::kYes : Probe::kNo;
    }
    default: return here && bytes.size() >= kPacketHeader && length <= kPacketHeader + 6 ? Probe::kYes : Probe::kNo;
  }
}

}  // namespace gander::protocol::smb
