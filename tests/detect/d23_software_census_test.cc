// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdlib>

#include "detect/d23_software_census/software_meter.h"
#include "detect/d23_software_census/update_waves.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

policy::PolicySource World() {
  policy::PolicySource world = TestWorld();
  policy::Advisory a;
  a.id = "EX-2026-1";
  a.product = "curl";
  a.versions = {"< 8.4.0"};
  EXPECT_TRUE(ParseDate("2026-10-25", a.published));
  a.remedy = "take curl 8.4.0 or later";
  world.advisories = {a};
  return world;
}

std::string Host(int i) { return "10.20." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1); }

void Name(Script& script, const std::string& host, std::string_view text, const char* where = "http.user_agent") {
  const FlowFacts facts = script.Facts({.from = host, .app_proto = "http"});
  const SoftwareSeen seen{where, Direction::kToServer, text};
  script.Observe(Observation::kSoftware, [&](Meter& m) { m.OnSoftware(facts, seen); });
}

std::string Names(std::string_view text, bool has_comments = true) {
  std::array<SoftwareName, kMaxNamesOfText> names;
  const std::size_t count = ReadSoftwareNames(text, has_comments, names);
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    out += (i == 0 ? "" : ", ") + std::string(names[i].product()) + " " + std::string(names[i].version());
  }
  return out;
}

TEST(SoftwareNameTest, ReadsWhatProgramsSayOfThemselves) {
  EXPECT_EQ(Names("curl/8.5.0"), "curl 8.5.0");
  EXPECT_EQ(Names("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0"), "Firefox 119.0");
  EXPECT_EQ(Names("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 "
                  "Edg/119.0.2151.58"),
            "Chrome 119.0.0.0, Edg 119.0.2151.58");
  EXPECT_EQ(Names("Apache/2.4.57 (Debian) OpenSSL/3.0.11"), "Apache 2.4.57, OpenSSL 3.0.11");
  EXPECT_EQ(Names("OpenSSH_9.2p1 Debian-2+deb12u2", false), "OpenSSH 9.2p1");
  EXPECT_EQ(Names("(vsFTPd 3.0.5)", false), "vsFTPd 3.0.5");
  EXPECT_EQ(Names("nginx"), "");
  EXPECT_EQ(Names("client/078-05-1120 curl/8.5.0"), "curl 8.5.0") << "a number of somebody is no version";
  EXPECT_EQ(Names("app910312778461/2 id/910312778461"), "");
  EXPECT_EQ(Names(""), "");
  EXPECT_EQ(Names("((((("), "");
  EXPECT_EQ(Names(std::string(5000, 'a') + "/1"), "");
  EXPECT_EQ(Names("a/1 b/2 c/3 d/4 e/5"), "a 1, b 2, c 3, d 4");
}

TEST(SoftwareCensusTest, FlawedVersionsThatStillTalk) {
  Script script(World());
  for (int i = 0; i < 12; ++i) Name(script, Host(i), i % 2 == 0 ? "curl/8.3.1" : "curl/7.88.1");
  for (int i = 12; i < 60; ++i) Name(script, Host(i), "curl/8.4.0");
  Name(script, Host(70), "Wget/1.21");
  script.Next(60);
  const auto alerts = script.Of("D23");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kInfo);
  EXPECT_EQ(
      alerts[0].signature,
      "GANDER Software with a known flaw still in use: 12 hosts with curl (EX-2026-1), 30 days after the advisory");
  EXPECT_NE(alerts[0].explanation.find("take curl 8.4.0"), std::string::npos);
  for (int minute = 0; minute < 30; ++minute) {
    Name(script, Host(1), "curl/7.88.1");
    script.Next(60);
  }
  EXPECT_EQ(script.Of("D23").size(), 1u);
}

TEST(SoftwareCensusTest, SilentWithoutAdvisories) {
  Script script;
  for (int i = 0; i < 60; ++i) Name(script, Host(i), "curl/7.1");
  script.Next(60);
  EXPECT_TRUE(script.Of("D23").empty());
}

// DETECTION.md, D23: the census errs by at most 6 %.
TEST(SoftwareCensusTest, CountsHostsWithinSixPercent) {
  for (const int hosts : {100, 1000, 5000, 20000}) {
    Options options;
    options.census.epoch_names = 32768;
    Script script(World(), options);
    for (int i = 0; i < hosts; ++i) Name(script, Host(i), "curl/8.1.0");
    script.Next(60);
    ASSERT_EQ(script.Of("D23").size(), 1u);
    const std::string context = Flat(script.Of("D23")[0].context);
    const int counted = std::atoi(context.c_str() + context.find("hosts=") + 6);
    EXPECT_LE(std::abs(counted - hosts), hosts * 6 / 100) << counted;
  }
}

