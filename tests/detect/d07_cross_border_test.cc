// SPDX-License-Identifier: Apache-2.0
#include "detect/d07_cross_border/relays.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

// The test's world, and a neighbour at home.
policy::PolicySource World() {
  policy::PolicySource world = TestWorld();
  policy::PolicySource::Override home;
  IpPrefix net;
  EXPECT_TRUE(IpPrefix::Parse("192.0.2.0/24", net));
  home.nets = {net};
  home.jurisdiction = {{'N', 'O'}};
  home.line = 3;
  world.overrides.push_back(home);
  return world;
}

policy::TransferEntry ToGermany() {
  policy::TransferEntry e;
  e.id = "billing";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  return e;
}

void Send(Script& script, std::uint64_t first, std::uint64_t last, Sighting s = {}) {
  for (std::uint64_t i = first; i < last; ++i) {
    s.person = i;
    script.See(s);
  }
}

TEST(CrossBorderTest, FiresAtTenPeopleAndNotBelow) {
  Script script(World());
  Send(script, 0, 9);
  script.Next();
  EXPECT_TRUE(script.Of("D07").empty());
  Send(script, 9, 10);
  script.Next();
  const auto alerts = script.Of("D07");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090007u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].mitre, (std::vector<std::string>{"T1567", "T1537"}));
  EXPECT_EQ(alerts[0].signature,
            "GANDER Personal data crossed a border without a registered basis: 10 people, national_id, 10.20.0.1 (zone "
            "wards, NO) to 203.0.113.5 (outside, DE)");
}

TEST(CrossBorderTest, OneOfASensitiveClassIsEnoughIfChanceIsNot) {
  Script chance(World());
  Send(chance, 0, 1, {.rule = kHealth, .evidence = identify::Evidence::kCounted});
  chance.Next();
  EXPECT_TRUE(chance.Of("D07").empty());
  Script script(World());
  Send(script, 0, 1, {.rule = kHealth});
  script.Next();
  ASSERT_EQ(script.Of("D07").size(), 1u);
  EXPECT_EQ(script.Of("D07")[0].severity, Severity::kMedium);
}

TEST(CrossBorderTest, WaysToReachPeopleNeedAHundred) {
  Script script(World());
  Send(script, 0, 99, {.rule = kEmail});
  script.Next();
  EXPECT_TRUE(script.Of("D07").empty());
  Send(script, 99, 100, {.rule = kEmail});
  script.Next();
  ASSERT_EQ(script.Of("D07").size(), 1u);
  EXPECT_EQ(script.Of("D07")[0].severity, Severity::kMedium);
}

// Benign twins: at home, inside, registered, fetched; planted and company values are others' matter.
TEST(CrossBorderTest, TwinsAreSilent) {
  policy::PolicySource world = World();
  world.transfers = {ToGermany()};
  Script script(world);
  Send(script, 0, 300);                                             // registered
  Send(script, 0, 300, {.to = "192.0.2.9"});                        // the same State
  Send(script, 0, 300, {.to = "10.20.9.9"});                        // the same zone
  Send(script, 0, 300, {.to = "198.51.100.7", .pull = true});       // fetched by the other side: D08
  Send(script, 0, 1, {.to = "198.51.100.8", .rule = kCanary});      // D17
  Send(script, 0, 300, {.to = "198.51.100.9", .rule = kCompany});   // nobody's
  Send(script, 0, 300, {.to = "198.51.100.9", .rule = kToken});
  script.Next();
  EXPECT_TRUE(script.Of("D07").empty());
}

TEST(CrossBorderTest, WhatAnEntrySpeaksAgainstIsLeftToD21) {
  policy::PolicySource world = World();
  world.transfers = {ToGermany()};
  EXPECT_TRUE(ParseDate("2026-11-01", world.transfers[0].until));
  Script script(world);
  Send(script, 0, 30);
  script.Next();
  EXPECT_TRUE(script.Of("D07").empty());
  EXPECT_EQ(script.Of("D21").size(), 1u);
}

TEST(CrossBorderTest, AnUnknownStateIsForeignButTwoUnknownOnesHaveNoBorder) {
  Script script(World());
  Send(script, 0, 10, {.to = "192.88.99.1"});
  Send(script, 0, 10, {.from = "192.88.98.1", .to = "192.88.99.2"});
  script.Next();
  ASSERT_EQ(script.Of("D07").size(), 1u);
  EXPECT_NE(script.Of("D07")[0].explanation.find("Verdict unknown_party"), std::string::npos);
  EXPECT_NE(script.Of("D07")[0].explanation.find("unknown jurisdiction"), std::string::npos);
}

