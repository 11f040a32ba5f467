// SPDX-License-Identifier: Apache-2.0
// IP packets in fragments (RFC 791 §2.3, RFC 8200 §4.5).
#include <algorithm>

#include "decode/numbers.h"
#include "mangle/layers.h"
#include "mangle/operations.h"

namespace gander::mangle {
namespace {

constexpr std::uint32_t kMoreFragments = 0x2000;
constexpr std::size_t kIpv6Header = 40;

// Extension headers other than none would have to be told apart by whether they go into each fragment.
bool CanBeCut(const IpAt& ip) {
  using namespace decode::next_header;  // NOLINT
  if (ip.fragment) return false;
  return ip.v4 || (ip.protocol != kHopByHop && ip.protocol != kRouting && ip.protocol != kDestination &&
                   ip.protocol != kNone);
}

TimedPacket Fragment(const TimedPacket& p, const IpAt& ip, std::size_t offset, std::string_view piece, bool more,
                     std::uint32_t id) {
  TimedPacket out{p.time, p.frame.substr(0, ip.payload), 0, p.link};
  if (ip.v4) {
    Put16(out.frame, ip.begin + 2, static_cast<std::uint32_t>(ip.payload - ip.begin + piece.size()));
    Put16(out.frame, ip.begin + 4, id);
    Put16(out.frame, ip.begin + 6, (more ? kMoreFragments : 0) | static_cast<std::uint32_t>(offset / 8));
    SumIpHeader(out.frame, ip.begin);
  } else {
    std::string header(8, '\0');
    header[0] = static_cast<char>(ip.protocol);
    Put16(header, 2, static_cast<std::uint32_t>(offset) | (more ? 1 : 0));
    Put32(header, 4, id);
    Put16(out.frame, ip.begin + 4, static_cast<std::uint32_t>(header.size() + piece.size()));
    out.frame[ip.begin + 6] = static_cast<char>(decode::next_header::kFragment);
    out.frame += header;
  }
  out.frame += piece;
  out.wire_length = static_cast<std::uint32_t>(out.frame.size());
  return out;
}

// {smallest, largest, 1: in any order}
Packets Fragments(const Packets& packets, const Arguments& a, Random& random) {
  Packets out;
  std::uint32_t id = 0;
  for (const TimedPacket& p : packets) {
    const auto ip = FindIp(p);
    const std::size_t size = ip ? ip->end - ip->payload : 0;
    if (!ip || !CanBeCut(*ip) || size <= a[0]) {
      out.push_back(p);
      continue;
    }
    id = id % 0xffff + 1;
    const std::size_t first = out.size();
    for (std::size_t from = 0; from < size;) {
      const std::size_t room = std::max<std::size_t>(8, random.Between(a[0], a[1]) / 8 * 8);
      const auto piece = std::string_view(p.frame).substr(ip->payload + from, std::min(room, size - from));
      out.push_back(Fragment(p, *ip, from, piece, from + piece.size() < size, id));
      from += piece.size();
    }
    for (std::size_t i = out.size(); a[2] != 0 && i > first + 1; --i) {
      std::swap(out[i - 1], out[first + random.Below(static_cast<std::uint32_t>(i - first))]);
    }
  }
  return out;
}

const Operation kOperations[] = {
    {"fragment", "LOW,HIGH,SHUFFLE: IP packets in fragments of LOW to HIGH bytes, in any order if SHUFFLE is 1",
     {64, 600, 0}, Fragments},
};

}  // namespace

std::span<const Operation> FragmentOperations() { return kOperations; }

}  // namespace gander::mangle
