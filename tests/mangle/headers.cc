// SPDX-License-Identifier: Apache-2.0
// Other header fields that say nothing about content.
#include <map>
#include <set>

#include "decode/decoded.h"
#include "mangle/layers.h"
#include "mangle/operations.h"

namespace gander::mangle {
namespace {

namespace flag = decode::tcp_flag;

constexpr std::size_t kTcpHeader = 20, kMostOptions = 40, kSequenceAt = 4, kAcknowledgementAt = 8, kOffsetAt = 12;
constexpr std::uint8_t kNop = 1, kSack = 5, kTimestamps = 8;
constexpr std::uint32_t kLargestIp = 65'535;

// {hops}: every packet with so many left.
Packets TimeToLive(const Packets& packets, const Arguments& a, Random&) {
  Packets out = packets;
  for (TimedPacket& p : out) {
    const auto ip = FindIp(p);
    if (!ip) continue;
    p.frame[ip->begin + (ip->v4 ? 8 : 7)] = static_cast<char>(a[0]);
    if (ip->v4) SumIpHeader(p.frame, ip->begin);
  }
  return out;
}

std::uint8_t OptionAt(std::string_view segment, std::size_t at) { return static_cast<std::uint8_t>(segment[at]); }

// How long the option at `at` is; 0 where the list ends or lies.
std::size_t OptionSize(std::string_view segment, std::size_t at, std::size_t header) {
  if (OptionAt(segment, at) == 0) return 0;
  if (OptionAt(segment, at) == kNop) return 1;
  if (at + 2 > header) return 0;
  const std::size_t size = OptionAt(segment, at + 1);
  return size >= 2 && at + size <= header ? size : 0;
}

// Two NOPs and timestamps (RFC 7323 Appendix A) behind the options there are, where they have room, end with the header
// and have none yet.
std::string WithTimestamps(std::string segment, std::size_t header, std::uint32_t ticks, bool answers) {
  if (header + 12 > kTcpHeader + kMostOptions) return segment;
  for (std::size_t at = kTcpHeader; at < header;) {
    const std::size_t size = OptionSize(segment, at, header);
    if (size == 0 || OptionAt(segment, at) == kTimestamps) return segment;
    at += size;
  }
  std::string option{kNop, kNop, kTimestamps, 10};
  option.resize(12);
  Put32(option, 4, ticks);
  Put32(option, 8, answers ? ticks - 1 : 0);
  segment.insert(header, option);
  segment[kOffsetAt] = static_cast<char>((header + option.size()) / 4 << 4);
  return segment;
}

Packets Timestamps(const Packets& packets, const Arguments&, Random&) {
  Packets out;
  for (const TimedPacket& p : packets) {
    const auto at = FindTcp(p);
    if (!at || p.frame.size() + 12 > kLargestIp) {
      out.push_back(p);
      continue;
    }
    const auto ticks = static_cast<std::uint32_t>(p.time.ns / 1'000'000);
    const std::size_t header = at->payload - at->ip.payload;
    out.push_back(WithSegment(p, *at, WithTimestamps(SegmentOf(p, *at), header, ticks, at->Has(flag::kAck))));
  }
  return out;
}

// Selective acknowledgements name bytes by number, too: blanked.
void BlankSack(std::string& segment, std::size_t header) {
  for (std::size_t at = kTcpHeader; at < header;) {
    const std::size_t size = OptionSize(segment, at, header);
    if (size == 0) return;
    if (OptionAt(segment, at) == kSack) segment.replace(at, size, size, static_cast<char>(kNop));
    at += size;
  }
}

// Hosts between which there are segments that cannot be changed: their numbers could not move with the others'.
std::set<std::pair<IpAddress, IpAddress>> Fixed(const Packets& packets) {
  std::set<std::pair<IpAddress, IpAddress>> fixed;
  for (const TimedPacket& p : packets) {
    const auto ip = FindIp(p);
    if (!ip || ip->protocol != ip_proto::kTcp || FindTcp(p)) continue;
    fixed.emplace(ip->hosts.source, ip->hosts.destination);
    fixed.emplace(ip->hosts.destination, ip->hosts.source);
  }
  return fixed;
}

// {bytes}: the numbers of each side moved, so that they pass 2^32 within its first so many bytes.
Packets WrapSequence(const Packets& packets, const Arguments& a, Random& random) {
  std::map<FiveTuple, std::uint32_t> moved;
  const auto shift = [&](const FiveTuple& side, std::uint32_t first) {
    const auto [at, added] = moved.try_emplace(side, 0);
    if (added) at->second = 0u - random.Between(1, a[0]) - first;
    return at->second;
  };
  const auto fixed = Fixed(packets);
  Packets out;
  for (const TimedPacket& p : packets) {
    const auto at = FindTcp(p);
    if (!at || fixed.contains({at->tuple.source, at->tuple.destination})) {
      out.push_back(p);
      continue;
    }
    std::string segment = SegmentOf(p, *at);
    // A SYN's number is one before the first byte's; what acknowledges names the next byte of the other side.
    Put32(segment, kSequenceAt, at->sequence + shift(at->tuple, at->sequence));
    if (at->Has(flag::kAck)) {
      Put32(segment, kAcknowledgementAt, at->acknowledgement + shift(at->tuple.Reversed(), at->acknowledgement));
    }
    BlankSack(segment, at->payload - at->ip.payload);
    out.push_back(WithSegment(p, *at, std::move(segment)));
  }
  return out;
}

// {bytes}: Ethernet frames filled up to 60 bytes, then up to so many more.
Packets Pad(const Packets& packets, const Arguments& a, Random& random) {
  constexpr std::size_t kLeast = 60;
  Packets out = packets;
  for (TimedPacket& p : out) {
    if (p.link != LinkType::kEthernet || !FindIp(p)) continue;
    p.frame += random.Bytes(random.Below(a[0] + 1));
    if (p.frame.size() < kLeast) p.frame.resize(kLeast, '\0');
    p.wire_length = std::max(p.wire_length, static_cast<std::uint32_t>(p.frame.size()));
  }
  return out;
}

const Operation kOperations[] = {
    {"ttl", "HOPS: so many hops left in every packet", {57}, TimeToLive},
    {"timestamps", "TCP timestamps where there are none", {}, Timestamps},
    {"wrap", "BYTES: sequence numbers that pass 2^32 within the first BYTES of each side", {1'000}, WrapSequence},
    {"pad", "BYTES: up to so many bytes behind the IP packet, at least up to a frame of 60", {18}, Pad},
};

}  // namespace

std::span<const Operation> HeaderOperations() { return kOperations; }

}  // namespace gander::mangle