TEST(CrossBorderTest, OnceARecipientUnderWhateverName) {
  Script script(World());
  for (std::uint64_t i = 0; i < 60; ++i) {
    Send(script, i, i + 1, {.to = i % 2 == 0 ? "203.0.113.5" : "203.0.113.6",
                            .host = i % 3 == 0 ? "a.example.net" : "b.example.net"});
    script.Next();
  }
  EXPECT_EQ(script.Of("D07").size(), 1u);
}

TEST(CrossBorderTest, SendersAndHoursOfADayAddUp) {
  Script script(World());
  for (std::uint64_t i = 0; i < 10; ++i) {
    Send(script, i, i + 1, {.from = "10.20.0." + std::to_string(i + 1)});
    script.Next(9000);  // ten people over 22.5 h
  }
  ASSERT_EQ(script.Of("D07").size(), 1u);
  EXPECT_NE(script.Of("D07")[0].signature.find("10 senders such as 10.20.0.1"), std::string::npos);
}

TEST(CrossBorderTest, ManyRecipientsAreToldTogether) {
  Script script(World());
  for (int r = 1; r <= 20; ++r) Send(script, 0, 15, {.to = "198.51.100." + std::to_string(r)});
  script.Next();
  const auto alerts = script.Of("D07");
  ASSERT_EQ(alerts.size(), 5u);  // four by name, then the zone
  EXPECT_NE(alerts[4].signature.find("many recipients"), std::string::npos);
  EXPECT_NE(alerts[4].explanation.find("198.51.100.1"), std::string::npos);
}

TEST(CrossBorderTest, ARelayAtHomeDoesNotHideTheOrigin) {
  Script script(World());
  Send(script, 0, 30, {.from = "10.20.0.7", .to = "192.0.2.9"});
  script.Next();
  script.Pass(1800);
  EXPECT_TRUE(script.Of("D07").empty());
  Send(script, 0, 30, {.from = "192.0.2.9", .to = "203.0.113.5"});
  script.Next();
  ASSERT_EQ(script.Of("D07").size(), 1u);
  EXPECT_NE(script.Of("D07")[0].explanation.find("Chain through a relay: 100 %"), std::string::npos);
  EXPECT_NE(Flat(script.Of("D07")[0].context).find("origin=10.20.0.7"), std::string::npos);
}

TEST(CrossBorderTest, OtherPeopleOrAnotherHourAreNoChain) {
  Script script(World());
  Send(script, 0, 30, {.from = "10.20.0.7", .to = "192.0.2.9"});
  Send(script, 25, 125, {.from = "192.0.2.9", .to = "203.0.113.5"});  // 5 % of them
  script.Next();
  script.Pass(3 * 3600);
  Send(script, 0, 30, {.from = "192.0.2.9", .to = "198.51.100.5"});
  script.Next();
  ASSERT_EQ(script.Of("D07").size(), 2u);
  for (const Alert& a : script.Of("D07")) EXPECT_EQ(a.explanation.find("Chain"), std::string::npos);
}

TEST(CrossBorderTest, SharedPeopleWithinBounds) {
  sketch::DistinctSet a, b;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    a.Insert(SipHash13({1, 2}, i));
    b.Insert(SipHash13({1, 2}, i + 500));
  }
  const SubjectCount shared = Shared(a, b);
  EXPECT_LE(shared.low, 500u);
  EXPECT_GE(shared.high, 500u);
  EXPECT_NEAR(static_cast<double>(shared.estimate), 500, 100);
  EXPECT_EQ(Shared(a, sketch::DistinctSet{}).estimate, 0u);
}

constexpr std::uint64_t kMega = 1'000'000;

TEST(CrossBorderTest, UnreadableBulkIsJudgedByItsVolume) {
  Script script(World());
  const Flow tls{.encrypted = true, .app_proto = "tls"};
  for (int i = 0; i < 3; ++i) {
    script.Exchange(tls, {.out = i == 2 ? 6 * kMega - 1 : 7 * kMega, .in = kMega / 10});
    script.Next(1000);
  }
  EXPECT_TRUE(script.Of("D07").empty());
  script.Exchange(tls, {.out = 1});
  script.Next();
  const auto alerts = script.Of("D07");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kLow);
  EXPECT_NE(alerts[0].explanation.find("Verdict unregistered_opaque"), std::string::npos);
}

TEST(CrossBorderTest, UnreadableTwinsAreSilent) {
  policy::PolicySource world = World();
  world.transfers = {ToGermany()};
  world.transfers[0].classes = {"health"};
  world.transfers[0].to_jurisdictions = {{{'U', 'S'}}};
  Script script(world);
  const Flow tls{.encrypted = true, .app_proto = "tls"};
  Flow call = tls, home = tls, registered = tls, readable = tls, fetched = tls;
  call.port = 41000;
  home.to = "192.0.2.9";
  registered.to = "198.51.100.7";
  readable.to = "203.0.113.8";
  readable.encrypted = false;
  readable.app_proto = "http";
  fetched.from = "203.0.113.9";
  fetched.to = "10.20.0.9";
  script.Exchange(call, {.out = 600 * kMega, .in = 500 * kMega});  // as much comes back
  script.Exchange(home, {.out = 600 * kMega});
  script.Exchange(registered, {.out = 600 * kMega});               // for some class
  script.Exchange(readable, {.out = 600 * kMega});                 // its people are counted instead
  script.Exchange(fetched, {.out = 1, .in = 600 * kMega});
  script.Next();
  EXPECT_TRUE(script.Of("D07").empty());
}

