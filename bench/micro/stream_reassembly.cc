// SPDX-License-Identifier: Apache-2.0
// stream/: segments in order, one in a hundred late, and the worst case: every second one late by a window.
#include <algorithm>

#include "decode/decoded.h"
#include "micro/measure.h"
#include "stream/tcp_stream.h"

namespace gander::bench {
namespace {

constexpr std::size_t kSegment = 1460;
constexpr std::uint32_t kFirstSequence = 1000;

struct CountBytes final : stream::ChunkSink {
  std::uint64_t bytes = 0;
  void OnChunk(const stream::StreamChunk& chunk) noexcept override { bytes += chunk.bytes.size(); }
  void OnFate(ByteFate, std::uint64_t) noexcept override {}
  void OnAlternate(Direction, stream::Alternate, Bytes) noexcept override {}
};

std::vector<stream::Segment> Segments() {
  std::vector<stream::Segment> segments;
  std::uint32_t sequence = kFirstSequence;
  for (const std::string_view piece :
       Pieces(std::string_view(WebText(Density::kClean)).substr(0, 1 << 20), kSegment)) {
    stream::Segment s;
    s.sequence = sequence;
    s.flags = decode::tcp_flag::kAck;
    s.payload = AsBytes(piece);
    segments.push_back(s);
    sequence += static_cast<std::uint32_t>(piece.size());
  }
  return segments;
}

std::vector<stream::Segment> InOrder() { return Segments(); }

std::vector<stream::Segment> OneInAHundredLate() {
  std::vector<stream::Segment> segments = Segments();
  for (std::size_t i = 50; i + 2 < segments.size(); i += 100)
    std::rotate(&segments[i], &segments[i + 1], &segments[i + 3]);
  return segments;
}

// Within windows of 64 segments the odd ones come first, backwards: each makes a hole of its own.
std::vector<stream::Segment> EverySecondLate() {
  const std::vector<stream::Segment> in_order = Segments();
  std::vector<stream::Segment> out{in_order[0]};
  constexpr std::size_t kWindow = 64;
  for (std::size_t begin = 1; begin < in_order.size(); begin += kWindow) {
    const std::size_t end = std::min(begin + kWindow, in_order.size());
    for (std::size_t i = end; i-- > begin;) {
      if ((i - begin) % 2 == 1) out.push_back(in_order[i]);
    }
    for (std::size_t i = begin; i < end; i += 2) out.push_back(in_order[i]);
  }
  return out;
}

void Reassemble(benchmark::State& state, std::vector<stream::Segment> (*make)()) {
  const std::vector<stream::Segment> segments = make();
  const stream::Options options;
  stream::SegmentPool pool(options);
  stream::Counters counters{};
  std::uint64_t all = 0;
  for (const stream::Segment& s : segments) all += s.payload.size();
  for (auto _ : state) {
    stream::TcpStream tcp;
    CountBytes sink;
    for (const stream::Segment& s : segments) {
      tcp.OnSegment(Direction::kToServer, s, pool, options, counters, sink);
    }
    tcp.Flush({}, pool, counters, sink);
    if (sink.bytes != all) return state.SkipWithError("bytes are missing");
  }
  Report(state, segments.size(), all);
}
BENCHMARK_CAPTURE(Reassemble, in_order, InOrder);
BENCHMARK_CAPTURE(Reassemble, one_percent_late, OneInAHundredLate);
BENCHMARK_CAPTURE(Reassemble, every_second_late, EverySecondLate);

}  // namespace
}  // namespace gander::bench
