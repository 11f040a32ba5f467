// SPDX-License-Identifier: Apache-2.0
// A counter read as time: its rate found, drift taken off slowly, steps followed.
#include "capture/tick_clock.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace gander {
namespace {

using capture::TickClock;

constexpr std::int64_t kUnixStart = 1'700'000'000 * kNanosPerSecond;

// A counter of `hz`, and our clocks beside it.
struct Device {
  double hz;
  std::uint64_t begin;
  TickClock::Reading At(std::int64_t ns) const {
    const auto ticks = static_cast<std::uint64_t>(static_cast<double>(ns) * hz / 1e9);
    return {begin + ticks, ns + 77, kUnixStart + ns};
  }
};

TEST(TickClock, FindsTheRateWhateverItIs) {
  for (const double hz : {25e6, 156.25e6, 1e9, 5e9}) {
    // A counter that wraps within the run is no worse.
    for (const std::uint64_t begin : {std::uint64_t{0}, UINT64_MAX - 1000}) {
      const Device device{hz, begin};
      TickClock clock;
      ASSERT_TRUE(clock.Calibrate(device.At(0), device.At(50'000'000))) << hz;
      for (const std::int64_t ns : {0, 1'000'000, 50'000'000, 1'000'000'000}) {
        EXPECT_NEAR(static_cast<double>(clock.TimeOf(device.At(ns).ticks).ns - kUnixStart - ns), 0, 1000)
            << hz;
      }
    }
  }
}

TEST(TickClock, RefusesWhatIsNoClock) {
  TickClock clock;
  EXPECT_FALSE(clock.Calibrate({5, 0, 0}, {5, 1000, 1000})) << "stands still";
  EXPECT_FALSE(clock.Calibrate({5, 0, 0}, {4, 1000, 1000})) << "runs backwards";
  EXPECT_FALSE(clock.Calibrate({0, 0, 0}, {1, 10'000'000, 0})) << "100 Hz";
  EXPECT_FALSE(clock.Calibrate({0, 0, 0}, {1'000'000'000, 1'000'000, 0})) << "a terahertz";
}

TEST(TickClock, TakesDriftOffWithoutJumps) {
  // The first 50 ms gave a rate that is wrong by 100 parts in a million.
  const Device real{1e9, 0}, seen{1e9 * (1 + 100e-6), 0};
  TickClock clock;
  ASSERT_TRUE(clock.Calibrate(seen.At(0), seen.At(50'000'000)));
  std::int64_t last = 0;
  for (std::int64_t s = 1; s <= 60; ++s) {
    const TickClock::Reading now = real.At(s * kNanosPerSecond);
    const std::int64_t before = clock.TimeOf(now.ticks).ns;
    clock.Anchor(now);
    const std::int64_t after = clock.TimeOf(now.ticks).ns;
    EXPECT_LE(std::abs(after - before), TickClock::kMaxSlewPpm * 1000);
    EXPECT_GT(after, last);
    last = after;
  }
  EXPECT_NEAR(static_cast<double>(last - kUnixStart - 60 * kNanosPerSecond), 0, 1000);
}

TEST(TickClock, FollowsAClockThatWasSetAndACounterThatWasReset) {
  const Device device{1e9, 0};
  TickClock clock;
  ASSERT_TRUE(clock.Calibrate(device.At(0), device.At(kNanosPerSecond)));
  TickClock::Reading now = device.At(2 * kNanosPerSecond);
  now.unix_ns += 3600 * kNanosPerSecond;
  clock.Anchor(now);
  EXPECT_EQ(clock.TimeOf(now.ticks).ns, now.unix_ns);
  now = {17, now.steady_ns + kNanosPerSecond, now.unix_ns + kNanosPerSecond};
  clock.Anchor(now);
  EXPECT_EQ(clock.TimeOf(17).ns, now.unix_ns);
  EXPECT_NEAR(static_cast<double>(clock.TimeOf(17 + 1'000'000).ns - now.unix_ns), 1e6, 1000);
}

}  // namespace
}  // namespace gander
