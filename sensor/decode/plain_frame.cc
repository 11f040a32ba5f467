// SPDX-License-Identifier: Apache-2.0
// Most frames of most links: Ethernet, IPv4 without options or fragments, TCP or UDP. Read in one piece, where the walk
// goes from function to function; a test holds the two against each other.
#include <cstring>

#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kEthernet = 14, kIpv4 = 20, kTcp = 20, kUdp = 8;  // bytes of headers
constexpr std::uint8_t kVersionAndLength = 0x45;
constexpr std::uint16_t kFragment = 0x3fff;                   // more fragments, or an offset

}  // namespace

bool FrameWalk::Plain(Bytes b) noexcept {
  if (b.size() < kEthernet + kIpv4 + kUdp || options_.checksums != Checksums::kIgnore) return false;
  const Bytes ip = b.subspan(kEthernet);
  if (Load16(b, 12) != ethertype::kIpv4 || Load8(ip, 0) != kVersionAndLength) return false;
  const std::size_t total = Load16(ip, 2);
  if ((Load16(ip, 6) & kFragment) != 0 || total < kIpv4 || total > ip.size()) return false;
  const Bytes content = ip.subspan(kIpv4, total - kIpv4);
  const std::uint8_t protocol = Load8(ip, 9);
  const bool read = protocol == ip_proto::kTcp ? PlainTcp(content) : protocol == ip_proto::kUdp && PlainUdp(content);
  if (!read) return false;
  ++counters_.ethernet;
  ++counters_.ipv4;
  out_.ip_version = 4;
  out_.ttl = Load8(ip, 8);
  out_.ip_id = Load16(ip, 4);
  out_.tuple.protocol = protocol;
  SetV4(out_.tuple.source, ip, 12);
  SetV4(out_.tuple.destination, ip, 16);
  return true;
}

bool FrameWalk::PlainTcp(Bytes tcp) noexcept {
  if (tcp.size() < kTcp) return false;
  const std::size_t header = std::size_t{Load8(tcp, 12)} >> 4 << 2;
  if (header < kTcp || header > tcp.size()) return false;
  ++counters_.tcp;
  out_.tuple.source_port = Load16(tcp, 0);
  out_.tuple.destination_port = Load16(tcp, 2);
  out_.sequence = Load32(tcp, 4);
  out_.acknowledgement = Load32(tcp, 8);
  out_.tcp_flags = Load8(tcp, 13);
  out_.window = Load16(tcp, 14);
  if ((out_.tcp_flags & tcp_flag::kSyn) != 0) out_.window_scale = WindowScale(tcp.subspan(kTcp, header - kTcp));
  out_.payload = tcp.subspan(header);
  return true;
}

bool FrameWalk::PlainUdp(Bytes udp) noexcept {
  if (udp.size() < kUdp || Load16(udp, 4) != udp.size()) return false;
  const std::uint16_t source = Load16(udp, 0), destination = Load16(udp, 2);
  const Bytes payload = udp.subspan(kUdp);
  if (PortMayTunnel(source, destination) || MayBeTeredo(payload)) return false;
  ++counters_.udp;
  out_.tuple.source_port = source;
  out_.tuple.destination_port = destination;
  out_.payload = payload;
  return true;
}

}  // namespace gander::decode
