// SPDX-License-Identifier: Apache-2.0
#include "detect/account/traffic_meter.h"

#include <gtest/gtest.h>

#include "detect/script.h"

namespace gander::detect {
namespace {

FlowFacts From(std::uint8_t client, std::uint16_t server_port = 443) {
  FlowFacts facts;
  facts.tuple = {test::Ip("10.20.0." + std::to_string(client)), test::Ip("203.0.113.5"), 40000, server_port,
                 ip_proto::kTcp};
  facts.flow_id = client;
  facts.app_proto = "tls";
  return facts;
}

TrafficStretch Stretch(std::int64_t at, std::uint64_t out, std::uint64_t in, bool opened = false) {
  TrafficStretch s;
  s.begin = {at};
  s.end = {at + 10};
  s.opened = opened;
  s.packets = {2, 3};
  s.payload = {out, in};
  return s;
}

TEST(TrafficMeterTest, StretchesOfOneServiceAddUp) {
  TrafficMeter meter{Options{}};
  meter.OnStretch(From(1), Stretch(100, 5, 7, true));
  meter.OnStretch(From(1), Stretch(50, 1, 2));
  meter.OnStretch(From(2), Stretch(70, 9, 9));
  const auto paths = meter.Sorted();
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_EQ(paths[0]->payload[0], 6u);
  EXPECT_EQ(paths[0]->payload[1], 9u);
  EXPECT_EQ(paths[0]->packets[1], 6u);
  EXPECT_EQ(paths[0]->flows_opened, 1u);
  EXPECT_EQ(paths[0]->first_seen.ns, 50);
  EXPECT_EQ(paths[0]->last_seen.ns, 110);
  EXPECT_EQ(paths[0]->first_opened.ns, 100);
  EXPECT_EQ(paths[1]->first_opened, kDistantFuture);
}

TEST(TrafficMeterTest, ClientPortsAreOneServicePortsAreSeveral) {
  TrafficMeter meter{Options{}};
  FlowFacts other_port = From(1);
  other_port.tuple.source_port = 40001;
  meter.OnStretch(From(1), Stretch(1, 1, 1));
  meter.OnStretch(other_port, Stretch(1, 1, 1));
  meter.OnStretch(From(1, 80), Stretch(1, 1, 1));
  EXPECT_EQ(meter.paths().size(), 2u);
}

TEST(TrafficMeterTest, MergeIsTheSameWhoeverSawWhat) {
  TrafficMeter one{Options{}}, left{Options{}}, right{Options{}}, sum{Options{}}, reversed{Options{}};
  for (std::uint8_t client = 1; client < 60; ++client) {
    one.OnStretch(From(client), Stretch(client, client, 1, client % 2 == 0));
    (client % 3 == 0 ? left : right).OnStretch(From(client), Stretch(client, client, 1, client % 2 == 0));
  }
  for (TrafficMeter* part : {&left, &right}) sum.Merge(*part);
  for (TrafficMeter* part : {&right, &left}) reversed.Merge(*part);
  const auto expected = one.Sorted(), a = sum.Sorted(), b = reversed.Sorted();
  ASSERT_EQ(a.size(), expected.size());
  ASSERT_EQ(b.size(), expected.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i]->payload, expected[i]->payload);
    EXPECT_EQ(b[i]->payload, expected[i]->payload);
    EXPECT_EQ(a[i]->sample, expected[i]->sample);
    EXPECT_EQ(a[i]->first_opened, expected[i]->first_opened);
  }
}

TEST(TrafficMeterTest, AFloodOfLonePacketsLeavesRoomForConversations) {
  Options options;
  options.epoch_traffic = 1000;
  TrafficMeter meter(options);
  TrafficStretch lone = Stretch(1, 20, 0, true);
  lone.packets = {1, 0};
  for (std::uint16_t port = 1; port <= 2000; ++port) meter.OnStretch(From(1, port), lone);
  EXPECT_EQ(meter.paths().size(), 500u);
  EXPECT_EQ(meter.overflow().stretches, 1500u);
  EXPECT_EQ(meter.overflow().payload, 1500u * 20);
  meter.OnStretch(From(9), Stretch(2, 1000, 1000, true));
  EXPECT_EQ(meter.paths().size(), 501u);
  meter.Clear();
  EXPECT_TRUE(meter.paths().empty());
  EXPECT_EQ(meter.overflow().stretches, 0u);
}

}  // namespace
}  // namespace gander::detect
