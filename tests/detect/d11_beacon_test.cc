// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

struct Habit {
  Flow flow;
  std::uint64_t out = 300, in = 900;
  bool opened = true;
};

// So many beats of `period` seconds.
void Beat(Script& script, const std::vector<Habit>& habits, int beats, std::int64_t period = 300) {
  for (int i = 0; i < beats; ++i) {
    for (const Habit& h : habits) script.Exchange(h.flow, {.out = h.out, .in = h.in, .opened = h.opened});
    script.Next(period);
  }
}

TEST(BeaconTest, FortyEightIntervalsAndNotBelow) {
  Script script;
  Beat(script, {{}}, 48);
  EXPECT_TRUE(script.Of("D11").empty());
  Beat(script, {{}}, 1);
  const auto alerts = script.Of("D11");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_EQ(alerts[0].sid, 2090011u);
  EXPECT_NE(alerts[0].signature.find("calls 203.0.113.5 (outside, DE) about every"), std::string::npos)
      << alerts[0].signature;
  EXPECT_NE(alerts[0].explanation.find("Still learning"), std::string::npos) << alerts[0].explanation;
  EXPECT_NE(alerts[0].explanation.find("over 48 intervals (threshold 48)"), std::string::npos) << alerts[0].explanation;
  Beat(script, {{}}, 100);
  EXPECT_EQ(script.Of("D11").size(), 1u);
}

TEST(BeaconTest, FourHoursAndNotBelow) {
  Script script;
  Beat(script, {{}}, 480, 29);  // 3 h 52 min
  EXPECT_TRUE(script.Of("D11").empty());
  Beat(script, {{}}, 20, 29);
  EXPECT_EQ(script.Of("D11").size(), 1u);
}

TEST(BeaconTest, JitterAndLostBeats) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Script script;
    for (int beats = 0; beats < 49;) {
      if (random() % 10 >= 3) script.Exchange({}, {.out = 300, .in = 900}), ++beats;
      script.Next(300 + static_cast<std::int64_t>(random() % 181) - 90);
    }
    found += script.Of("D11").size() == 1;
  }
  EXPECT_GE(found, 19);
}

TEST(BeaconTest, BurstsInsideOneLongFlow) {
  Script script;
  Habit habit;
  habit.opened = false;
  Beat(script, {habit}, 60);
  EXPECT_EQ(script.Of("D11").size(), 1u);
  Script keep_alive;
  habit.out = habit.in = 60;
  Beat(keep_alive, {habit}, 200);
  EXPECT_TRUE(keep_alive.Of("D11").empty());
}

TEST(BeaconTest, WhatManyCallIsSilentUnlessItUploads) {
  for (const bool uploads : {false, true}) {
    Script script;
    std::vector<Habit> habits;
    for (int client = 1; client <= 6; ++client) {
      Habit h;
      h.flow.from = "10.20.0." + std::to_string(client);
      h.flow.host = "telemetry.example.com";
      if (uploads && client == 3) h.out = 30'000, h.in = 500;
      habits.push_back(h);
    }
    Beat(script, habits, 100);
    ASSERT_EQ(script.Of("D11").size(), uploads ? 1u : 0u);
    if (uploads) { EXPECT_NE(script.Of("D11")[0].explanation.find("more goes out than comes in"), std::string::npos); }
  }
}

