// SPDX-License-Identifier: Apache-2.0
// The governor against a queue that is only arithmetic: time passes when the test says so.
#include "runtime/load_governor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace gander::runtime {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr LoadGovernor::Options kOptions{true, 20, 500};

// A worker that reads bursts of 64 from a queue of 1,024; what one packet costs it depends on the level.
class Queue {
 public:
  // Packets a second served at each level.
  using Service = std::array<double, kShedLevels>;

  Queue(const Service& service, bool tells, LoadGovernor::Options options = kOptions)
      : governor(options), service_(service), tells_(tells) {}

  // Lets `ms` pass with packets arriving at `rate` a second.
  void Run(double rate, std::int64_t ms) {
    for (const std::int64_t until = now + ms * kMillisecond; now < until;) {
      const auto burst = static_cast<std::uint32_t>(std::min(64.0, waiting));
      const auto level = static_cast<std::size_t>(governor.level());
      const double took = burst == 0 ? 1e-4 : burst / service_[level];
      now += static_cast<std::int64_t>(took * 1e9);
      waiting += rate * took - burst;
      if (waiting > kCapacity) {
        lost += static_cast<std::uint64_t>(waiting - kCapacity);
        waiting = kCapacity;
      }
      shed += burst * 100ull * level;
      read += burst;
      const ShedLevel before = governor.level();
      const ShedLevel after = governor.Observe({burst, burst == 64, tells_ ? static_cast<std::int64_t>(waiting) : -1,
                                                tells_ ? kCapacity : -1, lost, shed, now, Timestamp{now}});
      if (after != before) ++changes;
      if (after > before) last_raise = now;
    }
  }

  LoadGovernor governor;
  double waiting = 0;
  std::uint64_t lost = 0, shed = 0, read = 0;
  std::int64_t now = 0, last_raise = 0;
  int changes = 0;

 private:
  static constexpr std::int64_t kCapacity = 1024;
  Service service_;
  bool tells_;
};

// Too slow at levels 0 and 1 for 150,000 a second, fast enough from level 2 on.
constexpr Queue::Service kSlow = {100e3, 120e3, 200e3, 400e3};

class LoadGovernorTest : public testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(Sources, LoadGovernorTest, testing::Bool(),
                         [](const auto& i) { return i.param ? "TellsItsBacklog" : "CannotTell"; });

