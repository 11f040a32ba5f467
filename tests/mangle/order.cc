// SPDX-License-Identifier: Apache-2.0
// Another order of arrival, copies, and company. What asks and answers without numbers (UDP, ICMP) keeps its order, and
// so do the packets that open and end a connection: of those the order is what was said.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "decode/decoded.h"
#include "mangle/layers.h"
#include "mangle/operations.h"
#include "support/pcap_builder.h"

namespace gander::mangle {
namespace {

namespace flag = decode::tcp_flag;

bool Movable(const std::optional<TcpAt>& at) {
  return at && !at->Has(flag::kSyn | flag::kFin | flag::kRst);
}

// Whether `later` was sent by one who had `earlier`: then no path brings them the other way round.
bool Answers(const std::optional<TcpAt>& later, const TcpAt& earlier) {
  if (!later || !later->Has(flag::kAck) || later->tuple != earlier.tuple.Reversed()) return false;
  return static_cast<std::int32_t>(later->acknowledgement - earlier.sequence) > 0;
}

// {packets, microseconds}: each so many places later at most, and no more than so much; the times stay where they are.
Packets Reorder(const Packets& packets, const Arguments& a, Random& random) {
  std::vector<std::optional<TcpAt>> segments;
  for (const TimedPacket& p : packets) segments.push_back(FindTcp(p));
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    std::size_t place = i;
    for (std::size_t left = Movable(segments[i]) ? random.Below(a[0] + 1) : 0; left > 0; --left) {
      const std::size_t next = place + 1;
      if (next == packets.size() || packets[next].time - packets[i].time > Duration{1000LL * a[1]}) break;
      if (Answers(segments[next], *segments[i])) break;
      place = next;
    }
    places.emplace_back(place, i);
  }
  std::stable_sort(places.begin(), places.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  Packets out;
  for (const auto& [place, from] : places) {
    out.push_back(packets[from]);
    out.back().time = packets[out.size() - 1].time;
  }
  return out;
}

// {microseconds}: each so much later at most.
Packets Jitter(const Packets& packets, const Arguments& a, Random& random) {
  Packets out = packets;
  for (TimedPacket& p : out) {
    if (Movable(FindTcp(p))) p.time.ns += 1000LL * random.Below(a[0] + 1);
  }
  SortByTime(out);
  return out;
}

// {microseconds}: all that one of the two sides sends is late, as by the longer of two mirrored links.
Packets OneSideLate(const Packets& packets, const Arguments& a, Random& random) {
  const bool lower = random.Below(2) == 0;
  Packets out = packets;
  for (TimedPacket& p : out) {
    const auto ip = FindIp(p);
    const bool chosen = ip && ip->protocol == ip_proto::kTcp && (ip->hosts.source < ip->hosts.destination) == lower;
    if (chosen) p.time.ns += 1000LL * a[0];
  }
  SortByTime(out);
  return out;
}

// For each packet when its sender sends the next to the same host.
std::vector<std::int64_t> NextOfSender(const Packets& packets) {
  std::map<FiveTuple, std::int64_t> next;
  std::vector<std::int64_t> out(packets.size(), INT64_MAX);
  for (std::size_t i = packets.size(); i-- > 0;) {
    const auto ip = FindIp(packets[i]);
    const auto [known, fresh] = next.try_emplace(ip ? ip->hosts : FiveTuple{}, packets[i].time.ns);
    if (!fresh) out[i] = std::exchange(known->second, packets[i].time.ns);
  }
  return out;
}

// {of a hundred, microseconds}: so many come again within that time. What has no numbers comes again before its sender says
// the next, though perhaps behind the answer.
Packets Duplicate(const Packets& packets, const Arguments& a, Random& random) {
  const std::vector<std::int64_t> next = NextOfSender(packets);
  Packets out;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    out.push_back(packets[i]);
    if (random.Below(100) >= a[0]) continue;
    const std::int64_t most = FindTcp(packets[i]) ? INT64_MAX : next[i] - packets[i].time.ns - 1;
    const std::int64_t later = 1000LL * random.Below(a[1] + 1);
    out.push_back(packets[i]);
    out.back().time.ns += std::clamp<std::int64_t>(most, 0, later);
  }
  SortByTime(out);
  return out;
}

// {of a hundred, milliseconds}: so many TCP segments with payload are sent again so much later.
Packets Retransmit(const Packets& packets, const Arguments& a, Random& random) {
  Packets out = packets;
  for (const TimedPacket& p : packets) {
    const auto at = FindTcp(p);
    if (!at || at->size() == 0 || !Movable(at) || random.Below(100) >= a[0]) continue;
    out.push_back(p);
    out.back().time.ns += Duration::Millis(a[1]).ns;
  }
  SortByTime(out);
  return out;
}

// {microseconds}: as a replay sends them, at an even pace, whatever their times were.
Packets Pace(const Packets& packets, const Arguments& a, Random&) {
  Packets out = packets;
  for (std::size_t i = 1; i < out.size(); ++i) out[i].time.ns = out[i - 1].time.ns + 1000LL * a[0];
  return out;
}

// {connections}: so many hosts of 10.199.0.0/16 ask 10.198.0.1 for a page, spread over the capture's time.
Packets Company(const Packets& packets, const Arguments& a, Random& random) {
  if (packets.empty() || packets.front().link != LinkType::kEthernet) return packets;
  Packets out = packets;
  const auto [first, last] =
      std::minmax_element(packets.begin(), packets.end(), [](const auto& x, const auto& y) { return x.time < y.time; });
  const std::int64_t span = std::max<std::int64_t>(last->time.ns - first->time.ns, 1'000'000);
  for (std::uint32_t n = 0; n < a[0]; ++n) {
    const std::string host = "10.199." + std::to_string(n >> 8 & 255) + "." + std::to_string(n & 255);
    test::TcpDialog dialog(test::Tuple(host.c_str(), 40'000, "10.198.0.1", 80));
    dialog.Handshake().ClientSays("GET / HTTP/1.1\r\nHost: company.example.org\r\n\r\n");
    dialog.ServerSays("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x')).Close();
    std::int64_t at = first->time.ns + static_cast<std::int64_t>(random.Unit() * static_cast<double>(span));
    for (const std::string& frame : dialog.frames()) {
      out.push_back({{at}, frame, static_cast<std::uint32_t>(frame.size()), LinkType::kEthernet});
      at += random.Below(200'000);
    }
  }
  SortByTime(out);
  return out;
}

const Operation kOperations[] = {
    {"reorder", "N,MICROSECONDS: TCP segments up to N places and so much later, before what answers them",
     {8, 10'000}, Reorder},
    {"jitter", "MICROSECONDS: TCP segments up to so much later, so that answers overtake", {2'000}, Jitter},
    {"late", "MICROSECONDS: one side's TCP so much later", {10'000}, OneSideLate},
    {"duplicate", "PERCENT,MICROSECONDS: so many packets again within that time", {50, 1'000}, Duplicate},
    {"retransmit", "PERCENT,MILLISECONDS: so many TCP segments again after that time", {30, 200}, Retransmit},
    {"pace", "MICROSECONDS: each packet so much behind the one before", {500}, Pace},
    {"company", "N: N unrelated connections between 10.199.0.0/16 and 10.198.0.1 beside it", {50}, Company},
};

}  // namespace

std::span<const Operation> OrderOperations() { return kOperations; }

}  // namespace gander::mangle
