// SPDX-License-Identifier: Apache-2.0
#include "runtime/health_book.h"

#include <gtest/gtest.h>

namespace gander::runtime {
namespace {

Timestamp At(std::int64_t s) { return Timestamp{} + Duration::Seconds(s); }

LaneHealth Healthy(const std::string& port, std::uint16_t queue) {
  LaneHealth lane;
  lane.queues.resize(1);
  lane.queues[0].place = {port, queue, 2, capture::Steering::kHostPair, -1};
  lane.queues[0].counters.received = 100;
  return lane;
}

TEST(HealthBookTest, QueuesStandInTheOrderOfPortAndQueueWhoeverSaysItFirst) {
  HealthBook book;
  book.Take(1, Healthy("eth0", 1));
  LaneHealth first = Healthy("eth0", 0);
  first.handed_over = 7, first.ring_full = 3, first.level = ShedLevel::kLargeBodies;
  first.queues.push_back(Healthy("eth1", 0).queues[0]);
  book.Take(0, first);
  book.SetStalled(1, true);
  report::RunState state;
  book.Describe(state);
  ASSERT_EQ(state.queues.size(), 3u);
  EXPECT_EQ(state.queues[0].queue, 0u);
  EXPECT_EQ(state.queues[0].ring_full, 3u);
  EXPECT_EQ(state.queues[1].worker, 1u);
  EXPECT_TRUE(state.queues[1].stalled);
  EXPECT_EQ(state.queues[2].port, "eth1");
  EXPECT_EQ(state.queues[2].ring_full, 0u) << "said once for each worker";
  EXPECT_EQ(state.ring_full, 3u);
  EXPECT_EQ(state.shed_levels, (std::vector<std::string>{"large_bodies", "none"}));
  EXPECT_EQ(book.stalled(), 1u);
}

TEST(HealthBookTest, ASpanIsUpdatedInPlaceAndToldTwice) {
  HealthBook book;
  LaneHealth lane = Healthy("eth0", 0);
  detect::PortHealth health;
  lane.shed = {{At(10), At(12), ShedLevel::kOpaqueBulk, 5, 100, 1, false}};
  book.Take(0, lane);
  book.Judge(false, health);
  EXPECT_EQ(book.TakeNews().size(), 1u);
  lane.shed = {{At(10), At(15), ShedLevel::kLargeBodies, 9, 300, 2, false}};
  book.Take(0, lane);
  health = {};
  book.Judge(false, health);
  EXPECT_TRUE(book.TakeNews().empty());
  ASSERT_EQ(health.shed.size(), 1u);
  EXPECT_STREQ(health.shed[0].level, "large_bodies");
  lane.shed = {{At(10), At(18), ShedLevel::kLargeBodies, 11, 400, 2, true},
               {At(19), At(20), ShedLevel::kOpaqueBulk, 1, 50, 0, false}};
  book.Take(0, lane);
  health = {};
  book.Judge(false, health);
  EXPECT_EQ(book.TakeNews().size(), 2u);
  report::RunState state;
  book.Describe(state);
  ASSERT_EQ(state.shedding.size(), 2u);
  EXPECT_TRUE(state.shedding[0].over);
  EXPECT_EQ(state.shedding[0].bytes, 400u);
  EXPECT_EQ(state.shedding_seconds, 9u);
  lane.shed.clear();
  book.Take(0, lane);
  health = {};
  book.Judge(true, health);
  ASSERT_EQ(health.shed.size(), 1u) << "the end of the run ends what lasts";
  EXPECT_TRUE(health.shed[0].over);
}

TEST(HealthBookTest, SpansAreBoundedTheirTimeIsNot) {
  HealthBook book;
  for (int i = 0; i < 1000; ++i) {
    LaneHealth lane = Healthy("eth0", 0);
    lane.shed = {{At(10 * i), At(10 * i + 1), ShedLevel::kOpaqueBulk, 1, 1, 0, true}};
    book.Take(0, lane);
    detect::PortHealth health;
    book.Judge(false, health);
  }
  report::RunState state;
  book.Describe(state);
  EXPECT_EQ(state.shedding.size(), HealthBook::kMaxSpans);
  EXPECT_EQ(state.shedding.back().begin, At(9990));
  EXPECT_EQ(state.shedding_seconds, 1000u);
}

TEST(HealthBookTest, RingLossesAreThoseOfTheEpoch) {
  HealthBook book;
  LaneHealth lane = Healthy("eth0", 0);
  for (const std::uint64_t total : {3, 10, 10}) {
    const std::uint64_t before = lane.ring_full;
    lane.ring_full = total;
    book.Take(0, lane);
    detect::PortHealth health;
    book.Judge(false, health);
    EXPECT_EQ(health.ring_full, total - before);
  }
}

TEST(HealthBookTest, APortIsBrokenUntilAllItsQueuesWork) {
  HealthBook book;
  LaneHealth good = Healthy("eth0", 0), bad = Healthy("eth0", 1);
  bad.queues[0].problem = "the link is down";
  book.Take(0, good);
  book.Take(1, bad);
  detect::PortHealth health;
  book.Judge(false, health);
  EXPECT_EQ(health.broken_ports, std::vector<std::string>{"eth0: the link is down"});
  ASSERT_EQ(book.TakeNews().size(), 1u);
  bad.queues[0].problem.clear();
  book.Take(1, bad);
  health = {};
  book.Judge(false, health);
  EXPECT_TRUE(health.broken_ports.empty());
  const auto news = book.TakeNews();
  ASSERT_EQ(news.size(), 1u);
  EXPECT_EQ(news[0].port, "eth0");
  EXPECT_EQ(news[0].problem, "");
}

}  // namespace
}  // namespace gander::runtime
