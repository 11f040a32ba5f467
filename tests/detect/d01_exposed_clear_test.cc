// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

policy::TransferEntry ToGermany(policy::TransferEntry::Transport transport) {
  policy::TransferEntry e;
  e.id = "billing";
  e.from = "wards";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  e.transport = transport;
  return e;
}

TEST(ExposedClearTest, OneCertainFindingAcrossAZoneEdge) {
  Script script;
  script.See({});
  script.Next();
  const auto alerts = script.Of("D01");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090001u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);  // medium, one up: unregistered from NO to DE
  EXPECT_EQ(alerts[0].signature,
            "GANDER Exposed personal data in clear text: national_id of 1 person, 10.20.0.1 (zone wards, NO) to "
            "203.0.113.5 (outside, DE)");
  EXPECT_EQ(alerts[0].tuple.source, Ip("10.20.0.1"));
  EXPECT_EQ(std::string(alerts[0].app_proto), "http");
}

TEST(ExposedClearTest, WhatMustStaySilent) {
  const auto silent = [](const Sighting& s) {
    Script script;
    script.See(s);
    script.Next();
    script.Next(5, true);
    return script.Of("D01").empty();
  };
  EXPECT_TRUE(silent({.encrypted = true}));
  EXPECT_TRUE(silent({.test_value = true}));
  EXPECT_TRUE(silent({.evidence = identify::Evidence::kUnproven}));
  EXPECT_TRUE(silent({.evidence = identify::Evidence::kCounted}));  // one probable value is not enough
  EXPECT_TRUE(silent({.rule = kEmail}));                            // a contact
  EXPECT_TRUE(silent({.rule = kCompany}));                          // nobody's person
  EXPECT_TRUE(silent({.to = "10.20.7.7"}));                         // one value inside one zone
  EXPECT_TRUE(silent({.rule = kToken}));                            // a secret: D14 speaks
  EXPECT_FALSE(silent({.rule = kNationalId}));
}

TEST(ExposedClearTest, ProbableValuesNeedTenPeople) {
  Script script;
  for (std::uint64_t i = 0; i < 9; ++i) script.See({.person = i, .evidence = identify::Evidence::kCounted});
  script.Next();
  EXPECT_TRUE(script.Of("D01").empty());
  script.See({.person = 9, .evidence = identify::Evidence::kCounted});
  script.Next();
  EXPECT_EQ(script.Of("D01").size(), 1u);
}

TEST(ExposedClearTest, InsideOneZoneTenPeopleAnHour) {
  Script script;
  for (std::uint64_t i = 0; i < 9; ++i) script.See({.to = "10.20.7.7", .person = i});
  script.Next();
  for (int again = 0; again < 20; ++again) script.See({.to = "10.20.7.7", .person = 3});  // the same people
  script.Next();
  EXPECT_TRUE(script.Of("D01").empty());
  script.Pass(7200);  // the nine are forgotten
  for (std::uint64_t i = 20; i < 25; ++i) script.See({.to = "10.20.7.7", .person = i});
  script.Next();
  EXPECT_TRUE(script.Of("D01").empty());
  for (std::uint64_t i = 25; i < 30; ++i) script.See({.to = "10.20.7.7", .person = i});
  script.Next();
  const auto alerts = script.Of("D01");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kLow);
}

TEST(ExposedClearTest, RegisteredTransfers) {
  const auto run = [](policy::TransferEntry::Transport transport) {
    policy::PolicySource world = TestWorld();
    world.transfers = {ToGermany(transport)};
    Script script(world);
    for (std::uint64_t i = 0; i < 50; ++i) script.See({.person = i});
    script.Next();
    return script.Of("D01");
  };
  using Transport = policy::TransferEntry::Transport;
  EXPECT_TRUE(run(Transport::kClear).empty());
  const auto unsaid = run(Transport::kUnsaid);
  ASSERT_EQ(unsaid.size(), 1u);
  EXPECT_EQ(unsaid[0].severity, Severity::kLow);
  EXPECT_NE(unsaid[0].explanation.find("registered, but readable by anyone on the way"), std::string::npos);
  const auto broken = run(Transport::kEncrypted);
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_GE(broken[0].severity, Severity::kMedium);
  EXPECT_NE(broken[0].explanation.find("wrong_basis"), std::string::npos);
}

TEST(ExposedClearTest, OneAlertAServiceAndAgainOnTenfoldGrowth) {
  Script script;
  // A server read by many clients, and many clients writing to one server: two services.
  for (int i = 1; i <= 40; ++i) {
    script.See({.to = "203.0.113." + std::to_string(i), .person = static_cast<std::uint64_t>(i), .pull = true});
    script.See({.from = "10.20.1." + std::to_string(i), .person = static_cast<std::uint64_t>(i)});
    script.Next();
  }
  EXPECT_EQ(script.Of("D01").size(), 2u);
  script.Pass(900);
  script.See({.to = "203.0.113.41", .person = 999, .pull = true});
  script.Next();
  EXPECT_EQ(script.Of("D01").size(), 3u);  // 41 people, said first with one, and 15 minutes are over
}

TEST(ExposedClearTest, ClassesOfOneEpochAreSaidTogetherAndLaterOnesByThemselves) {
  const auto names = [](const Alert& a, const char* word) { return a.signature.find(word) != std::string::npos; };
  Script script;
  script.See({.person = 1});
  script.See({.person = 1, .rule = kHealth});
  script.See({.to = "203.0.113.9", .person = 2});  // another service
  script.Next();
  auto alerts = script.Of("D01");
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_TRUE(names(alerts[0], "national_id") && names(alerts[0], "health"));
  EXPECT_TRUE(names(alerts[1], "national_id") && !names(alerts[1], "health"));
  script.See({.to = "203.0.113.9", .person = 2, .rule = kHealth});
  script.Next();
  alerts = script.Of("D01");
  ASSERT_EQ(alerts.size(), 3u);
  EXPECT_TRUE(!names(alerts[2], "national_id") && names(alerts[2], "health"));
}

TEST(ExposedClearTest, BothEndsOutsideIsExposureToo) {
  Script script;
  script.See({.from = "192.0.2.1"});
  script.Next();
  EXPECT_EQ(script.Of("D01").size(), 1u);
}

}  // namespace
}  // namespace gander::detect