TEST_P(LoadGovernorTest, StaysAtNoneWhileItKeepsUp) {
  Queue queue(kSlow, GetParam());
  queue.Run(95e3, 20'000);
  EXPECT_EQ(queue.governor.level(), ShedLevel::kNone);
  EXPECT_EQ(queue.changes, 0);
  std::vector<ShedSpan> spans;
  queue.governor.TakeSpans(spans);
  EXPECT_TRUE(spans.empty());
}

// A sender that is held up every now and then lets the queue run low: it is full for most of the time all the same.
TEST(LoadGovernor, PressureWithPausesIsPressure) {
  const auto level_after = [](int full_ms, int low_ms) {
    LoadGovernor governor(kOptions);
    std::int64_t now = 0;
    for (int turn = 0; turn < 100; ++turn) {
      for (int ms = 0; ms < full_ms + low_ms; ++ms) {
        now += kMillisecond;
        const std::int64_t backlog = ms < full_ms ? 1024 : 100;
        (void)governor.Observe({64, true, backlog, 1024, 0, 0, now, Timestamp{now}});
      }
    }
    return governor.level();
  };
  EXPECT_EQ(level_after(4, 2), ShedLevel::kAllButFirst);
  EXPECT_EQ(level_after(2, 4), ShedLevel::kNone);
}

TEST_P(LoadGovernorTest, RaisesLevelByLevelUntilItKeepsUp) {
  Queue queue(kSlow, GetParam());
  queue.Run(150e3, 1000);
  EXPECT_GE(queue.governor.level(), ShedLevel::kLargeBodies);
  const std::uint64_t lost = queue.lost;
  queue.Run(150e3, 300);
  EXPECT_EQ(queue.lost, lost) << "at this level nothing is lost any more";
}

TEST_P(LoadGovernorTest, RecoversByItselfOneLevelAtATime) {
  Queue queue(kSlow, GetParam());
  queue.Run(500e3, 1000);
  ASSERT_EQ(queue.governor.level(), ShedLevel::kAllButFirst);
  const auto steps = static_cast<int>(queue.governor.level());
  queue.changes = 0;
  const std::int64_t recovery_ms = queue.governor.recovery().ns / kMillisecond;
  queue.Run(10e3, recovery_ms - 100);
  EXPECT_EQ(static_cast<int>(queue.governor.level()), steps);
  queue.Run(10e3, recovery_ms * steps + 400);
  EXPECT_EQ(queue.governor.level(), ShedLevel::kNone);
  EXPECT_EQ(queue.changes, steps);
}

TEST_P(LoadGovernorTest, DoesNotSwingUnderALoadBetweenTwoLevels) {
  Queue queue(kSlow, GetParam());
  queue.Run(150e3, 60'000);
  queue.changes = 0;
  queue.Run(150e3, 60'000);
  // The recovery time has grown to 16 x 500 ms; each try one level back costs two changes, and a source that cannot
  // tell may overshoot by one level more.
  EXPECT_EQ(queue.governor.recovery(), Duration::Millis(500 * LoadGovernor::kMaxBackOff));
  EXPECT_LE(queue.changes, 4 * 60 / 8 + 4);
  EXPECT_GT(queue.changes, 0) << "it must go on trying";
  EXPECT_LT(queue.lost, queue.read / 50);
}

TEST_P(LoadGovernorTest, ForgivesAfterALongCalm) {
  Queue queue(kSlow, GetParam());
  queue.Run(150e3, 60'000);
  ASSERT_GT(queue.governor.recovery(), Duration::Millis(500));
  queue.Run(10e3, 300'000);
  EXPECT_EQ(queue.governor.level(), ShedLevel::kNone);
  EXPECT_EQ(queue.governor.recovery(), Duration::Millis(500));
}

TEST_P(LoadGovernorTest, SpansSayExactlyWhatItCost) {
  Queue queue(kSlow, GetParam());
  std::vector<ShedSpan> spans;
  std::int64_t begin = 0;
  std::uint64_t read = 0, lost = 0, shed = 0;
  for (const std::int64_t until = kMillisecond * 1000; queue.now < until;) {
    const ShedLevel before = queue.governor.level();
    queue.Run(150e3, 1);
    if (before != ShedLevel::kNone || queue.governor.level() == ShedLevel::kNone) continue;
    begin = queue.last_raise;
    queue.governor.TakeSpans(spans);
    ASSERT_EQ(spans.size(), 1u);
    read = queue.read - spans[0].packets, lost = queue.lost - spans[0].lost_packets, shed = queue.shed - spans[0].bytes;
  }
  const ShedLevel highest = queue.governor.level();
  queue.governor.TakeSpans(spans);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_FALSE(spans[0].over);
  EXPECT_EQ(spans[0].begin.ns, begin);
  EXPECT_EQ(spans[0].end.ns, queue.now);
  EXPECT_EQ(spans[0].highest, highest);
  EXPECT_EQ(spans[0].bytes, queue.shed - shed);
  EXPECT_EQ(spans[0].packets, queue.read - read);
  EXPECT_EQ(spans[0].lost_packets, queue.lost - lost);

  queue.Run(10e3, 10'000);
  ASSERT_EQ(queue.governor.level(), ShedLevel::kNone);
  const std::uint64_t shed_in_all = queue.shed - shed;
  queue.governor.TakeSpans(spans);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_TRUE(spans[0].over);
  EXPECT_EQ(spans[0].begin.ns, begin) << "the same span, ended";
  EXPECT_LT(spans[0].end.ns, queue.now);
  EXPECT_EQ(spans[0].bytes, shed_in_all) << "nothing is left out at level none, so this is all";
  queue.governor.TakeSpans(spans);
  EXPECT_TRUE(spans.empty()) << "an ended span is told once";
}

TEST_P(LoadGovernorTest, SwitchedOffItNeverSheds) {
  Queue queue(kSlow, GetParam(), {false, 20, 500});
  queue.Run(500e3, 5000);
  EXPECT_EQ(queue.governor.level(), ShedLevel::kNone);
  EXPECT_GT(queue.lost, 0u);
}

// One round with a queue of 1,000.
LoadGovernor::Round At(std::int64_t ms, std::int64_t backlog, std::uint64_t lost = 0) {
  return {64, true, backlog, 1000, lost, 0, ms * kMillisecond, Timestamp{ms * kMillisecond}};
}

TEST(LoadGovernorRoundsTest, EachLevelTakesItsTime) {
  LoadGovernor governor(kOptions);
  for (int ms = 0; ms <= 100; ++ms) {
    const auto expected = static_cast<ShedLevel>(std::min(ms / 20, kShedLevels - 1));
    EXPECT_EQ(governor.Observe(At(ms, 1000)), expected) << ms;
  }
}

TEST(LoadGovernorRoundsTest, AClockThatGoesNowhereChangesNothing) {
  LoadGovernor governor(kOptions);
  for (int i = 0; i < 100'000; ++i) governor.Observe(At(5, 1000));
  EXPECT_EQ(governor.level(), ShedLevel::kNone);
  for (int ms = 5; ms < 30; ++ms) governor.Observe(At(ms, 1000));
  ASSERT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
  for (int i = 0; i < 100'000; ++i) governor.Observe(At(30, 0));
  EXPECT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
}

TEST(LoadGovernorRoundsTest, AClockThatStepsBackAddsNothing) {
  LoadGovernor governor(kOptions);
  for (int i = 0; i < 1000; ++i) governor.Observe(At(1000 - i, 1000));
  EXPECT_EQ(governor.level(), ShedLevel::kNone);
}

TEST(LoadGovernorRoundsTest, OneLongPauseIsNoPressure) {
  LoadGovernor governor(kOptions);
  governor.Observe(At(0, 900));
  governor.Observe(At(5000, 900));  // the worker itself was busy with something else
  EXPECT_EQ(governor.level(), ShedLevel::kNone);
}

TEST(LoadGovernorRoundsTest, LossRaisesAtOnceButOneLevelATime) {
  LoadGovernor governor(kOptions);
  governor.Observe(At(0, 0, 70));  // what was lost before it came is not its concern
  governor.Observe(At(1, 0, 70));
  EXPECT_EQ(governor.level(), ShedLevel::kNone);
  governor.Observe(At(2, 0, 71));
  EXPECT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
  governor.Observe(At(3, 0, 72));
  EXPECT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
  governor.Observe(At(22, 0, 73));
  EXPECT_EQ(governor.level(), ShedLevel::kLargeBodies);
}

TEST(LoadGovernorRoundsTest, BetweenTheMarksItHolds) {
  LoadGovernor governor(kOptions);
  governor.Observe(At(0, 0, 0));
  governor.Observe(At(1, 0, 1));
  ASSERT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
  for (int ms = 2; ms < 5000; ++ms) governor.Observe(At(ms, 300, 1));
  EXPECT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
}

TEST(LoadGovernorRoundsTest, AQueueThatEmptiesIsGivenItsTime) {
  LoadGovernor governor(kOptions);
  for (int ms = 0; ms < 24; ++ms) governor.Observe(At(ms, 1000));
  ASSERT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
  for (int ms = 24; ms < 72; ++ms) governor.Observe(At(ms, 1000 - (ms - 24) * 10));  // 1,000 down to 520
  EXPECT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
}

TEST(LoadGovernorRoundsTest, SpansAreBoundedAndTheirCostIsKept) {
  LoadGovernor governor({true, 1, 1});
  std::uint64_t lost = 0;
  std::int64_t ms = 0;
  const int spans_made = 50;
  governor.Observe(At(ms, 0, lost));
  for (int i = 0; i < spans_made; ++i) {
    governor.Observe(At(++ms, 0, ++lost));
    ASSERT_EQ(governor.level(), ShedLevel::kOpaqueBulk);
    governor.Observe(At(++ms, 1000, lost + 1));  // begins the span anew with one more loss in it
    ++lost;
    while (governor.level() != ShedLevel::kNone) governor.Observe(At(++ms, 0, lost));
  }
  std::vector<ShedSpan> spans;
  governor.TakeSpans(spans);
  EXPECT_EQ(spans.size(), LoadGovernor::kMaxSpans);
  std::uint64_t lost_meanwhile = 0;
  for (const ShedSpan& s : spans) lost_meanwhile += s.lost_packets;
  EXPECT_EQ(lost_meanwhile, static_cast<std::uint64_t>(spans_made));
}

}  // namespace
}  // namespace gander::runtime
