// SPDX-License-Identifier: Apache-2.0
// IPv4 (RFC 791), IPv6 and its extension headers (RFC 8200), and what their protocol numbers lead to.
#include <cstring>

#include "decode/checksum.h"
#include "decode/frame_walk.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::decode {
namespace {

constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40, kFragmentHeader = 8;
constexpr std::uint16_t kMoreFragments4 = 0x2000, kOffsetMask4 = 0x1fff;

void SetV6(IpAddress& a, Bytes b, std::size_t at) noexcept {
  std::memcpy(a.octets.data(), b.data() + at, a.octets.size());
  a.v4 = false;
}

}  // namespace

Status FrameWalk::Ipv4(Bytes b) noexcept {
  if (b.size() < kIpv4Header) return Status::kMalformed;
  const std::uint8_t version_and_length = Load8(b, 0);
  const std::size_t header = (version_and_length & 0x0fu) * 4;
  std::size_t total = Load16(b, 2);
  if (total == 0) total = b.size();  // left to the NIC by segmentation offload
  if (version_and_length >> 4 != 4 || header < kIpv4Header || total < header || b.size() < header) {
    return Status::kMalformed;
  }
  ++counters_.ipv4;
  out_.ip_version = 4;
  out_.ttl = Load8(b, 8);
  out_.ip_id = Load16(b, 4);
  out_.tuple.protocol = Load8(b, 9);
  SetV4(out_.tuple.source, b, 12);
  SetV4(out_.tuple.destination, b, 16);
  if (options_.verify_checksums && OnesSum(b.first(header)) != 0xffff) out_.bad_checksum = true;
  const std::size_t captured = total < b.size() ? total : b.size();
  const Bytes payload = b.subspan(header, captured - header);
  const std::uint16_t fragment = Load16(b, 6);
  if ((fragment & (kMoreFragments4 | kOffsetMask4)) == 0) {
    return IpPayload(out_.tuple.protocol, payload, total - header);
  }
  ++counters_.fragments;
  SetPayload(payload, total - header);
  out_.fragment_protocol = out_.tuple.protocol;
  out_.fragment_id = out_.ip_id;
  out_.fragment_offset = (fragment & kOffsetMask4) * 8u;
  out_.more_fragments = (fragment & kMoreFragments4) != 0;
  return Status::kFragment;
}

Status FrameWalk::Ipv6(Bytes b) noexcept {
  if (b.size() < kIpv6Header || Load8(b, 0) >> 4 != 6) return Status::kMalformed;
  ++counters_.ipv6;
  out_.ip_version = 6;
  out_.ttl = Load8(b, 7);
  SetV6(out_.tuple.source, b, 8);
  SetV6(out_.tuple.destination, b, 24);
  std::size_t length = Load16(b, 4);
  const std::size_t captured = b.size() - kIpv6Header;
  if (length == 0) length = captured;  // jumbogram or segmentation offload
  return IpPayload(Load8(b, 6), b.subspan(kIpv6Header, length < captured ? length : captured), length);
}

// One loop for both versions: IPv4 has of these headers only AH.
Status FrameWalk::IpPayload(std::uint8_t protocol, Bytes b, std::size_t claimed) noexcept {
  for (;;) {
    std::size_t header;
    switch (protocol) {
      case ip_proto::kTcp:
      case ip_proto::kUdp:
      case ip_proto::kIcmp:
      case ip_proto::kIcmp6:
      case ip_proto::kSctp:
      case ip_proto::kGre:
      case next_header::kIpv4:
      case next_header::kIpv6:
        return Transport(protocol, b, claimed);
      case next_header::kAuthentication:
        if (b.size() < 8) return Status::kMalformed;
        header = (std::size_t{Load8(b, 1)} + 2) * 4;
        break;
      case next_header::kHopByHop:
      case next_header::kRouting:
      case next_header::kDestination:
      case next_header::kMobility:
      case next_header::kHip:
      case next_header::kShim6:
        if (out_.ip_version != 6) return Transport(protocol, b, claimed);
        if (b.size() < 8) return Status::kMalformed;
        header = (std::size_t{Load8(b, 1)} + 1) * 8;
        break;
      case next_header::kFragment: {
        if (out_.ip_version != 6) return Transport(protocol, b, claimed);
        if (b.size() < kFragmentHeader) return Status::kMalformed;
        if ((Load16(b, 2) & 0xfff9) != 0) return Fragment6(b, claimed);
        header = kFragmentHeader;  // an atomic fragment is a whole datagram (RFC 6946)
        break;
      }
      default:
        return Transport(protocol, b, claimed);
    }
    if (header > b.size()) return Status::kMalformed;
    protocol = Load8(b, 0);
    b = b.subspan(header);
    claimed -= header;
  }
}

Status FrameWalk::Fragment6(Bytes b, std::size_t claimed) noexcept {
  ++counters_.fragments;
  const std::uint16_t offset_and_flag = Load16(b, 2);
  SetPayload(b.subspan(kFragmentHeader), claimed - kFragmentHeader);
  out_.tuple.protocol = out_.fragment_protocol = Load8(b, 0);
  out_.fragment_id = Load32(b, 4);
  out_.fragment_offset = offset_and_flag & 0xfff8;
  out_.more_fragments = (offset_and_flag & 1) != 0;
  return Status::kFragment;
}

Status FrameWalk::Transport(std::uint8_t protocol, Bytes b, std::size_t claimed) noexcept {
  out_.tuple.protocol = protocol;
  SetPayload(b, claimed);
  switch (protocol) {
    case ip_proto::kTcp:
      return Tcp(b);
    case ip_proto::kUdp:
      return Udp(b, claimed);
    case ip_proto::kIcmp:
    case ip_proto::kIcmp6:
      return Icmp(b);
    case ip_proto::kSctp:
      return Sctp(b);
    case ip_proto::kGre:
      return DatagramOr([&] { return Gre(b); });
    case next_header::kIpv4:
    case next_header::kIpv6:
      return DatagramOr([&] { return IpInIp(protocol, b); });
    default:
      return Status::kOk;
  }
}

// RFC 2003, 2473, 4213.
Status FrameWalk::IpInIp(std::uint8_t protocol, Bytes b) noexcept {
  ++counters_.ipip;
  if (!Enter(Tunnel::kIpInIp, 0)) return Status::kTooDeep;
  return protocol == next_header::kIpv4 ? Ipv4(b) : Ipv6(b);
}

bool FrameWalk::EnterWithoutAddresses(Tunnel kind, std::uint32_t id) noexcept {
  if (out_.tunnel_count == kMaxTunnels) {
    ++counters_.too_deep;
    return false;
  }
  out_.tunnels[out_.tunnel_count++] = {kind, id, {}, {}, 0, 0};
  return true;
}

bool FrameWalk::Enter(Tunnel kind, std::uint32_t id) noexcept {
  if (!EnterWithoutAddresses(kind, id)) return false;
  TunnelLayer& layer = out_.tunnels[out_.tunnel_count - 1];
  layer.source = out_.tuple.source;
  layer.destination = out_.tuple.destination;
  layer.source_port = out_.tuple.source_port;
  layer.destination_port = out_.tuple.destination_port;
  out_.tuple.source_port = out_.tuple.destination_port = 0;
  return true;
}

}  // namespace gander::decode
