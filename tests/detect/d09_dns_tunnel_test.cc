// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "detect/account/information.h"
#include "detect/account/registrable_domain.h"
#include "detect/d09_dns_tunnel/dns_meter.h"
#include "detect/d09_dns_tunnel/top_level_domains.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::uint16_t kA = 1, kNull = 10, kTxt = 16;

struct Asked {
  std::string client = "10.20.0.1", server = "10.20.0.53", name;
  std::uint16_t type = kA;
  std::string data = {};
  std::uint16_t port = 53, client_port = 40000;
};

void Ask(Script& script, const Asked& a) {
  Flow flow;
  flow.from = a.client;
  flow.to = a.server;
  flow.transport = ip_proto::kUdp;
  flow.server_port = a.port;
  flow.port = a.client_port;
  DnsNameSeen seen;
  seen.name = a.name;
  seen.type = a.type;
  seen.answer = !a.data.empty();
  seen.data = AsBytes(a.data);
  script.Observe(Observation::kDnsName, [&](Meter& meter) { meter.OnDnsName(script.Facts(flow), seen); });
}

std::string Letters(std::size_t n, std::mt19937_64& random, std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567") {
  std::string text;
  while (text.size() < n) text += alphabet[random() % alphabet.size()];
  return text;
}

std::string RandomBytes(std::size_t n, std::mt19937_64& random) {
  std::string data(n, '\0');
  for (char& c : data) c = static_cast<char>(random());
  return data;
}

TEST(InformationTest, IsLettersTimesEntropy) {
  EXPECT_EQ(InformationOf({}), 0);
  EXPECT_EQ(InformationOf(AsBytes(std::string_view("aaaaaaaa"))), 0);
  EXPECT_DOUBLE_EQ(InformationOf(AsBytes(std::string_view("abababab"))), 1);
  EXPECT_DOUBLE_EQ(InformationOf(AsBytes(std::string_view("abcdefgh"))), 3);
  EXPECT_DOUBLE_EQ(ScaledEntropyOf(AsBytes(std::string_view("abcdefgh"))), 8);
  EXPECT_DOUBLE_EQ(EntropyOf(AsBytes(std::string_view("abcdefgh"))), 3);
}

TEST(TopLevelDomainTest, KnowsTheRootAndWhatIsPrivate) {
  for (const char* label : {"com", "de", "museum", "xn--p1ai", "zw", "aaa", "arpa"}) EXPECT_TRUE(IsTopLevelDomain(label)) << label;
  for (const char* label : {"", "lan", "c0m", "f3a9", "zzz"}) EXPECT_FALSE(IsTopLevelDomain(label)) << label;
  EXPECT_TRUE(IsPrivateTopLevel("lan"));
  EXPECT_FALSE(IsPrivateTopLevel("com"));
  EXPECT_EQ(RegistrablePart("a.b.example.co.uk"), "example.co.uk");
  EXPECT_EQ(RegistrablePart("example.com"), "example.com");
  EXPECT_EQ(RegistrablePart("com"), "");
}

// 16 octets each: 32 letters of an alphabet of 16 that each come twice.
std::string SixteenOctets(int n) {
  std::string text = "0123456789abcdef0123456789abcdef";
  std::mt19937_64 random(static_cast<unsigned>(n));
  std::shuffle(text.begin(), text.end(), random);
  return text;
}

TEST(DnsTunnelTest, InformationAtTheThresholdAndNotBelow) {
  Script script;
  for (int i = 0; i < 31; ++i) Ask(script, {.name = SixteenOctets(i) + ".t.example.com"});  // 31 x 16.6
  script.Next();
  EXPECT_EQ(script.Of("D09").size(), 1u);
  Script less;
  for (int i = 0; i < 30; ++i) Ask(less, {.name = SixteenOctets(i) + ".example.com"});  // 480
  less.Next();
  EXPECT_TRUE(less.Of("D09").empty());
  Ask(less, {.name = SixteenOctets(30) + ".example.com"});  // 496
  less.Next();
  EXPECT_TRUE(less.Of("D09").empty());
  Ask(less, {.name = SixteenOctets(31) + ".example.com"});  // 512
  less.Next();
  const auto alerts = less.Of("D09");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_EQ(alerts[0].sid, 2090009u);
  EXPECT_EQ(alerts[0].signature, "GANDER DNS tunnel: 512 bytes in names below example.com, asked by 10.20.0.1 (zone wards, NO)");
  EXPECT_NE(alerts[0].explanation.find("could have carried 512 bytes in 10 min (threshold 512 bytes)"), std::string::npos)
      << alerts[0].explanation;
  EXPECT_NE(Flat(alerts[0].context).find("information_bytes=512"), std::string::npos);
}

