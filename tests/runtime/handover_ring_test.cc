// SPDX-License-Identifier: Apache-2.0
#include "runtime/handover_ring.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <thread>

namespace gander::runtime {
namespace {

MovedPacket PacketOf(std::uint64_t number, const std::string& payload) {
  MovedPacket p;
  p.number = number;
  p.wire = payload.size() + 42;
  p.decoded.payload = AsBytes(payload);
  return p;
}

// What a packet holds is a function of its number, so that the other end can tell.
std::string PayloadOf(std::uint64_t number) {
  std::mt19937_64 random(number);
  return std::string(random() % 3000, static_cast<char>(random()));
}

std::vector<std::uint64_t> Drain(HandoverRing& ring) {
  std::vector<std::uint64_t> numbers;
  std::array<const MovedPacket*, 8> out;
  while (const std::size_t n = ring.Take(out)) {
    for (std::size_t i = 0; i < n; ++i) {
      numbers.push_back(out[i]->number);
      const std::string expected = PayloadOf(out[i]->number);
      EXPECT_EQ(AsText(out[i]->decoded.payload), expected);
      EXPECT_EQ(out[i]->wire, expected.size() + 42);
    }
    ring.Release();
  }
  return numbers;
}

TEST(HandoverRing, NothingIsSeenBeforePublish) {
  HandoverRing ring(100, 1 << 16);
  ASSERT_TRUE(ring.Push(PacketOf(1, PayloadOf(1))));
  EXPECT_TRUE(Drain(ring).empty());
  ring.Publish();
  EXPECT_EQ(Drain(ring), (std::vector<std::uint64_t>{1}));
}

TEST(HandoverRing, IsBoundedByPackets) {
  HandoverRing ring(3, 1 << 20);
  for (std::uint64_t i = 0; i < 5; ++i) EXPECT_EQ(ring.Push(PacketOf(i, PayloadOf(i))), i < 3);
  EXPECT_EQ(ring.refused(), 2u);
  ring.Publish();
  EXPECT_EQ(Drain(ring).size(), 3u);
  EXPECT_TRUE(ring.Push(PacketOf(9, PayloadOf(9))));
}

TEST(HandoverRing, IsBoundedByBytes) {
  HandoverRing ring(1000, 8192);
  EXPECT_FALSE(ring.Push(PacketOf(0, std::string(9000, 'x')))) << "larger than the ring";
  std::size_t held = 0;
  while (ring.Push(PacketOf(0, std::string(1000, 'x')))) ++held;
  EXPECT_GE(held, 4u);
  EXPECT_LE(held * 1000, 8192u);
}

TEST(HandoverRing, PacketsOfEverySizeGoRound) {
  HandoverRing ring(64, 16384);
  std::uint64_t next = 0, seen = 0;
  for (int round = 0; round < 5000; ++round) {
    while (ring.Push(PacketOf(next, PayloadOf(next)))) ++next;
    ring.Publish();
    for (const std::uint64_t number : Drain(ring)) ASSERT_EQ(number, seen++);
  }
  EXPECT_EQ(seen, next);
  EXPECT_GT(seen, 20'000u);
}

TEST(HandoverRing, BetweenTwoThreads) {
  constexpr std::uint64_t kPackets = 100'000;
  HandoverRing ring(256, 1 << 16);
  std::thread producer([&ring] {
    for (std::uint64_t i = 0; i < kPackets;) {
      if (ring.Push(PacketOf(i, PayloadOf(i)))) ++i;
      ring.Publish();
      if (i % 64 == 0) std::this_thread::yield();
    }
  });
  for (std::uint64_t seen = 0; seen < kPackets;) {
    for (const std::uint64_t number : Drain(ring)) EXPECT_EQ(number, seen++);
    std::this_thread::yield();
  }
  producer.join();
}

}  // namespace
}  // namespace gander::runtime
