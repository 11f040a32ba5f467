// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

// An hour at most in epochs of five seconds, each with `set` applied.
std::vector<Alert> After(int epochs, const std::function<void(Script&)>& set, bool final = false) {
  Script script;
  for (int i = 0; i < epochs; ++i) {
    script.ledger.packets = script.port.received = 1000;
    script.ledger.received = 1'000'000;
    script.ledger.Add(ByteFate::kInspected, 1'000'000);
    set(script);
    script.Next(5, final && i + 1 == epochs);
  }
  return script.Of("D19");
}

TEST(BlindSpotsTest, HealthIsSilent) {
  EXPECT_TRUE(After(100, [](Script&) {}, true).empty());
}

TEST(BlindSpotsTest, DropsAreJudgedByTheMinute) {
  const auto two_in_a_thousand = [](Script& s) { s.port.kernel_drops = 2; };
  EXPECT_TRUE(After(11, two_in_a_thousand).empty());
  const auto alerts = After(12, two_in_a_thousand);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090019u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_EQ(alerts[0].signature, "GANDER Blind spot: 0.20 % of packets dropped");
  const auto many = After(12, [](Script& s) { s.port.interface_drops = 20; });
  ASSERT_EQ(many.size(), 1u);
  EXPECT_EQ(many[0].severity, Severity::kHigh);
}

TEST(BlindSpotsTest, LossThatLastsIsSaidOnce) {
  EXPECT_EQ(After(240, [](Script& s) { s.port.kernel_drops = 2; }).size(), 1u);
}

