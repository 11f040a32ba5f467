// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "detect/d22_surveillance_feed/feed_meter.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

struct Copy {
  const char* kind = "gre";
  std::string from = "10.20.0.254", to = "203.0.113.66";
  std::string source = "10.20.0.7", destination = "192.0.2.10";
};

TunnelledSeen SeenCopy(const Copy& c, Timestamp time) {
  TunnelledSeen seen;
  seen.kind = c.kind;
  seen.outer_source = Ip(c.from);
  seen.outer_destination = Ip(c.to);
  seen.inner = {Ip(c.source), Ip(c.destination), 4000, 443, ip_proto::kTcp};
  seen.bytes = 600;
  seen.time = time;
  return seen;
}

void Send(Script& script, const Copy& c, int packets) {
  for (int i = 0; i < packets; ++i) {
    script.Observe(Observation::kTunnelled,
                   [&](Meter& m) { m.OnTunnelled(SeenCopy(c, script.now() + Duration::Millis(i))); });
  }
}

std::vector<Alert> After(const Copy& c, int own, int other, policy::PolicySource world = TestWorld()) {
  Script script(std::move(world));
  Send(script, c, own);
  Copy foreign = c;
  foreign.source = "198.51.100.1";
  Send(script, foreign, other);
  script.Next();
  return script.Of("D22");
}

TEST(SurveillanceFeedTest, EighteenOfTwentyAndNotBelow) {
  const auto alerts = After({}, 18, 2);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);
  EXPECT_EQ(alerts[0].sid, 2090022u);
  EXPECT_EQ(
      alerts[0].signature,
      "GANDER Surveillance feed: 20 packets by gre from 10.20.0.254 (zone wards, NO) to 203.0.113.66 (outside, DE)");
  EXPECT_NE(alerts[0].explanation.find("18 of 20 looked at"), std::string::npos) << alerts[0].explanation;
  EXPECT_NE(alerts[0].explanation.find("Nothing comes back"), std::string::npos);
  EXPECT_TRUE(After({}, 17, 3).empty());
  EXPECT_TRUE(After({}, 19, 0).empty());
}

TEST(SurveillanceFeedTest, EveryTunnelThatCarriesConversations) {
  for (const char* kind : {"gre", "erspan", "vxlan", "geneve", "nvgre", "tzsp"})
    EXPECT_EQ(After({.kind = kind}, 20, 0).size(), 1u) << kind;
  for (const char* kind : {"teredo", "gtp_u", "l2tp", "mpls"})
    EXPECT_TRUE(After({.kind = kind}, 20, 0).empty()) << kind;
}

TEST(SurveillanceFeedTest, SlowFeedsAreLookedAtTogether) {
  Script script;
  for (int i = 0; i < 20; ++i) Send(script, {}, 1), script.Next(60);
  EXPECT_EQ(script.Of("D22").size(), 1u);
}

// 20 feeds of 50 packets a second within a minute.
TEST(SurveillanceFeedTest, TwentyWithinAMinute) {
  for (int i = 1; i <= 20; ++i) {
    Script script;
    for (int epoch = 0; epoch < 12; ++epoch) {
      Send(script, {.kind = i % 2 == 0 ? "gre" : "vxlan", .to = "203.0.113." + std::to_string(i)}, 250);
      script.Next();
    }
    EXPECT_EQ(script.Of("D22").size(), 1u) << i;
  }
}

TEST(SurveillanceFeedTest, OverlaysBetweenOwnZonesAreSilent) {
  EXPECT_TRUE(After({.to = "10.30.0.254"}, 1000, 0).empty());
  EXPECT_TRUE(After({.from = "203.0.113.66", .to = "10.20.0.254"}, 1000, 0).empty());
}

TEST(SurveillanceFeedTest, WhatGoesBothWaysIsATunnelNotACopy) {
  Script script;
  for (int epoch = 0; epoch < 10; ++epoch) {
    Send(script, {}, 100);
    Send(script, {.from = "203.0.113.66", .to = "10.20.0.254", .source = "192.0.2.10", .destination = "10.20.0.7"}, 60);
    script.Next();
  }
  ASSERT_EQ(script.Of("D22").size(), 1u);
  EXPECT_EQ(script.Of("D22")[0].severity, Severity::kMedium);
  EXPECT_NE(script.Of("D22")[0].signature.find("Undeclared tunnel"), std::string::npos);
}

