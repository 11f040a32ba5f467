// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "detect/d10_icmp_tunnel/icmp_meter.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::uint8_t kEchoReply = 0, kEchoRequest = 8;

// What ping sends: a time in front, then a pattern that counts up.
std::string PingData(std::size_t size, std::uint64_t stamp) {
  std::string data(size, '\0');
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(i);
  for (std::size_t i = 0; i < std::min<std::size_t>(16, size); ++i)
    data[i] = static_cast<char>(Mix64(stamp) >> (i % 8 * 8));
  return data;
}

std::string Noise(std::size_t size, std::mt19937_64& random, int alphabet = 256) {
  std::string data(size, '\0');
  for (char& c : data) c = static_cast<char>(random() % static_cast<unsigned>(alphabet));
  return data;
}

struct Ping {
  std::string from = "10.20.0.1", to = "203.0.113.5";
  std::uint8_t protocol = ip_proto::kIcmp;
  std::uint8_t request = kEchoRequest, reply = kEchoReply;
};

void Send(Script& script, const Ping& ping, std::uint8_t type, std::uint16_t sequence, const std::string& data) {
  Flow flow;
  flow.from = ping.from;
  flow.to = ping.to;
  flow.transport = ping.protocol;
  IcmpMessageSeen m;
  m.direction = type == ping.reply ? Direction::kToClient : Direction::kToServer;
  m.type = type;
  m.id = 77;
  m.sequence = sequence;
  m.data = AsBytes(data);
  script.Observe(Observation::kIcmpMessage, [&](Meter& meter) { meter.OnIcmpMessage(script.Facts(flow), m); });
}

void Echo(Script& script, std::uint16_t sequence, const std::string& data, const Ping& ping = {}) {
  Send(script, ping, ping.request, sequence, data);
  Send(script, ping, ping.reply, sequence, data);
}

TEST(IcmpTunnelTest, DifferentPayloadsInTwoSizesAtTheThresholdAndNotBelow) {
  Script script;
  std::mt19937_64 random(1);
  for (std::uint16_t i = 0; i < 19; ++i) Echo(script, i, Noise(i % 2 == 0 ? 80 : 81, random));
  script.Next();
  EXPECT_TRUE(script.Of("D10").empty());
  Echo(script, 20, Noise(80, random));
  script.Next();
  const auto alerts = script.Of("D10");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].sid, 2090010u);
  EXPECT_EQ(alerts[0].mitre, (std::vector<std::string>{"T1095", "T1048"}));
  EXPECT_NE(alerts[0].explanation.find("20 different payloads in at least 2 sizes (threshold 20 in 2)"),
            std::string::npos)
      << alerts[0].explanation;
  EXPECT_NE(alerts[0].explanation.find("pattern consistent with a tunnel"), std::string::npos);
  EXPECT_NE(Flat(alerts[0].context).find("distinct_payloads=20"), std::string::npos);
}

TEST(IcmpTunnelTest, AnswersThatDiffer) {
  for (const std::uint16_t count : {4, 5}) {
    Script script;
    std::mt19937_64 random(1);
    for (std::uint16_t i = 0; i < count; ++i) {
      Send(script, {}, kEchoRequest, i, PingData(64, 1));
      Send(script, {}, kEchoReply, i, PingData(64, 2));
    }
    script.Next();
    EXPECT_EQ(script.Of("D10").size(), count >= 5 ? 1u : 0u);
  }
}

TEST(IcmpTunnelTest, AnswersThatWereCutShortAreTheSame) {
  Script script;
  for (std::uint16_t i = 0; i < 30; ++i) {
    Send(script, {}, kEchoRequest, i, PingData(1000, i));
    Send(script, {}, kEchoReply, i, PingData(1000, i).substr(0, 64));
  }
  script.Next();
  EXPECT_TRUE(script.Of("D10").empty());
}

// One size, payloads given back as they came: only that they never repeat tells.
TEST(IcmpTunnelTest, FixedSizeAndTrueEchoesAreFoundByWhatTheyCarry) {
  Script script;
  std::mt19937_64 random(1);
  for (std::uint16_t i = 0; i < 20; ++i) Echo(script, i, Noise(800, random));
  script.Next();
  EXPECT_TRUE(script.Of("D10").empty());  // 15,680 octets
  Echo(script, 21, Noise(800, random));
  script.Next();
  ASSERT_EQ(script.Of("D10").size(), 1u);
  EXPECT_NE(script.Of("D10")[0].explanation.find("16.5 kB of payloads that never repeat"), std::string::npos)
      << script.Of("D10")[0].explanation;
}

TEST(IcmpTunnelTest, AnswersNobodyAskedFor) {
  Script script;
  std::mt19937_64 random(1);
  for (std::uint16_t i = 0; i < 20; ++i) Send(script, {}, kEchoReply, i, Noise(64, random));
  script.Next();
  EXPECT_EQ(script.Of("D10").size(), 1u);
}

TEST(IcmpTunnelTest, OneSideOfAMeshIsSilent) {
  Script script;
  for (std::uint16_t i = 0; i < 500; ++i) Send(script, {}, kEchoReply, i, PingData(56, i));
  script.Next();
  EXPECT_TRUE(script.Of("D10").empty());
}