TEST(DnsTunnelTest, NamesAskedAgainCarryNothing) {
  Script script;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 30; ++i) Ask(script, {.name = SixteenOctets(i) + ".example.com"});
    script.Next();
  }
  EXPECT_TRUE(script.Of("D09").empty());
}

// Tools as they are: raw names of 200 letters with NULL, TXT or no data coming back, 20 seeds each.
TEST(DnsTunnelTest, ToolsWithinAMinute) {
  for (const std::uint16_t type : {kNull, kTxt, kA}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      std::mt19937_64 random(seed);
      Script script;
      for (int epoch = 0; epoch < 12; ++epoch) {
        for (int i = 0; i < 10; ++i) {
          const std::string name = Letters(60, random) + "." + Letters(60, random) + ".t1.example.net";
          Ask(script, {.name = name, .type = type});
          if (type != kA) Ask(script, {.name = name, .type = type, .data = RandomBytes(300, random)});
        }
        script.Next();
      }
      ASSERT_GE(script.Of("D09").size(), 1u) << seed;
      EXPECT_EQ(script.Of("D09").back().severity, Severity::kHigh);
    }
  }
}

TEST(DnsTunnelTest, WhatComesDownCountsOnceThereAreNamesEnough) {
  std::mt19937_64 random(1);
  Script script;
  // Short questions, long answers.
  for (int i = 0; i < 8; ++i) {
    const std::string name = Letters(4, random) + ".example.net";
    Ask(script, {.name = name, .type = kTxt});
    Ask(script, {.name = name, .type = kTxt, .data = RandomBytes(200, random)});
  }
  script.Next();
  EXPECT_EQ(script.Of("D09").size(), 1u);
}

TEST(DnsTunnelTest, OneQuestionAMinuteWithinFortyMinutes) {
  std::mt19937_64 random(1);
  Script script;
  for (int minute = 0; minute < 40; ++minute) {
    Ask(script, {.name = Letters(60, random) + "." + Letters(40, random) + ".example.org"});
    script.Next(60);
  }
  EXPECT_GE(script.Of("D09").size(), 1u);
}

TEST(DnsTunnelTest, SlowOnesAreFoundOverADayAndAMonth) {
  const auto found = [](std::size_t letters, int seconds, int count) {
    std::mt19937_64 random(1);
    Script script;
    for (int i = 0; i < count; ++i) {
      Ask(script, {.name = Letters(letters, random) + ".example.org"});
      script.Next(seconds);
    }
    return script.Of("D09").size();
  };
  EXPECT_EQ(found(30, 120, 100), 0u);            // 1.7 kB
  EXPECT_GE(found(55, 120, 720), 1u);            // a day: 22 kB
  EXPECT_GE(found(55, 1200, 72 * 30), 1u);       // 30 days at three an hour
}

TEST(DnsTunnelTest, NamesThatCannotExist) {
  const auto ask = [](int unknown, int names) {
    std::mt19937_64 random(1);
    Script script;
    for (int i = 0; i < unknown; ++i) {
      Ask(script, {.server = "203.0.113.5", .name = "dnscat." + Letters(30, random, "0123456789abcdef") + "." + Letters(20, random, "0123456789abcdef")});
    }
    for (int i = unknown; i < names; ++i) Ask(script, {.server = "203.0.113.5", .name = "www" + std::to_string(i) + ".example.com"});
    script.Next();
    return script.Of("D09");
  };
  EXPECT_TRUE(ask(7, 16).empty());
  EXPECT_TRUE(ask(8, 15).empty());
  const auto alerts = ask(8, 16);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_NE(alerts[0].explanation.find("8 names with 8 different endings that are no top-level domains"), std::string::npos) << alerts[0].explanation;
}

