// SPDX-License-Identifier: Apache-2.0
// Random segmentations, orders, repetitions and losses against an obvious model: a map of bytes, first copy
// wins.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "recording_sink.h"
#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

constexpr std::uint8_t kSyn = 2, kAck = 16;

struct Piece {
  std::uint32_t offset;
  std::string bytes;
};

// A stream of `length` bytes cut at random; some pieces repeated with other content or bounds, some lost, all
// moved.
std::vector<Piece> RandomPieces(std::mt19937& random, std::uint32_t length, std::uint32_t largest,
                                int disorder) {
  std::vector<Piece> pieces;
  const auto make = [&](std::uint32_t offset, std::uint32_t size) {
    Piece p{offset, std::string(std::min(size, length - offset), '\0')};
    for (char& c : p.bytes) c = static_cast<char>('a' + random() % 26);
    pieces.push_back(std::move(p));
  };
  for (std::uint32_t at = 0; at < length;) {
    const std::uint32_t size = 1 + random() % largest;
    if (random() % 20 != 0) make(at, size);
    if (random() % 8 == 0)
      make(at - std::min<std::uint32_t>(at, random() % 50), 1 + random() % (2 * largest));
    at += size;
  }
  if (disorder > 0) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      std::swap(pieces[i],
                pieces[std::min(pieces.size() - 1, i + random() % static_cast<unsigned>(disorder))]);
    }
  }
  return pieces;
}

struct Limits {
  std::uint32_t gap_after, per_flow;
  std::size_t pool;
  bool acknowledge;
  std::uint32_t late_grace_ms = 0;
};

class TcpPropertyTest : public testing::TestWithParam<int> {
 protected:
  // Runs the pieces through a stream whose first byte has a random number, near the wrap half of the time.
  void Run(std::mt19937& random, const std::vector<Piece>& pieces, const Limits& limits) {
    options_.hosts.fallback = policy_;
    options_.gap_after_bytes = limits.gap_after;
    options_.memory_per_flow = limits.per_flow;
    options_.late_grace_ms = limits.late_grace_ms;
    SegmentPool pool(limits.pool);
    TcpStream stream;
    sink_.keep_bytes = true;
    const std::uint32_t first = random() % 2 ? 0u - random() % 3000 : random();
    Timestamp time;
    const auto send = [&](Direction d, std::uint32_t sequence, std::uint8_t flags, std::string_view bytes,
                          std::uint32_t acknowledgement) {
      time = time + Duration::Millis(random() % 3);
      stream.OnSegment(d, {sequence, acknowledgement, flags, AsBytes(bytes), time}, pool, options_, counters_, sink_);
    };
    send(Direction::kToServer, first - 1, kSyn, "", 0);
    send(Direction::kToClient, 99, kSyn | kAck, "", first);
    std::uint32_t end = 0;
    for (const Piece& p : pieces) {
      arrived_ += p.bytes.size();
      end = std::max(end, p.offset + static_cast<std::uint32_t>(p.bytes.size()));
      send(Direction::kToServer, first + p.offset, kAck, p.bytes, 100);
      if (limits.acknowledge && random() % 5 == 0) {
        send(Direction::kToClient, 100, kAck, "",
             first + end - std::min<std::uint32_t>(end, random() % 5000));
      }
    }
    stream.Flush(time, pool, counters_, sink_);
    EXPECT_EQ(pool.in_use(), 0u);
    EXPECT_EQ(sink_.delivered + sink_.FateSum(), arrived_) << "a byte has no fate, or two";
    EXPECT_EQ(stream.delivered(Direction::kToServer), sink_.delivered);
    EXPECT_EQ(counters_.gap_bytes, stream.gap_bytes(Direction::kToServer));
  }

  OverlapPolicy policy_ = OverlapPolicy::kFirst;
  Options options_;
  Counters counters_{};
  RecordingSink sink_;
  std::uint64_t arrived_ = 0;
};

TEST_P(TcpPropertyTest, WithoutLimitsDeliversTheFirstCopyOfEveryByte) {
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  const auto pieces = RandomPieces(random, 12000, 1 + random() % 3000, static_cast<int>(random() % 40));
  // Holes that never close only end at Flush, so nothing can come too late.
  Run(random, pieces, {1u << 30, 1u << 30, 8 << 20, false});
  std::map<std::uint64_t, char> model;
  for (const Piece& p : pieces) {
    for (std::size_t i = 0; i < p.bytes.size(); ++i) model.emplace(p.offset + i, p.bytes[i]);
  }
  EXPECT_EQ(sink_.bytes[0], model);
  EXPECT_EQ(sink_.fates.size(), sink_.fates.count(ByteFate::kDuplicate));
}

TEST_P(TcpPropertyTest, WithTheLastPolicyDeliversTheLastCopyOfEveryByte) {
  policy_ = OverlapPolicy::kLast;
  std::mt19937 random(static_cast<unsigned>(GetParam()) + 2000);
  auto pieces = RandomPieces(random, 12000, 1 + random() % 3000, static_cast<int>(random() % 40));
  // The first byte comes last, so that all else is held until then.
  std::erase_if(pieces, [](const Piece& p) { return p.offset == 0; });
  pieces.push_back({0, "!"});
  Run(random, pieces, {1u << 30, 1u << 30, 8 << 20, false});
  std::map<std::uint64_t, char> model;
  for (const Piece& p : pieces) {
    for (std::size_t i = 0; i < p.bytes.size(); ++i) model[p.offset + i] = p.bytes[i];
  }
  EXPECT_EQ(sink_.bytes[0], model);
}

TEST_P(TcpPropertyTest, WithLimitsEveryByteStillHasOneFate) {
  std::mt19937 random(static_cast<unsigned>(GetParam()) + 1000);
  const auto pieces = RandomPieces(random, 30000, 1 + random() % 1500, static_cast<int>(random() % 200));
  const auto blocks = static_cast<std::uint32_t>(1 + random() % 40);
  Run(random, pieces,
      {1 + static_cast<std::uint32_t>(random() % 30000), static_cast<std::uint32_t>(random() % 60) * 2048,
       blocks * SegmentPool::kBlockBytes, random() % 2 == 0, static_cast<std::uint32_t>(random() % 100)});
  std::map<std::uint64_t, std::string> copies;
  for (const Piece& p : pieces) {
    for (std::size_t i = 0; i < p.bytes.size(); ++i) copies[p.offset + i] += p.bytes[i];
  }
  for (const auto& [offset, c] : sink_.bytes[0]) {
    ASSERT_NE(copies[offset].find(c), std::string::npos) << "byte " << offset << " was never sent so";
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TcpPropertyTest, testing::Range(0, 60));

}  // namespace
}  // namespace gander::stream