TEST(IcmpTunnelTest, OtherTypesThatCarryData) {
  Script script;
  std::mt19937_64 random(1);
  for (std::uint16_t i = 0; i < 20; ++i) Send(script, {}, 17, i, Noise(80 + i % 3, random));
  script.Next();
  ASSERT_EQ(script.Of("D10").size(), 1u);
  EXPECT_NE(script.Of("D10")[0].explanation.find("messages of type 17"), std::string::npos);
}

TEST(IcmpTunnelTest, ErrorsCarryWhatTheyMust) {
  Script script;
  std::mt19937_64 random(1);
  for (const std::uint8_t type : {3, 5, 11}) {
    for (std::uint16_t i = 0; i < 100; ++i) Send(script, {}, type, i, Noise(28 + i, random));
  }
  for (const std::uint8_t type : {1, 2, 135, 136, 143}) {
    for (std::uint16_t i = 0; i < 100; ++i)
      Send(script, {.protocol = ip_proto::kIcmp6}, type, i, Noise(28 + i, random));
  }
  script.Next();
  EXPECT_TRUE(script.Of("D10").empty());
}

TEST(IcmpTunnelTest, Version6IsTheSame) {
  Script script;
  std::mt19937_64 random(1);
  const Ping six{"fd00::1", "2001:db8::5", ip_proto::kIcmp6, 128, 129};
  for (std::uint16_t i = 0; i < 20; ++i) Echo(script, i, Noise(80 + i % 3, random), six);
  script.Next();
  EXPECT_EQ(script.Of("D10").size(), 1u);
}

// 24 hours of twelve hosts that ping each other every five seconds, a sweep of sizes among them.
TEST(IcmpTunnelTest, ADayOfPingMeshAndSizeSweepsIsSilent) {
  Script script;
  std::uint64_t stamp = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    for (int beat = 0; beat < 12; ++beat) {
      Ping ping;
      ping.from = "10.20.0." + std::to_string(1 + beat);
      ping.to =
          beat % 2 == 0 ? "203.0.113." + std::to_string(1 + minute % 12) : "10.30.0." + std::to_string(1 + minute % 12);
      Echo(script, static_cast<std::uint16_t>(minute), PingData(56, ++stamp), ping);
      const auto size = static_cast<std::size_t>(minute % 60 * 24 + beat * 2);
      ++stamp;
      Echo(script, static_cast<std::uint16_t>(stamp), PingData(size, stamp), {.from = "10.20.0.99"});
    }
    script.Next(60);
  }
  EXPECT_TRUE(script.Of("D10").empty());
}

// 20 tunnels with packets as a tunnel of IP has them, at one a second.
TEST(IcmpTunnelTest, TwentyTunnelsWithinThirtySeconds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Script script;
    for (int epoch = 0; epoch < 6; ++epoch) {
      for (int i = 0; i < 5; ++i) {
        const auto sequence = static_cast<std::uint16_t>(epoch * 5 + i);
        Send(script, {}, kEchoRequest, sequence, Noise(28 + random() % 900, random));
        Send(script, {}, kEchoReply, sequence, Noise(28 + random() % 900, random));
      }
      script.Next();
    }
    EXPECT_EQ(script.Of("D10").size(), 1u) << seed;
  }
}

TEST(IcmpTunnelTest, MergeIsTheSameWhoeverSawWhat) {
  std::mt19937_64 random(1);
  IcmpMeter one(256, HashKey{}), left(256, HashKey{}), right(256, HashKey{}), sum(256, HashKey{}), reversed(256, HashKey{});
  for (std::uint16_t i = 0; i < 100; ++i) {
    FlowFacts facts;
    facts.tuple = {Ip("10.20.0." + std::to_string(i % 7)), Ip("203.0.113.5"), 0, 0, ip_proto::kIcmp};
    facts.time = {i};
    const std::string data = Noise(40 + i, random);
    const IcmpMessageSeen m{Direction::kToServer, kEchoRequest, 0, 1, i, AsBytes(data)};
    one.OnIcmpMessage(facts, m);
    (i % 3 == 0 ? left : right).OnIcmpMessage(facts, m);
  }
  sum.Merge(left), sum.Merge(right), reversed.Merge(right), reversed.Merge(left);
  const auto a = one.pairs().Sorted(), b = sum.pairs().Sorted(), c = reversed.pairs().Sorted();
  ASSERT_EQ(a.size(), 7u);
  ASSERT_EQ(b.size(), a.size());
  ASSERT_EQ(c.size(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const auto* other : {b[i], c[i]}) {
      EXPECT_EQ(a[i]->key, other->key);
      EXPECT_EQ(a[i]->figures.bytes, other->figures.bytes);
      EXPECT_EQ(a[i]->figures.sizes, other->figures.sizes);
      EXPECT_EQ(a[i]->first_seen, other->first_seen);
    }
  }
  EXPECT_EQ(sum.payloads().size(), one.payloads().size());
}

TEST(IcmpTunnelTest, AFloodOfPairsIsBounded) {
  IcmpMeter meter(64, HashKey{});
  for (std::uint32_t i = 0; i < 1000; ++i) {
    FlowFacts facts;
    facts.tuple = {IpAddress::FromV4(0x0a140001), IpAddress::FromV4(0xcb007100 + i), 0, 0, ip_proto::kIcmp};
    meter.OnIcmpMessage(facts, {Direction::kToServer, kEchoRequest, 0, 1, 1, {}});
  }
  EXPECT_EQ(meter.pairs().size(), 64u);
  EXPECT_EQ(meter.pairs().lost(), 936u);
}

}  // namespace
}  // namespace gander::detect