TEST(DnsTunnelTest, WhoAsksAgainAfterLongIsJudgedByWhatIsNew) {
  std::mt19937_64 random(1);
  Script script;
  const auto ask = [&](int names, std::uint16_t port) {
    for (int i = 0; i < names; ++i) {
      Ask(script, {.server = "203.0.113.5", .name = "dnscat." + Letters(20, random, "0123456789abcdef"), .client_port = port});
    }
    script.Next();
  };
  ask(15, 40001);  // one name less than is judged
  script.Next(19 * 60);  // all pairs are looked at now, and it is still known; not so a minute later
  script.Next(58);
  ask(16, 40002);
  const auto alerts = script.Of("D09");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].tuple.source_port, 40002);  // the flow that is shown is of what was judged
}

TEST(DnsTunnelTest, BelowAnEndingThatNobodyDelegated) {
  Script script;
  for (int i = 0; i < 40; ++i) Ask(script, {.name = SixteenOctets(i) + ".pirate.sea", .type = kNull});
  script.Next();
  const auto alerts = script.Of("D09");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("pirate.sea"), std::string::npos) << alerts[0].signature;
}

TEST(DnsTunnelTest, OwnNamesAndSlipsAreSilent) {
  std::mt19937_64 random(1);
  Script script;
  for (int i = 0; i < 200; ++i) {
    Ask(script, {.name = Letters(12, random) + ".lan"});
    Ask(script, {.name = Letters(12, random) + ".hospital"  "internal.corp"});
    Ask(script, {.name = Letters(10, random)});  // what browsers make up
    Ask(script, {.name = "10.0.0." + std::to_string(i)});
    Ask(script, {.name = Letters(12, random) + ".ownforest"});  // one unknown last label, however many names
    Ask(script, {.name = Letters(40, random) + ".local", .port = 5353});
  }
  script.Next();
  EXPECT_TRUE(script.Of("D09").empty());
}

TEST(DnsTunnelTest, ListsOfReputationReverseZonesAndMailRulesAreSilent) {
  std::mt19937_64 random(1);
  Script script;
  for (int i = 0; i < 2000; ++i) {
    const std::string reversed = std::to_string(i % 250) + "." + std::to_string(i / 8) + ".100.198";
    Ask(script, {.name = reversed + ".zen.spamhaus.org"});
    Ask(script, {.name = Letters(60, random) + ".a.sophosxl.net", .type = kTxt});
    Ask(script, {.name = reversed + ".in-addr.arpa"});
    if (i % 100 == 0) script.Next();
  }
  for (int domain = 0; domain < 100; ++domain) {
    const std::string mail = "example" + std::to_string(domain) + ".com";
    Ask(script, {.name = mail, .type = kTxt, .data = "\x10v=spf1 " + Letters(200, random)});
    Ask(script, {.name = mail, .type = kTxt, .data = "\x10" "MS=" + Letters(30, random)});
    Ask(script, {.name = "k1._domainkey." + mail, .type = kTxt, .data = "\xff" "p=" + Letters(390, random)});
  }
  script.Next();
  EXPECT_TRUE(script.Of("D09").empty());
}

// A name for each picture or build, 9 octets each, asked by everybody: the threshold is eight times as high.
TEST(DnsTunnelTest, WhatManyAskNeedsEightTimesAsMuch) {
  std::mt19937_64 random(1);
  Script script;
  for (int client = 1; client <= 10; ++client) {
    for (int i = 0; i < 5; ++i) Ask(script, {.client = "10.20.1." + std::to_string(client), .name = "w" + std::to_string(i) + ".cdn.example.net"});
  }
  script.Next();
  for (int i = 0; i < 60; ++i) Ask(script, {.client = "10.20.1.1", .name = Letters(20, random) + ".cdn.example.net"});
  script.Next();
  EXPECT_TRUE(script.Of("D09").empty());
  for (int i = 0; i < 460; ++i) Ask(script, {.client = "10.20.1.1", .name = Letters(20, random) + ".cdn.example.net"});
  script.Next();
  EXPECT_EQ(script.Of("D09").size(), 1u);
}

