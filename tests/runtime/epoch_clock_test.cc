// SPDX-License-Identifier: Apache-2.0
#include "runtime/epoch_clock.h"

#include <gtest/gtest.h>

#include <vector>

namespace gander::runtime {
namespace {

constexpr Duration kFive = Duration::Seconds(5);
constexpr Timestamp At(double seconds) { return {static_cast<std::int64_t>(seconds * kNanosPerSecond)}; }

struct Epoch {
  Timestamp begin, end;
  std::uint64_t packets;
  bool operator==(const Epoch&) const = default;
};

// What the engine does with the clock: the epochs that packets at `times` fall into, the last one open.
std::vector<Epoch> Cut(EpochClock clock, const std::vector<Timestamp>& times) {
  std::vector<Epoch> out;
  std::uint64_t packets = 0;
  for (const Timestamp t : times) {
    if (clock.MustSealBefore(t)) {
      out.push_back({clock.begin(), clock.SealEnd(t), packets});
      packets = 0;
      clock.Advance(t);
    }
    clock.Count(t);
    ++packets;
  }
  out.push_back({clock.begin(), clock.latest(), packets});
  return out;
}

TEST(EpochClock, IsIdleBeforeTheFirstPacket) {
  const EpochClock clock(kFive, 10);
  EXPECT_FALSE(clock.started());
  EXPECT_FALSE(clock.MustSealBefore(At(1e9)));
}

TEST(EpochClock, CutsOnTheGridAndNotFromTheFirstPacket) {
  EXPECT_EQ(Cut(EpochClock(kFive, 100), {At(103.5), At(104.999), At(105), At(109.9), At(110)}),
            (std::vector<Epoch>{{At(100), At(105), 2}, {At(105), At(110), 2}, {At(110), At(110), 1}}));
}

TEST(EpochClock, CutsAfterItsNumberOfPackets) {
  EXPECT_EQ(Cut(EpochClock(kFive, 2), {At(100), At(101), At(102), At(103), At(104), At(105)}),
            (std::vector<Epoch>{
                {At(100), At(101), 2}, {At(101), At(103), 2}, {At(103), At(105), 1}, {At(105), At(105), 1}}));
}

TEST(EpochClock, ACutByNumberKeepsTheGridLine) {
  EpochClock clock(kFive, 1);
  clock.Count(At(102));
  ASSERT_TRUE(clock.MustSealBefore(At(103)));
  clock.Advance(At(103));
  EXPECT_EQ(clock.end(), At(105));
  EXPECT_FALSE(clock.MustSealBefore(At(104.9)));
  EXPECT_TRUE(clock.MustSealBefore(At(105)));
}

TEST(EpochClock, TimeThatStepsBackStaysInTheEpochAtHand) {
  EXPECT_EQ(Cut(EpochClock(kFive, 100), {At(103), At(42), At(0), At(104), At(105)}),
            (std::vector<Epoch>{{At(100), At(105), 4}, {At(105), At(105), 1}}));
}

TEST(EpochClock, StepsBackEndEpochsByNumberAndNeverBeforeTheirBegin) {
  for (const Epoch& e :
       Cut(EpochClock(kFive, 2), {At(103), At(42), At(41), At(40), At(39), At(104), At(7)})) {
    EXPECT_LE(e.begin, e.end);
    EXPECT_LE(e.packets, 2u);
  }
}

TEST(EpochClock, AJumpForwardMakesOneEpochAndNoEmptyOnes) {
  EXPECT_EQ(Cut(EpochClock(kFive, 100), {At(101), At(86'403), At(86'404)}),
            (std::vector<Epoch>{{At(100), At(105), 1}, {At(86'400), At(86'404), 2}}));
}

TEST(EpochClock, TheGridHoldsBeforeTheUnixEpoch) {
  EXPECT_EQ(Cut(EpochClock(kFive, 100), {At(-7), At(-5.5), At(-5), At(-0.5), At(0)}),
            (std::vector<Epoch>{{At(-10), At(-5), 2}, {At(-5), At(0), 2}, {At(0), At(0), 1}}));
}

TEST(EpochClock, EveryPacketIsInExactlyOneEpochOfItsCell) {
  std::vector<Timestamp> times;
  for (int i = 0; i < 1000; ++i) times.push_back({1'700'000'000 * kNanosPerSecond + i * 37'000'001LL});
  std::uint64_t packets = 0;
  Timestamp last = kDistantPast;
  for (const Epoch& e : Cut(EpochClock(kFive, 50), times)) {
    EXPECT_GE(e.begin, last);
    EXPECT_LE((e.end - e.begin).ns, kFive.ns);
    last = e.end;
    packets += e.packets;
  }
  EXPECT_EQ(packets, times.size());
}

}  // namespace
}  // namespace gander::runtime
