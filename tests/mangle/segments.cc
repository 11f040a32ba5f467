// SPDX-License-Identifier: Apache-2.0
// Another cut of the same streams: smaller segments, larger ones, and some that overlap what came before.
#include <algorithm>
#include <map>
#include <optional>

#include "decode/decoded.h"
#include "mangle/layers.h"
#include "mangle/operations.h"

namespace gander::mangle {
namespace {

namespace flag = decode::tcp_flag;

// Those of a connection's beginning and end, and urgent ones, keep their shape.
constexpr std::uint8_t kSingular = flag::kSyn | flag::kRst | flag::kUrg;

// {smallest, largest, of each side's first so many bytes}: other bytes stay as they are cut.
Packets Resegment(const Packets& packets, const Arguments& a, Random& random) {
  std::map<FiveTuple, std::uint64_t> sent;
  Packets out;
  for (const TimedPacket& p : packets) {
    const auto at = FindTcp(p);
    if (!at || at->size() == 0 || at->Has(kSingular) || sent[at->tuple] >= a[2]) {
      out.push_back(p);
      continue;
    }
    sent[at->tuple] += at->size();
    const std::string_view payload = std::string_view(p.frame).substr(at->payload, at->size());
    for (std::size_t from = 0; from < payload.size();) {
      const std::string_view piece = payload.substr(from, random.Between(a[0], a[1]));
      const bool last = from + piece.size() == payload.size();
      const auto flags = static_cast<std::uint8_t>(last ? at->flags : at->flags & ~(flag::kFin | flag::kPsh));
      out.push_back(WithSegment(p, *at, SegmentOf(p, *at, static_cast<std::uint32_t>(from), piece, flags)));
      from += piece.size();
    }
  }
  return out;
}

// A segment that may still grow.
struct Open {
  std::size_t index = 0;  // in the output
  std::uint32_t next = 0;
};

// {largest}: as a NIC's large receive offload joins them: while the same side goes on, nothing else of the connection
// between.
Packets Coalesce(const Packets& packets, const Arguments& a, Random&) {
  std::map<FiveTuple, Open> open;
  Packets out;
  for (const TimedPacket& p : packets) {
    const auto at = FindTcp(p);
    if (!at) {
      out.push_back(p);
      continue;
    }
    open.erase(at->tuple.Reversed());
    const bool plain = at->size() > 0 && !at->Has(kSingular | flag::kFin);
    const auto before = open.find(at->tuple);
    if (plain && before != open.end() && before->second.next == at->sequence) {
      TimedPacket& first = out[before->second.index];
      const auto begun = FindTcp(first);
      if (begun->acknowledgement == at->acknowledgement && begun->size() + at->size() <= a[0]) {
        const std::string more = p.frame.substr(at->payload, at->size());
        first = WithSegment(first, *begun, SegmentOf(first, *begun) + more);
        before->second.next = at->next();
        continue;
      }
    }
    open.erase(at->tuple);
    if (plain) open[at->tuple] = {out.size(), at->next()};
    out.push_back(p);
  }
  return out;
}

// {of a hundred}: behind a segment, one more that repeats the end of the one before and the beginning of this.
Packets Overlap(const Packets& packets, const Arguments& a, Random& random) {
  std::map<FiveTuple, TimedPacket> before;
  Packets out;
  for (const TimedPacket& p : packets) {
    out.push_back(p);
    const auto at = FindTcp(p);
    if (!at || at->size() == 0 || at->Has(kSingular | flag::kFin)) continue;
    const auto last = before.find(at->tuple);
    if (last != before.end() && random.Below(100) < a[0]) {
      const auto earlier = FindTcp(last->second);
      const auto skip = random.Below(static_cast<std::uint32_t>(earlier->size()));
      if (earlier->next() == at->sequence) {
        std::string again = last->second.frame.substr(earlier->payload + skip, earlier->size() - skip);
        again += p.frame.substr(at->payload, random.Below(static_cast<std::uint32_t>(at->size()) + 1));
        const std::uint32_t back = earlier->sequence + skip - at->sequence;
        if (again.size() < 60'000) out.push_back(WithSegment(p, *at, SegmentOf(p, *at, back, again, at->flags)));
      }
    }
    before.insert_or_assign(at->tuple, p);
  }
  return out;
}

const Operation kOperations[] = {
    {"segment", "LOW,HIGH,FIRST: TCP in segments of LOW to HIGH bytes, of the first FIRST bytes of each side",
     {1, 1460, UINT32_MAX}, Resegment},
    {"coalesce", "MOST: TCP segments that follow each other joined up to MOST bytes", {64'000}, Coalesce},
    {"overlap", "PERCENT: so many segments followed by a retransmission across their beginning", {30}, Overlap},
};

}  // namespace

std::span<const Operation> SegmentOperations() { return kOperations; }

}  // namespace gander::mangle