TEST(BeaconTest, WhatTheNetworkKnewForAMonthIsSilent) {
  Script script;
  script.Exchange({}, {.out = 300, .in = 300});
  script.Next(31 * 86'400);
  Beat(script, {{}}, 100);
  EXPECT_TRUE(script.Of("D11").empty());
}

TEST(BeaconTest, NewAfterAMonthOfWatchingIsHigher) {
  Script script;
  script.Exchange({.to = "198.51.100.9"}, {.out = 300, .in = 300});
  script.Next(31 * 86'400);
  Beat(script, {{}}, 60);
  ASSERT_EQ(script.Of("D11").size(), 1u);
  EXPECT_EQ(script.Of("D11")[0].severity, Severity::kHigh);
  EXPECT_EQ(script.Of("D11")[0].explanation.find("Still learning"), std::string::npos);
}

TEST(BeaconTest, DataAboutPeopleOnTheSameWayMakesItHigh) {
  Script script;
  script.See({.person = 1});
  script.Exchange({}, {.out = 300, .in = 900});
  script.Next(300);
  Beat(script, {{}}, 60);
  ASSERT_EQ(script.Of("D11").size(), 1u);
  EXPECT_EQ(script.Of("D11")[0].severity, Severity::kHigh);
}

// 20 harmless programs with a rhythm.
TEST(BeaconTest, TwentyBenignPollersAreSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "vendor";
  e.to_domains = {"vendor.example.org"};
  e.classes = {"device"};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  std::vector<Habit> habits;
  const auto add = [&](Flow flow) { habits.push_back({std::move(flow), 300, 900, true}); };
  add({.server_port = 123, .transport = ip_proto::kUdp});                                     // clock
  add({.server_port = 53, .transport = ip_proto::kUdp, .app_proto = "dns"});                  // resolver outside
  add({.server_port = 993, .encrypted = true, .app_proto = "tls"});                           // mail box
  add({.server_port = 110, .app_proto = "pop3"});
  add({.server_port = 161, .transport = ip_proto::kUdp, .app_proto = "snmp"});
  add({.server_port = 5228, .encrypted = true, .app_proto = "tls"});                          // push messages
  add({.server_port = 500, .transport = ip_proto::kUdp});
  add({.host = "api.snapcraft.io", .encrypted = true, .app_proto = "tls"});
  add({.host = "security.ubuntu.com", .app_proto = "http"});
  add({.host = "www.msftconnecttest.com", .app_proto = "http"});
  add({.host = "update.googleapis.com", .encrypted = true, .app_proto = "tls"});
  add({.host = "ocsp.digicert.com", .app_proto = "http"});
  add({.host = "aus5.mozilla.org", .encrypted = true, .app_proto = "tls"});
  add({.host = "in.vendor.example.org", .encrypted = true, .app_proto = "tls"});              // registered
  add({.to = "10.20.0.9", .server_port = 80, .app_proto = "http"});                           // monitoring inside
  add({.to = "10.30.0.9", .server_port = 5666});                                              // and between own zones
  add({.from = "198.51.100.4", .to = "10.20.0.80", .server_port = 443, .app_proto = "tls"});  // a probe from outside
  add({.to = "224.0.0.251", .server_port = 5000, .transport = ip_proto::kUdp});
  add({.to = "255.255.255.255", .server_port = 6000, .transport = ip_proto::kUdp});
  add({.transport = ip_proto::kIcmp});
  ASSERT_EQ(habits.size(), 20u);
  Beat(script, habits, 300);
  EXPECT_TRUE(script.Of("D11").empty()) << script.Of("D11")[0].signature;
}

// A new name below one domain for each beat.
void Rotate(Script& script, const std::string& domain, int beats, std::uint64_t out = 300) {
  for (int i = 0; i < beats; ++i) {
    script.Exchange({.host = "x" + std::to_string(i * 7919) + "." + domain}, {.out = out, .in = 900});
    script.Next(300);
  }
}

TEST(BeaconTest, RotatingNamesBelowOneDomain) {
  Script script;
  Rotate(script, "evil.example.com", 48);
  EXPECT_TRUE(script.Of("D11").empty());
  Rotate(script, "evil.example.com", 2);
  const auto alerts = script.Of("D11");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_NE(alerts[0].signature.find("calls names below example.com, last x"), std::string::npos)
      << alerts[0].signature;
  EXPECT_EQ(alerts[0].dedup_key, "D11|10.20.0.1|*.example.com");
}

TEST(BeaconTest, CustomersOfOneHostAreNotOneRecipient) {
  for (const char* domain : {"cloudfront.net", "s3.eu-west-1.amazonaws.com", "github.io", "herokuapp.com"}) {
    Script script;
    Rotate(script, domain, 100);
    EXPECT_TRUE(script.Of("D11").empty()) << domain;
    Script one;  // one of them by itself is
    Beat(one, {{.flow = {.host = std::string("drop.") + domain}}}, 50);
    EXPECT_EQ(one.Of("D11").size(), 1u) << domain;
  }
}

TEST(BeaconTest, ADomainThatManyCallIsNoOnesOwn) {
  Script script;
  for (int beat = 0; beat < 100; ++beat) {
    for (int client = 1; client <= 6; ++client) {
      const std::string host = "edge" + std::to_string(beat * 6 + client) + ".cdn.example.org";
      script.Exchange({.from = "10.20.0." + std::to_string(client), .host = host}, {.out = 300, .in = 900});
    }
    script.Next(300);
  }
  EXPECT_TRUE(script.Of("D11").empty());
}

TEST(BeaconTest, OneNameWithARhythmSpeaksAndItsDomainNot) {
  Script script;
  const Habit home{.flow = {.host = "c2.example.com"}}, also{.flow = {.host = "d2.example.com"}};
  Beat(script, {home, also}, 60);
  ASSERT_EQ(script.Of("D11").size(), 2u);
  for (const Alert& a : script.Of("D11")) EXPECT_EQ(a.dedup_key.find("*."), std::string::npos) << a.dedup_key;
}

TEST(BeaconTest, RegisteredNamesAreSilentTogether) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "vendor";
  e.to_domains = {"example.com"};
  e.classes = {"device"};
  e.basis = {"contract", "C-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  Rotate(script, "in.example.com", 100);
  EXPECT_TRUE(script.Of("D11").empty());
}

TEST(BeaconTest, ADayOfBrowsingIsSilent) {
  std::mt19937_64 random(1);
  Script script;
  for (int i = 0; i < 2000; ++i) {
    script.Exchange({.host = "site" + std::to_string(random() % 12) + ".example.com"}, {.out = 900, .in = 90'000});
    script.Next(random() % 10 < 7 ? 5 + static_cast<std::int64_t>(random() % 40)
                                  : 60 + static_cast<std::int64_t>(random() % 1500));
  }
  EXPECT_TRUE(script.Of("D11").empty());
}

TEST(BeaconTest, TablesAreBounded) {
  Options options;
  options.max_keys = 1000;
  Script script(TestWorld(), options);
  for (int i = 0; i < 5000; ++i) {
    script.Exchange({.to = "198.51." + std::to_string(i / 250 % 250) + "." + std::to_string(i % 250)}, {.out = 300});
    if (i % 500 == 0) script.Next();
  }
  Beat(script, {{}}, 60);
  EXPECT_EQ(script.Of("D11").size(), 1u);
}

}  // namespace
}  // namespace gander::detect