TEST(BlindSpotsTest, GapsAndTruncation) {
  const auto gaps = After(12, [](Script& s) { s.ledger.gap_bytes = 20'000, s.ledger.gaps = 3; });
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_NE(gaps[0].signature.find("of TCP data never arrived"), std::string::npos);
  const auto cut = After(12, [](Script& s) { s.ledger.Add(ByteFate::kLostTruncated, 20'000); });
  ASSERT_EQ(cut.size(), 1u);
  EXPECT_NE(cut[0].signature.find("cut off by the capture"), std::string::npos);
  EXPECT_TRUE(After(12, [](Script& s) { s.ledger.gap_bytes = 5'000; }).empty());
}

TEST(BlindSpotsTest, TinySamplesProveNothing) {
  EXPECT_TRUE(After(1, [](Script& s) {
                s.ledger.packets = s.port.received = 20;
                s.port.kernel_drops = 10;
                s.ledger.gap_bytes = 500'000;
              }, true).empty());
}

TEST(BlindSpotsTest, OneSidedMirror) {
  const auto with = [](std::uint8_t protocol, int one_way) {
    return After(1, [=](Script& s) {
      for (int i = 0; i < 100; ++i) {
        FlowFacts facts;
        facts.tuple.protocol = protocol;
        FlowTotals totals;
        totals.packets[0] = 5;
        totals.payload[0] = 100;
        totals.packets[1] = i < one_way ? 0 : 5;
        s.EndFlow(facts, totals);
      }
    }, true);
  };
  EXPECT_TRUE(with(ip_proto::kTcp, 19).empty());
  ASSERT_EQ(with(ip_proto::kTcp, 20).size(), 1u);
  EXPECT_TRUE(with(ip_proto::kUdp, 100).empty());  // syslog and its like answer nothing
}

TEST(BlindSpotsTest, UnansweredCallsAreNoBlindSpot) {
  EXPECT_TRUE(After(1, [](Script& s) {
                FlowFacts facts;
                facts.tuple.protocol = ip_proto::kTcp;
                FlowTotals totals;
                totals.packets[0] = 3;  // SYN, SYN, SYN
                for (int i = 0; i < 500; ++i) s.EndFlow(facts, totals);
              }, true).empty());
}

TEST(BlindSpotsTest, ClockStepsAndDeadWorkersAtOnce) {
  EXPECT_TRUE(After(1, [](Script& s) { s.port.step_back = Duration::Millis(900); }).empty());
  EXPECT_EQ(After(1, [](Script& s) { s.port.step_back = Duration::Seconds(2); }).size(), 1u);
  const auto dead = After(1, [](Script& s) { s.workers = 4, s.workers_alive = 3; });
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].severity, Severity::kCritical);
}

TEST(BlindSpotsTest, AFullMeterIsSaid) {
  Options options;
  options.epoch_paths = 16;
  Script script(TestWorld(), options);
  for (int i = 1; i <= 40; ++i) script.See({.to = "192.0.2." + std::to_string(i)});
  script.Next();
  ASSERT_EQ(script.Of("D19").size(), 1u);
  EXPECT_EQ(script.Of("D19")[0].signature, "GANDER Blind spot: 24 findings could not be kept");
}

TEST(BlindSpotsTest, AllReasonsOfLossAddUpAndTwoHaveTheirOwnRemedy) {
  const auto alerts = After(12, [](Script& s) {
    s.port.kernel_drops = 1, s.port.interface_drops = 2, s.port.no_buffer = 3, s.port.ring_full = 4;
  });
  ASSERT_EQ(alerts.size(), 3u);
  EXPECT_NE(alerts[0].explanation.find("120 of 12,072 packets"), std::string::npos) << alerts[0].explanation;
  EXPECT_NE(alerts[0].explanation.find("kernel 12, network card 24, no free buffer 36, full ring between workers 48"),
            std::string::npos);
  EXPECT_NE(alerts[1].explanation.find("mempool_size"), std::string::npos);
  EXPECT_NE(alerts[2].explanation.find("runtime.ring_packets"), std::string::npos);
}

PortHealth::Shed Stretch(std::int64_t begin_s, std::int64_t end_s, std::uint64_t bytes, bool over) {
  const Timestamp zero;
  return {1, zero + Duration::Seconds(begin_s), zero + Duration::Seconds(end_s), "large_bodies", 100, bytes, 0, over};
}

TEST(BlindSpotsTest, SheddingIsSaidWhenItBeginsAndWhenItEnds) {
  int epoch = 0;
  const auto alerts = After(10, [&](Script& s) {
    s.port.shed.clear();
    if (++epoch <= 6)
      s.port.shed = {Stretch(100, 100 + epoch * 5, 500'000u * static_cast<unsigned>(epoch), epoch == 6)};
  });
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts[0].signature, "GANDER Blind spot: shedding began in worker 1: 500.0 kB left out");
  EXPECT_EQ(alerts[1].signature, "GANDER Blind spot: shedding ended in worker 1: 3.0 MB left out");
  EXPECT_EQ(alerts[0].dedup_key, alerts[1].dedup_key);
  EXPECT_NE(alerts[1].explanation.find("50 % of what arrived"), std::string::npos) << alerts[1].explanation;
}

TEST(BlindSpotsTest, StretchesThatFollowOneAnotherAreNotSaidEach) {
  int epoch = 0;
  const auto alerts = After(100, [&](Script& s) {
    ++epoch;
    s.port.shed = {Stretch(epoch * 5, epoch * 5 + 1, 1000, true)};
  });
  EXPECT_EQ(alerts.size(), 1u);
}

TEST(BlindSpotsTest, SheddingThatCostNothingIsSilent) {
  EXPECT_TRUE(After(5, [](Script& s) { s.port.shed = {Stretch(100, 105, 0, false)}; }).empty());
}

TEST(BlindSpotsTest, ABrokenPortIsSaidAndItsReturn) {
  int epoch = 0;
  const auto alerts = After(10, [&](Script& s) {
    ++epoch;
    s.port.broken_ports.clear();
    if (epoch >= 3 && epoch < 7) s.port.broken_ports = {"eth1: the interface broke off"};
  });
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_NE(alerts[0].explanation.find("the interface broke off"), std::string::npos);
  EXPECT_EQ(alerts[1].severity, Severity::kInfo);
  EXPECT_EQ(alerts[1].signature, "GANDER Blind spot: port eth1 works again");
}

}  // namespace
}  // namespace gander::detect