void Visit(Script& script, const std::string& host, const std::string& server) {
  script.Exchange({.from = host, .to = "198.51.100.20", .host = server, .encrypted = true, .app_proto = "tls"},
                  {.in = 9000});
}

TEST(SoftwareCensusTest, HalfAFleetAtOneUpdateServer) {
  const auto waves = [](int fleet, int visitors, const std::string& server) {
    Script script;
    for (int i = 0; i < fleet; ++i) Name(script, Host(i), "Panel/4.2");
    script.Next(60);
    for (int i = 0; i < visitors; ++i) Visit(script, Host(i), server);
    script.Next(60);
    return script.Of("D23").size();
  };
  EXPECT_EQ(waves(40, 20, "fota.vendor.example"), 1u);
  EXPECT_EQ(waves(40, 19, "fota.vendor.example"), 0u);
  EXPECT_EQ(waves(19, 19, "fota.vendor.example"), 0u);       // too few to be a fleet
  EXPECT_EQ(waves(40, 40, "www.vendor.example"), 0u);        // no update server by its name
  EXPECT_EQ(waves(40, 40, "update.example"), 0u);            // anybody may be called so
}

TEST(SoftwareCensusTest, AWaveWithinADayAndNotOverThree) {
  for (const std::int64_t apart : {1800, 10'000}) {
    Script script;
    for (int i = 0; i < 40; ++i) {
      for (int member = 0; member < 40; ++member) Name(script, Host(member), "Panel/4.2");
      Visit(script, Host(i), "fota.vendor.example");
      script.Pass(apart);
    }
    EXPECT_EQ(script.Of("D23").empty(), apart != 1800);
  }
}

TEST(SoftwareCensusTest, ClientsTurnedAway) {
  for (const int clients : {5, 4}) {
    Script script;
    for (int i = 0; i < clients; ++i) {
      const FlowFacts facts = script.Facts({.from = Host(i), .host = "api.vendor.example"});
      RequestSeen request;
      request.status = 426;
      script.Observe(Observation::kRequest, [&](Meter& m) { m.OnRequest(facts, request); });
      request.status = 404;
      script.Observe(Observation::kRequest, [&](Meter& m) { m.OnRequest(facts, request); });
    }
    script.Next(60);
    ASSERT_EQ(script.Of("D23").size(), clients == 5 ? 1u : 0u);
  }
}

TEST(UpdateWavesTest, KnowsUpdateServersByTheirNames) {
  for (const char* host : {"update.vendor.example", "fota-3.eu.vendor.example", "dl.vendor.example",
                           "a.swupdate.x.example"}) {
    EXPECT_TRUE(IsUpdateHost(host)) << host;
  }
  for (const char* host : {"", "update", "update.example", "updateable.vendor.example", "www.vendor.example", "..."}) {
    EXPECT_FALSE(IsUpdateHost(host)) << host;
  }
}

TEST(UpdateWavesTest, MemoryIsBounded) {
  UpdateWaves waves(2, 0.5, 100);
  for (int i = 0; i < 500; ++i) {
    waves.AddMember(Ip(Host(i)), "p", {1});
    waves.AddVisit(Ip(Host(i)), "update.vendor.example", Ip("198.51.100.20"), {}, {}, {}, {1});
  }
  EXPECT_EQ(waves.lost(), 800u);
  EXPECT_EQ(waves.Take({2}).at(0).fleet, 100u);
}

TEST(SoftwareMeterTest, MergeIsCommutative) {
  Script script;
  const HashKey key{1, 2};
  const auto fill = [&](SoftwareMeter& meter, int from, int to) {
    for (int i = from; i < to; ++i) {
      const std::string text = "p/" + std::to_string(i % 7);
      meter.OnSoftware(script.Facts({.from = Host(i % 11)}), {"http.user_agent", Direction::kToServer, text});
    }
  };
  const auto told = [](const SoftwareMeter& meter) {
    std::string out;
    for (const auto* e : meter.Sorted()) out += e->host.ToString() + " " + std::string(e->name.version()) + ";";
    return out;
  };
  SoftwareMeter a(128, key), b(128, key), ab(128, key), ba(128, key), one(128, key);
  fill(a, 0, 40);
  fill(b, 30, 80);
  fill(one, 0, 40);
  fill(one, 30, 80);
  ab.Merge(a);
  ab.Merge(b);
  ba.Merge(b);
  ba.Merge(a);
  EXPECT_EQ(told(ab), told(ba));
  EXPECT_EQ(told(ab), told(one));
  SoftwareMeter small(4, key);
  fill(small, 0, 40);
  EXPECT_GT(small.overflow(), 0u);
}

}  // namespace
}  // namespace gander::detect
