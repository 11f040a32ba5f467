// SPDX-License-Identifier: Apache-2.0
// When the next sensor starts, and when one that lives is taken for dead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "supervise/restart_pace.h"
#include "supervise/watchdog.h"

namespace gander::supervise {
namespace {

constexpr Duration kBrief = Duration::Millis(10);

TEST(RestartPaceTest, AtOnceThenEverLongerUpToABound) {
  RestartPace pace({.pause_ms = 250, .max_pause_s = 2, .calm_s = 60});
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 7; ++i) pauses.push_back(pace.Next(kBrief).ns / 1'000'000);
  EXPECT_THAT(pauses, testing::ElementsAre(0, 250, 500, 1000, 2000, 2000, 2000));
}

TEST(RestartPaceTest, ACalmRunEndsTheRow) {
  RestartPace pace({.pause_ms = 250, .max_pause_s = 2, .calm_s = 60});
  (void)pace.Next(kBrief);
  EXPECT_EQ(pace.Next(Duration::Seconds(59)), Duration::Millis(250));
  EXPECT_EQ(pace.Next(Duration::Seconds(60)), Duration{});
  EXPECT_EQ(pace.Next(kBrief), Duration::Millis(250));
}

TEST(RestartPaceTest, NoPauseAndALongRow) {
  RestartPace none({.pause_ms = 0, .max_pause_s = 0});
  RestartPace row({.pause_ms = 1, .max_pause_s = 3600});
  for (int i = 0; i < 10'000; ++i) EXPECT_EQ(none.Next(kBrief), Duration{});
  Duration last;
  for (int i = 0; i < 10'000; ++i) last = row.Next(kBrief);
  EXPECT_EQ(last, Duration::Seconds(3600));
}

class WatchdogTest : public testing::Test {
 protected:
  static constexpr Duration kTick = Duration::Seconds(1);
  // What is found in so many looks, one a second; `between` is what the sensor does meanwhile.
  template <class Between>
  std::uint32_t Look(int times, Between between) {
    for (int i = 0; i < times; ++i) {
      if (const std::uint32_t hung = dog_.Look(page_, now_); hung != kNoWorker) return hung;
      between();
      now_ = now_ + kTick;
    }
    return kNoWorker;
  }
  std::uint32_t Look(int times) {
    return Look(times, [] {});
  }

  FlightPage page_;
  Watchdog dog_{Duration::Seconds(5)};
  Timestamp now_{1'000'000'000'000};
};

TEST_F(WatchdogTest, FindsTheThreadThatDoesNothing) {
  page_.seats[0].taken = page_.seats[3].taken = 1;
  EXPECT_EQ(Look(20, [this] { page_.seats[0].Beat(); }), 3u);
}

TEST_F(WatchdogTest, NotBeforeItsTime) {
  page_.seats[0].taken = 1;
  EXPECT_EQ(Look(5), kNoWorker);
  EXPECT_EQ(Look(1), 0u);
}

TEST_F(WatchdogTest, OneThatTakesUpFlowsWithinALongRoundIsAlive) {
  page_.seats[0].taken = 1;
  std::uint64_t flow = 1;
  EXPECT_EQ(Look(60, [&] { page_.seats[0].flow = ++flow; }), kNoWorker);
  EXPECT_EQ(Look(60), 0u);
}

TEST_F(WatchdogTest, ASeatThatNobodyTookIsNotWatched) {
  EXPECT_EQ(Look(60), kNoWorker);
  page_.seats[2].taken = 1;
  EXPECT_EQ(Look(3), kNoWorker);
  page_.seats[2].taken = 0;
  EXPECT_EQ(Look(60), kNoWorker);
}

TEST_F(WatchdogTest, WhoJudgesHasLonger) {
  page_.seats[kJudge].taken = 1;
  EXPECT_EQ(Look(5 * Watchdog::kJudgesPatience), kNoWorker);
  EXPECT_EQ(Look(1), kJudge);
}

TEST_F(WatchdogTest, AfterAStopOfItsOwnItBeginsAnew) {
  page_.seats[0].taken = 1;
  EXPECT_EQ(Look(4), kNoWorker);
  now_ = now_ + Duration::Seconds(3600);  // stopped with the sensor
  EXPECT_EQ(Look(5), kNoWorker);
  EXPECT_EQ(Look(1), 0u);
}

TEST_F(WatchdogTest, ZeroIsOff) {
  dog_.~Watchdog();
  new (&dog_) Watchdog(Duration{});
  page_.seats[0].taken = 1;
  EXPECT_EQ(Look(1000), kNoWorker);
}

}  // namespace
}  // namespace gander::supervise
