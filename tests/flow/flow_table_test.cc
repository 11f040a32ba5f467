// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace gander::flow {
namespace {

struct State {
  int value = 0;
  void Reset() { value = 0; }
};

FiveTuple Tuple(std::uint32_t client, std::uint16_t port) {
  return {IpAddress::FromV4(0x0a000000 + client), IpAddress::FromV4(0xc0000201), port, 80, ip_proto::kTcp};
}
Timestamp At(double seconds) { return {static_cast<std::int64_t>(seconds * 1e9) + 1'700'000'000'000'000'000}; }
constexpr Duration kMinute = Duration::Seconds(60);

class FlowTableTest : public testing::Test {
 protected:
  static FlowTable<State> Make(std::uint32_t flows = 1000) {
    Options o;
    o.max_flows = flows;
    return FlowTable<State>(o);
  }
  auto Collect() {
    return [this](const FlowTable<State>::Ended& e) { ended_.push_back({e.state.value, e.reason}); };
  }
  std::vector<std::pair<int, EndReason>> ended_;
};

TEST_F(FlowTableTest, BothDirectionsMeet) {
  auto table = Make();
  auto a = table.FindOrInsert(Tuple(1, 4000), At(0), true, kMinute, Collect());
  ASSERT_TRUE(a.created);
  EXPECT_EQ(a.direction, Direction::kToServer);
  a.state->value = 7;
  auto b = table.FindOrInsert(Tuple(1, 4000).Reversed(), At(1), true, kMinute, Collect());
  EXPECT_FALSE(b.created);
  EXPECT_EQ(b.state->value, 7);
  EXPECT_EQ(b.direction, Direction::kToClient);
}

TEST_F(FlowTableTest, ServerMaySpeakFirst) {
  auto table = Make();
  auto a = table.FindOrInsert(Tuple(1, 4000).Reversed(), At(0), false, kMinute, Collect());
  EXPECT_EQ(a.direction, Direction::kToClient);
  EXPECT_EQ(table.FindOrInsert(Tuple(1, 4000), At(0), false, kMinute, Collect()).direction, Direction::kToServer);
}

TEST_F(FlowTableTest, SameAddressesAtBothEndsAreToldApartByPort) {
  auto table = Make();
  FiveTuple t = Tuple(1, 9);
  t.destination = t.source;
  EXPECT_EQ(table.FindOrInsert(t, At(0), true, kMinute, Collect()).direction, Direction::kToServer);
  EXPECT_EQ(table.FindOrInsert(t.Reversed(), At(0), true, kMinute, Collect()).direction, Direction::kToClient);
  EXPECT_EQ(table.size(), 1u);
}

TEST_F(FlowTableTest, ExpiryDependsOnTheFlowsOwnLastPacket) {
  auto table = Make();
  table.FindOrInsert(Tuple(1, 1), At(0), true, kMinute, Collect()).state->value = 1;
  table.FindOrInsert(Tuple(2, 1), At(0), true, kMinute, Collect()).state->value = 2;
  table.FindOrInsert(Tuple(2, 1), At(50), true, kMinute, Collect());
  table.Expire(At(59), Collect());
  EXPECT_TRUE(ended_.empty());
  table.Expire(At(65), Collect());
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].first, 1);
  table.Expire(At(10000), Collect());
  EXPECT_EQ(ended_.size(), 2u);
  EXPECT_EQ(table.size(), 0u);
}

TEST_F(FlowTableTest, ALatePacketStartsANewFlow) {
  auto table = Make();
  table.FindOrInsert(Tuple(1, 1), At(0), true, kMinute, Collect()).state->value = 1;
  auto again = table.FindOrInsert(Tuple(1, 1), At(61), true, kMinute, Collect());
  EXPECT_TRUE(again.created);
  EXPECT_EQ(again.state->value, 0);
  ASSERT_EQ(ended_.size(), 1u);
}

TEST_F(FlowTableTest, ShorterTimeoutIsKept) {
  auto table = Make();
  auto a = table.FindOrInsert(Tuple(1, 1), At(0), true, Duration::Seconds(600), Collect());
  table.SetTimeout(a.id, Duration::Seconds(10));
  table.Expire(At(15), Collect());
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(FlowTableTest, FullTableEndsWhatWouldExpireNext) {
  auto table = Make(1000);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    table.FindOrInsert(Tuple(i, 1), At(i * 0.01 + 5), true, kMinute, Collect()).state->value = static_cast<int>(i);
  }
  auto extra = table.FindOrInsert(Tuple(5000, 1), At(30), true, kMinute, Collect());
  ASSERT_NE(extra.state, nullptr);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].second, EndReason::kEvicted);
  EXPECT_LT(ended_[0].first, 200) << "not one of the oldest";
  EXPECT_EQ(table.size(), 1000u);
}