TEST(SurveillanceFeedTest, DeclaredTunnelsAreSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "sd-wan";
  IpPrefix net;
  ASSERT_TRUE(IpPrefix::Parse("203.0.113.66", net));
  e.to_nets = {net};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  EXPECT_TRUE(After({}, 1000, 0, world).empty());
}

TEST(SurveillanceFeedTest, FlowExportAtTheThresholdAndNotBelow) {
  const auto after = [](const char* format, std::uint64_t bytes, const std::string& to) {
    Script script;
    const Flow flow{.to = to, .server_port = 2055, .transport = ip_proto::kUdp, .app_proto = format};
    for (int epoch = 0; epoch < 10; ++epoch) {
      script.Exchange(flow, {.out = bytes / 10});
      script.Next();
    }
    return script.Of("D22");
  };
  EXPECT_TRUE(after("ipfix", 63'990, "203.0.113.5").empty());
  const auto alerts = after("ipfix", 64'000, "203.0.113.5");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);
  EXPECT_NE(alerts[0].signature.find("at least 1,000 records of connections by ipfix"), std::string::npos)
      << alerts[0].signature;
  EXPECT_EQ(after("netflow", 64'000, "203.0.113.5").size(), 1u);
  EXPECT_TRUE(after("sflow", 64'000, "203.0.113.5").empty());
  EXPECT_EQ(after("sflow", 200'000, "203.0.113.5").size(), 1u);
  EXPECT_TRUE(after("netflow", 9'000'000, "10.30.0.8").empty());  // to the own collector
}

TEST(SurveillanceFeedTest, TenCamerasToOnePartyAndNotNine) {
  const auto after = [](int cameras, std::uint64_t in, bool fetched) {
    Script script;
    for (int i = 1; i <= cameras; ++i) {
      const std::string camera = "10.20.7." + std::to_string(i);
      Flow flow{.from = camera, .server_port = 554, .app_proto = "rtsp"};
      if (fetched) flow.from = "203.0.113.5", flow.to = camera;
      script.Exchange(flow, fetched ? Volume{.out = in, .in = 200'000} : Volume{.out = 200'000, .in = in});
    }
    script.Next();
    return script.Of("D22");
  };
  EXPECT_TRUE(after(9, 5000, false).empty());
  const auto alerts = after(10, 5000, false);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("pictures or sound of 10 devices"), std::string::npos) << alerts[0].signature;
  EXPECT_EQ(after(10, 5000, true).size(), 1u);
  EXPECT_TRUE(after(10, 150'000, false).empty());  // a conference
}

TEST(SurveillanceFeedTest, MergeIsTheSameWhoeverSawWhat) {
  FeedMeter one(64), left(64), right(64), sum(64), reversed(64);
  std::mt19937_64 random(1);
  for (int i = 0; i < 500; ++i) {
    const TunnelledSeen seen =
        SeenCopy({.to = "203.0.113." + std::to_string(i % 3), .source = "10.20.0." + std::to_string(random() % 250)},
             Timestamp{static_cast<std::int64_t>(random() % 300)});
    one.OnTunnelled(seen);
    (random() % 2 == 0 ? left : right).OnTunnelled(seen);
  }
  sum.Merge(left), sum.Merge(right), reversed.Merge(right), reversed.Merge(left);
  for (const FeedMeter* m : {&sum, &reversed}) {
    const auto a = one.feeds().Sorted(), b = m->feeds().Sorted();
    ASSERT_EQ(a.size(), 3u);
    ASSERT_EQ(b.size(), a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i]->packets, b[i]->packets);
      EXPECT_EQ(a[i]->inners, b[i]->inners);
      EXPECT_TRUE(a[i]->inner == b[i]->inner);
    }
  }
}

}  // namespace
}  // namespace gander::detect