// Which detector speaks for which verdict: the border where no entry is near, the register where one is.
TEST(CrossBorderTest, EachVerdictHasOneSpeaker) {
  struct Row {
    const char* what;
    void (*change)(policy::TransferEntry&);
    Sighting sighting;
    const char* speaker;  // "" = none of the two
  };
  const Row rows[] = {
      {"registered", [](auto&) {}, {}, ""},
      {"other State", [](auto& e) { e.to_jurisdictions = {{{'F', 'R'}}}; }, {}, "D07"},
      {"other class", [](auto& e) { e.classes = {"health"}; }, {}, "D07"},
      {"the class", [](auto& e) { e.classes = {"national_id"}; }, {}, ""},
      {"the sensitivity", [](auto& e) { e.classes = {"personal"}; }, {}, ""},
      {"other zone", [](auto& e) { e.from = "branch"; }, {}, "D07"},
      {"the zone", [](auto& e) { e.from = "wards"; }, {}, ""},
      {"ended", [](auto& e) { EXPECT_TRUE(ParseDate("2026-11-24T09:59:59Z", e.until)); }, {}, "D21"},
      {"not begun", [](auto& e) { EXPECT_TRUE(ParseDate("2026-11-25", e.not_before)); }, {}, "D21"},
      {"over the day's people", [](auto& e) { e.subjects_per_day = 11; }, {}, "D21"},
      {"within the day's people", [](auto& e) { e.subjects_per_day = 12; }, {}, ""},
      {"over all people", [](auto& e) { e.subjects_total = 5; }, {}, "D21"},
      {"within hours", [](auto& e) { e.hours_from = 9, e.hours_to = 11; }, {}, ""},
      {"out of hours", [](auto& e) { e.hours_from = 11, e.hours_to = 9; }, {}, "D21"},
      {"clear where encryption is due", [](auto& e) { e.transport = policy::TransferEntry::Transport::kEncrypted; },
       {}, "D21"},
      {"encrypted as is due",
       [](auto& e) { e.transport = policy::TransferEntry::Transport::kEncrypted; },
       {.encrypted = true},
       ""},
      {"judicial without reference", [](auto& e) { e.basis = {"judicial", "", ""}; }, {}, "D21"},
      {"judicial with reference", [](auto& e) { e.basis = {"judicial", "MLA-1", ""}; }, {}, ""},
      {"forbidden", [](auto& e) { e.deny = true; }, {}, "D21"},
      {"people of others", [](auto& e) { e.subjects = {{{'N', 'O'}}}; }, {.country = "FR"}, "D21"},
      {"people named", [](auto& e) { e.subjects = {{{'F', 'R'}}}; }, {.country = "FR"}, ""},
      {"people of no State", [](auto& e) { e.subjects = {{{'F', 'R'}}}; }, {}, ""},
      {"other domain", [](auto& e) { e.to_domains = {"lab.example.de"}; }, {.host = "x.example.org"}, "D07"},
      {"the domain", [](auto& e) { e.to_domains = {"lab.example.de"}; }, {.host = "lab.example.de"}, ""},
      {"below the domain", [](auto& e) { e.to_domains = {"example.de"}; }, {.host = "a.lab.example.de"}, ""},
      {"other network", [](auto& e) { e.to_nets = TestWorld().overrides[1].nets; }, {}, "D07"},
      {"the network", [](auto& e) { e.to_nets = TestWorld().overrides[0].nets; }, {}, ""},
      {"unknown State", [](auto&) {}, {.to = "192.88.99.1"}, "D07"},
      {"the same State", [](auto&) {}, {.to = "192.0.2.9"}, ""},
      {"the same zone", [](auto& e) { e.deny = true; }, {.to = "10.20.9.9"}, ""},
  };
  for (const Row& row : rows) {
    policy::PolicySource world = World();
    policy::TransferEntry entry = ToGermany();
    row.change(entry);
    world.transfers = {entry};
    Script script(world);
    Send(script, 0, 12, row.sighting);
    script.Next();
    EXPECT_EQ(script.Of("D07").size(), row.speaker == std::string("D07") ? 1u : 0u) << row.what;
    EXPECT_EQ(script.Of("D21").size(), row.speaker == std::string("D21") ? 1u : 0u) << row.what;
  }
}

}  // namespace
}  // namespace gander::detect