// 150 connections that go on for ten minutes, then a flood of new ones: their place in the wheel is stale by then.
TEST_F(FlowTableTest, FloodEndsItsOwnFlowsNotEstablishedOnes) {
  auto table = Make(1000);
  const Duration established = Duration::Seconds(600);
  for (double second = 0; second <= 590; second += 5) {
    for (std::uint32_t i = 0; i < 150; ++i) {
      auto found = table.FindOrInsert(Tuple(i, 1), At(second), true, established, Collect());
      found.state->value = -1;
    }
    table.Expire(At(second), Collect());
  }
  for (std::uint32_t i = 0; i < 5000; ++i) {
    table.FindOrInsert(Tuple(1000 + i, 2), At(590.0 + i * 0.0001), true, kMinute, Collect()).state->value = 1;
  }
  EXPECT_EQ(ended_.size(), 4150u);
  for (const auto& [value, reason] : ended_) EXPECT_EQ(value, 1) << "an established flow was ended";
}

TEST_F(FlowTableTest, AnEndedFlowIsToldWithItsTupleAndLastPacket) {
  auto table = Make();
  FiveTuple v6;
  ASSERT_TRUE(IpAddress::Parse("fd00::2", v6.source));
  ASSERT_TRUE(IpAddress::Parse("2001:db8::1", v6.destination));
  v6.source_port = 40000;
  v6.destination_port = 443;
  v6.protocol = ip_proto::kTcp;
  table.FindOrInsert(v6.Reversed(), At(1), false, kMinute, Collect());
  table.FindOrInsert(v6, At(3), true, kMinute, Collect());
  table.FindOrInsert(Tuple(3, 5), At(2), true, kMinute, Collect());
  std::vector<std::pair<FiveTuple, Timestamp>> told;
  table.Clear([&](const FlowTable<State>::Ended& e) { told.push_back({e.tuple, e.last}); });
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0], std::pair(v6, At(3)));
  EXPECT_EQ(told[1], std::pair(Tuple(3, 5), At(2)));
}

TEST_F(FlowTableTest, PrefetchNamesTheStateThatALookupFinds) {
  auto table = Make();
  const FlowKey key = FlowKey::Of(Tuple(1, 1));
  EXPECT_EQ(table.PrefetchSlot(table.Hash(key)), nullptr);
  auto a = table.FindOrInsert(Tuple(1, 1), At(0), true, kMinute, Collect());
  EXPECT_EQ(table.PrefetchSlot(table.Hash(key)), a.state);
}

TEST_F(FlowTableTest, ErasedHandlesGoStale) {
  auto table = Make();
  auto a = table.FindOrInsert(Tuple(1, 1), At(0), true, kMinute, Collect());
  table.Erase(a.id);
  table.Erase(a.id);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_TRUE(table.FindOrInsert(Tuple(1, 1), At(0), true, kMinute, Collect()).created);
}

// Against an obvious model: a map of last times.
TEST_F(FlowTableTest, AgreesWithASlowModel) {
  std::mt19937 random(7);
  auto table = Make(4000);
  std::map<std::pair<std::uint32_t, std::uint16_t>, double> model;
  double now = 0;
  std::size_t expected_ends = 0;
  for (int step = 0; step < 200000; ++step) {
    now += (random() % 100) / 500.0;
    const std::uint32_t client = random() % 60;
    const auto port = static_cast<std::uint16_t>(random() % 60);
    auto it = model.find({client, port});
    const bool expired = it != model.end() && At(now) - At(it->second) > kMinute;
    const bool fresh = it == model.end() || expired;
    expected_ends += expired;
    FiveTuple t = Tuple(client, port);
    if (random() % 2) t = t.Reversed();
    ASSERT_EQ(table.FindOrInsert(t, At(now), true, kMinute, Collect()).created, fresh) << step;
    model[{client, port}] = now;
    if (step % 1000 == 999) {
      table.Expire(At(now), Collect());
      for (auto i = model.begin(); i != model.end();) {
        const bool old = At(now) - At(i->second) > kMinute;
        expected_ends += old;
        i = old ? model.erase(i) : std::next(i);
      }
      // A bucket is looked at once its second is over; what is past due by less may still stand.
      ASSERT_GE(table.size(), model.size());
      ASSERT_LE(table.size(), model.size() + 200);
    }
  }
  table.Clear(Collect());
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace gander::flow
