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

// Whether the options of a hop-by-hop or destination header (RFC 8200 §4.2) end within it; a host drops the packet
// otherwise.
bool OptionsFit(Bytes header) noexcept {
  constexpr std::uint8_t kPad1 = 0;
  std::size_t at = 2;
  while (at < header.size()) {
    const bool single = Load8(header, at) == kPad1 || at + 1 == header.size();  // the last has no length to lie about
    at += single ? 1u : 2u + Load8(header, at + 1);
  }
  return at == header.size();
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
  if (options_.checksums != Checksums::kIgnore) VerifyIpv4(b.first(header));
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

// Zero is what a sender leaves to its NIC.
void FrameWalk::VerifyIpv4(Bytes header) noexcept {
  constexpr std::size_t kSumAt = 10;
  if (OnesSum(header) == 0xffff) return;
  if (options_.checksums == Checksums::kAuto && Load16(header, kSumAt) == 0) {
    ++counters_.offloaded_checksum;
  } else {
    out_.bad_checksum = true;
  }
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
      case next_header::kMobility:  // the last header there may be (RFC 6275 §6.1.1)
        return Transport(protocol, b, claimed);
      case next_header::kAuthentication:
        if (b.size() < 8) return Status::kMalformed;
        header = (std::size_t{Load8(b, 1)} + 2) * 4;
        break;
      case next_header::kHopByHop:
      case next_header::kRouting:
      case next_header::kDestination:
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
    const bool options = protocol == next_header::kHopByHop || protocol == next_header::kDestination;
    if (options && !OptionsFit(b.first(header))) return Status::kMalformed;
    if (out_.ip_version == 6) ++counters_.ipv6_extensions;
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
    case next_header::kL2tp:
      return DatagramOr([&] { return L2tp3(b); });
    case kEsp:
      return Esp(b);
    case next_header::kNone:
      ++counters_.no_next_header;
      return Status::kOk;
    default:
      return Status::kOk;
  }
}

// RFC 2003, 2473, 4213.
Status FrameWalk::IpInIp(std::uint8_t protocol, Bytes b) noexcept {
  ++counters_.ipip;
  if (!Enter(Tunnel::kIpInIp, 0, b)) return Status::kTooDeep;
  return protocol == next_header::kIpv4 ? Ipv4(b) : Ipv6(b);
}

bool FrameWalk::EnterWithoutAddresses(Tunnel kind, std::uint32_t id) noexcept {
  if (out_.tunnel_count == kMaxTunnels) {
    ++counters_.too_deep;
    return false;
  }
  out_.tunnels[out_.tunnel_count++] = {kind, 0, 0, 0, id, out_.outside, {}, {}};
  return true;
}

bool FrameWalk::Enter(Tunnel kind, std::uint32_t id, Bytes content) noexcept {
  if (!EnterWithoutAddresses(kind, id)) return false;
  TunnelLayer& layer = out_.tunnels[out_.tunnel_count - 1];
  out_.outside = static_cast<std::uint32_t>(frame_size_ - content.size());
  layer.protocol = out_.tuple.protocol;
  layer.source = out_.tuple.source;
  layer.destination = out_.tuple.destination;
  layer.source_port = out_.tuple.source_port;
  layer.destination_port = out_.tuple.destination_port;
  out_.tuple.source_port = out_.tuple.destination_port = 0;
  return true;
}

}  // namespace gander::decode
