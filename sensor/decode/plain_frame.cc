// SPDX-License-Identifier: Apache-2.0
// Most frames of most links: Ethernet, IPv4 without options or fragments, TCP. Read in one piece, where the walk goes
// from function to function; a test holds the two against each other.
#include <cstring>

#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kEthernet = 14, kIpv4 = 20, kTcp = 20;  // bytes of headers
constexpr std::uint8_t kVersionAndLength = 0x45;
constexpr std::uint16_t kFragment = 0x3fff;                   // more fragments, or an offset

}  // namespace

bool FrameWalk::Plain(Bytes b) noexcept {
  if (b.size() < kEthernet + kIpv4 + kTcp || options_.checksums != Checksums::kIgnore) return false;
  const Bytes ip = b.subspan(kEthernet), tcp = ip.subspan(kIpv4);
  if (Load16(b, 12) != ethertype::kIpv4 || Load8(ip, 0) != kVersionAndLength || Load8(ip, 9) != ip_proto::kTcp)
    return false;
  if ((Load16(ip, 6) & kFragment) != 0) return false;
  const std::size_t total = Load16(ip, 2), header = std::size_t{Load8(tcp, 12)} >> 4 << 2;
  if (total > ip.size() || header < kTcp || kIpv4 + header > total) return false;
  ++counters_.ethernet;
  ++counters_.ipv4;
  ++counters_.tcp;
  out_.ip_version = 4;
  out_.ttl = Load8(ip, 8);
  out_.ip_id = Load16(ip, 4);
  out_.tuple.protocol = ip_proto::kTcp;
  SetV4(out_.tuple.source, ip, 12);
  SetV4(out_.tuple.destination, ip, 16);
  out_.tuple.source_port = Load16(tcp, 0);
  out_.tuple.destination_port = Load16(tcp, 2);
  out_.sequence = Load32(tcp, 4);
  out_.acknowledgement = Load32(tcp, 8);
  out_.tcp_flags = Load8(tcp, 13);
  out_.window = Load16(tcp, 14);
  if ((out_.tcp_flags & tcp_flag::kSyn) != 0) out_.window_scale = WindowScale(tcp.subspan(kTcp, header - kTcp));
  out_.payload = ip.subspan(kIpv4 + header, total - kIpv4 - header);
  return true;
}

}  // namespace gander::decode
