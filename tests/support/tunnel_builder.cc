// SPDX-License-Identifier: Apache-2.0
#include "support/tunnel_builder.h"

#include "support/pcap_builder.h"

namespace gander::test {
namespace {

constexpr std::size_t kEthernetHeader = 14;

// RFC 7348 §5 and RFC 8086 let a tunnel leave its checksum out.
std::string UdpWithoutChecksum(std::uint16_t port, const std::string& payload) {
  return Be16(49152) + Be16(port) + Be16(static_cast<std::uint16_t>(8 + payload.size())) + Be16(0) + payload;
}

std::uint16_t PortOf(Wrapping w) { return w == Wrapping::kVxlan ? 4789 : w == Wrapping::kGeneve ? 6081 : 2152; }

}  // namespace

std::string WrapPayload(Wrapping w, std::string_view frame) {
  const std::string whole(frame), ip(frame.substr(kEthernetHeader));
  switch (w) {
    case Wrapping::kVxlan:
      return Hex("08000000 00002a00") + whole;
    case Wrapping::kGeneve:
      return Hex("00006558 00002a00") + whole;
    case Wrapping::kGre:
      return Hex("00006558") + whole;
    case Wrapping::kGtpU:
      return Hex("30ff") + Be16(static_cast<std::uint16_t>(ip.size())) + Hex("00000007") + ip;
  }
  return {};
}

std::vector<std::string> Wrap(Wrapping w, std::string_view frame, bool from_client, std::uint32_t id,
                              const Taps& taps) {
  const std::string content = WrapPayload(w, frame);
  const char* source = from_client ? taps.there : taps.back;
  const std::uint8_t protocol = w == Wrapping::kGre ? ip_proto::kGre : ip_proto::kUdp;
  const std::string payload = w == Wrapping::kGre ? content : UdpWithoutChecksum(PortOf(w), content);
  const std::size_t room = (taps.mtu - 20) / 8 * 8;
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < payload.size(); at += room) {
    IpFields fields;
    fields.id = id;
    fields.fragment_offset = static_cast<std::uint32_t>(at);
    fields.more_fragments = at + room < payload.size();
    frames.push_back(EthernetFrame(IpPacket(source, taps.collector, protocol, payload.substr(at, room), fields)));
  }
  return frames;
}

}  // namespace gander::test