// Content networks: tokens of 14 letters, some new every minute, over eight hours of a busy browser.
TEST(DnsTunnelTest, EightHoursOfBrowsingAreSilent) {
  std::mt19937_64 random(1);
  Script script;
  for (int minute = 0; minute < 480; ++minute) {
    for (int i = 0; i < 20; ++i) {
      Ask(script, {.name = "www.page" + std::to_string(random() % 300) + ".com"});
      Ask(script, {.name = "static" + std::to_string(random() % 9) + ".site" + std::to_string(random() % 200) + ".de"});
    }
    Ask(script, {.name = "d" + Letters(13, random) + ".cloudfront.net"});
    if (minute % 3 == 0) Ask(script, {.name = "e" + std::to_string(random() % 9999) + ".a.akamaiedge.net"});
    script.Next(60);
  }
  EXPECT_TRUE(script.Of("D09").empty());
}

TEST(DnsTunnelTest, SpreadOverDomainsThatAreNewHere) {
  std::mt19937_64 random(1);
  Script script;
  const auto day = [&](int count) {
    for (int i = 0; i < count; ++i) {
      Ask(script, {.name = Letters(60, random) + ".bought" + std::to_string(i % 60) + ".com"});
      script.Next(86'400 / count);
    }
  };
  for (int d = 0; d < 8; ++d) Ask(script, {.name = "www.example.com"}), script.Next(86'400);
  EXPECT_TRUE(script.Of("D09").empty());
  day(720);
  const auto alerts = script.Of("D09");
  ASSERT_GE(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("over many domains"), std::string::npos);
}

TEST(DnsTunnelTest, RegisteredRecipientsAreSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "vendor";
  e.to_domains = {"example.com"};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  std::mt19937_64 random(1);
  Script script(world);
  for (int i = 0; i < 100; ++i) Ask(script, {.name = Letters(60, random) + ".example.com"});
  script.Next();
  EXPECT_TRUE(script.Of("D09").empty());
}

TEST(DnsTunnelTest, MergeIsTheSameWhoeverSawWhat) {
  std::mt19937_64 random(1);
  DnsMeter one(512, HashKey{}), left(512, HashKey{}), right(512, HashKey{}), sum(512, HashKey{}), reversed(512, HashKey{});
  for (int i = 0; i < 100; ++i) {
    FlowFacts facts;
    facts.tuple = {Ip("10.20.0." + std::to_string(i % 7)), Ip("203.0.113.5"), 4000, 53, ip_proto::kUdp};
    facts.time = {i};
    const std::string name = Letters(10 + random() % 3, random) + ".example.com";
    for (int repeat = 0; repeat < 2; ++repeat) {
      facts.time.ns += repeat;
      DnsNameSeen seen;
      seen.name = name;
      one.OnDnsName(facts, seen);
      ((i + repeat) % 3 == 0 ? left : right).OnDnsName(facts, seen);
    }
  }
  sum.Merge(left), sum.Merge(right), reversed.Merge(right), reversed.Merge(left);
  const auto a = one.uses().Sorted(), b = sum.uses().Sorted(), c = reversed.uses().Sorted();
  ASSERT_EQ(a.size(), 100u);
  ASSERT_EQ(b.size(), a.size());
  ASSERT_EQ(c.size(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const auto* other : {b[i], c[i]}) {
      EXPECT_EQ(a[i]->key, other->key);
      EXPECT_EQ(a[i]->information, other->information);
      EXPECT_EQ(a[i]->first_seen, other->first_seen);
      EXPECT_EQ(a[i]->sample, other->sample);
    }
  }
}

}  // namespace
}  // namespace gander::detect
