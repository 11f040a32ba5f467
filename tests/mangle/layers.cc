// SPDX-License-Identifier: Apache-2.0
#include "mangle/layers.h"

#include "base/bytes.h"
#include "decode/checksum.h"
#include "decode/decoded.h"
#include "decode/numbers.h"
#include "decode/wire.h"

namespace gander::mangle {
namespace {

namespace flag = decode::tcp_flag;

constexpr std::size_t kTypeAt = 12, kTag = 4, kIpv4Header = 20, kIpv6Header = 40, kTcpHeader = 20;
constexpr std::size_t kSequenceAt = 4, kFlagsAt = 13, kSumAt = 16;

bool IsTag(std::uint32_t type) {
  return type == decode::ethertype::kVlan || type == decode::ethertype::kServiceVlan ||
         type == decode::ethertype::kVlanOld;
}

// 0: no IP right behind the link's header.
std::size_t BehindLink(const TimedPacket& p) {
  if (p.link == LinkType::kRaw) return 0;
  if (p.link != LinkType::kEthernet) return std::string::npos;
  std::size_t type = kTypeAt;
  while (p.frame.size() >= type + 2 && IsTag(Get16(p.frame, type))) type += kTag;
  if (p.frame.size() < type + 2) return std::string::npos;
  const std::uint32_t kind = Get16(p.frame, type);
  const bool is_ip = kind == decode::ethertype::kIpv4 || kind == decode::ethertype::kIpv6;
  return is_ip ? type + 2 : std::string::npos;
}

bool FindIpv4(std::string_view frame, IpAt& at) {
  if (frame.size() < at.begin + kIpv4Header) return false;
  at.payload = at.begin + 4 * (static_cast<std::uint8_t>(frame[at.begin]) & 15u);
  at.end = at.begin + Get16(frame, at.begin + 2);
  at.fragment = (Get16(frame, at.begin + 6) & 0x3fff) != 0;
  at.protocol = static_cast<std::uint8_t>(frame[at.begin + 9]);
  if (at.payload < at.begin + kIpv4Header || at.end > frame.size() || at.payload > at.end) return false;
  const auto* octets = reinterpret_cast<const std::uint8_t*>(frame.data()) + at.begin;
  at.hosts = {IpAddress::FromV4Octets(octets + 12), IpAddress::FromV4Octets(octets + 16), 0, 0, at.protocol};
  return decode::OnesSum(AsBytes(frame.substr(at.begin, at.payload - at.begin))) == 0xffff;
}

bool FindIpv6(std::string_view frame, IpAt& at) {
  at.v4 = false;
  if (frame.size() < at.begin + kIpv6Header) return false;
  at.payload = at.begin + kIpv6Header;
  at.end = at.payload + Get16(frame, at.begin + 4);
  at.protocol = static_cast<std::uint8_t>(frame[at.begin + 6]);
  at.fragment = at.protocol == decode::next_header::kFragment;
  if (at.end > frame.size()) return false;
  const auto* octets = reinterpret_cast<const std::uint8_t*>(frame.data()) + at.begin;
  at.hosts = {IpAddress::FromV6Octets(octets + 8), IpAddress::FromV6Octets(octets + 24), 0, 0, at.protocol};
  return true;
}

}  // namespace

void Put16(std::string& bytes, std::size_t at, std::uint32_t v) {
  bytes[at] = static_cast<char>(v >> 8);
  bytes[at + 1] = static_cast<char>(v);
}

void Put32(std::string& bytes, std::size_t at, std::uint32_t v) {
  Put16(bytes, at, v >> 16);
  Put16(bytes, at + 2, v);
}

std::uint32_t Get16(std::string_view bytes, std::size_t at) { return decode::Load16(AsBytes(bytes), at); }
std::uint32_t Get32(std::string_view bytes, std::size_t at) { return decode::Load32(AsBytes(bytes), at); }

void SumIpHeader(std::string& frame, std::size_t ip) {
  const std::size_t size = 4 * (static_cast<std::uint8_t>(frame[ip]) & 15u);
  Put16(frame, ip + 10, 0);
  Put16(frame, ip + 10, ~decode::OnesSum(AsBytes(std::string_view(frame).substr(ip, size))) & 0xffffu);
}

std::uint32_t TcpAt::next() const {
  return sequence + static_cast<std::uint32_t>(size()) + (Has(flag::kSyn) ? 1 : 0) + (Has(flag::kFin) ? 1 : 0);
}

std::optional<IpAt> FindIp(const TimedPacket& packet) {
  IpAt at;
  at.begin = BehindLink(packet);
  if (at.begin >= packet.frame.size()) return std::nullopt;
  const int version = static_cast<std::uint8_t>(packet.frame[at.begin]) >> 4;
  const bool found = (version == 4 && FindIpv4(packet.frame, at)) || (version == 6 && FindIpv6(packet.frame, at));
  return found ? std::optional(at) : std::nullopt;
}

std::optional<TcpAt> FindTcp(const TimedPacket& packet) {
  const std::optional<IpAt> ip = FindIp(packet);
  if (!ip || ip->fragment || ip->protocol != ip_proto::kTcp || ip->end < ip->payload + kTcpHeader) return std::nullopt;
  decode::Options options;
  options.checksums = decode::Checksums::kAuto;
  decode::Counters counters{};
  decode::Decoded d;
  if (decode::Decode(packet.link, AsBytes(packet.frame), options, counters, d) != decode::Status::kOk) {
    return std::nullopt;
  }
  if (d.bad_checksum || d.tuple.protocol != ip_proto::kTcp) return std::nullopt;
  TcpAt at{*ip, ip->end - d.payload.size(), d.tuple, d.sequence, d.acknowledgement, d.tcp_flags};
  return at;
}

TimedPacket WithSegment(const TimedPacket& packet, const TcpAt& at, std::string segment) {
  TimedPacket out{packet.time, packet.frame.substr(0, at.ip.payload), 0, packet.link};
  const auto size = static_cast<std::uint32_t>(segment.size());
  if (at.ip.v4) {
    Put16(out.frame, at.ip.begin + 2, static_cast<std::uint32_t>(at.ip.payload - at.ip.begin) + size);
    SumIpHeader(out.frame, at.ip.begin);
  } else {
    Put16(out.frame, at.ip.begin + 4, size);
  }
  Put16(segment, kSumAt, 0);
  const std::uint32_t start = decode::PseudoHeaderSum(at.tuple, size);
  Put16(segment, kSumAt, ~decode::OnesSum(AsBytes(segment), start) & 0xffffu);
  out.frame += segment;
  out.wire_length = static_cast<std::uint32_t>(out.frame.size());
  return out;
}

std::string SegmentOf(const TimedPacket& packet, const TcpAt& at) {
  return packet.frame.substr(at.ip.payload, at.ip.end - at.ip.payload);
}

std::string SegmentOf(const TimedPacket& packet, const TcpAt& at, std::uint32_t further, std::string_view payload,
                      std::uint8_t flags) {
  std::string segment = packet.frame.substr(at.ip.payload, at.payload - at.ip.payload);
  Put32(segment, kSequenceAt, at.sequence + further);
  segment[kFlagsAt] = static_cast<char>(flags);
  return segment.append(payload);
}

}  // namespace gander::mangle
