// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

// `each` people of their own to each of `recipients`, beginning with recipient number `first`.
void Scatter(Script& script, int recipients, std::uint64_t each, Sighting s = {}, int first = 0) {
  for (int r = first; r < first + recipients; ++r) {
    s.to = "198.51.100." + std::to_string(r % 250 + 1);
    for (std::uint64_t i = 0; i < each; ++i) {
      s.person = static_cast<std::uint64_t>(r) * 1000 + i;
      script.See(s);
    }
  }
}

TEST(FanOutTest, FiresAtTenRecipientsAndTwoHundredPeople) {
  Script few(TestWorld());
  Scatter(few, 9, 30);
  few.Next();
  EXPECT_TRUE(few.Of("D04").empty());
  Script thin(TestWorld());
  Scatter(thin, 10, 20);
  thin.Next();
  ASSERT_EQ(thin.Of("D04").size(), 1u);
  Script below(TestWorld());
  Scatter(below, 9, 20);
  Scatter(below, 1, 19, {}, 9);
  below.Next();
  EXPECT_TRUE(below.Of("D04").empty());
}

TEST(FanOutTest, SaysWhoScattered) {
  Script script(TestWorld());
  Scatter(script, 40, 10);
  script.Next();
  const auto alerts = script.Of("D04");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090004u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].mitre, (std::vector<std::string>{"T1048", "T1030"}));
  EXPECT_NE(alerts[0].signature.find("10.20.0.1 (zone wards, NO) to 40 recipients"), std::string::npos);
  EXPECT_TRUE(script.Of("D02").empty());  // nobody got enough for it
}

TEST(FanOutTest, NamesTellRecipientsApartAndAddressesOfOneNameDoNot) {
  for (const bool many : {true, false}) {
    Script script(TestWorld());
    for (int r = 0; r < 40; ++r) {
      Scatter(script, 1, 10, {.host = many ? "drop" + std::to_string(r) + ".example.net" : "up.example.net"}, r);
    }
    script.Next();
    EXPECT_EQ(script.Of("D04").size(), many ? 1u : 0u);
  }
}

TEST(FanOutTest, AnHourAddsUpWhereverItsSeamsLie) {
  for (std::int64_t phase : {0, 700, 1900, 3300}) {
    Script script(TestWorld());
    script.Pass(phase);
    for (int r = 0; r < 10; ++r) {
      Scatter(script, 1, 20, {}, r);
      script.Next(360);
    }
    EXPECT_EQ(script.Of("D04").size(), 1u) << phase;
  }
}

TEST(FanOutTest, WhereOneHoldsMuchItIsNoScatter) {
  Script script(TestWorld());
  Scatter(script, 11, 20);
  Scatter(script, 1, 95, {.bytes = 1'000'000}, 30);  // 95 of 315
  script.Next();
  EXPECT_TRUE(script.Of("D04").empty());
}

TEST(FanOutTest, ANewsletterIsSilent) {
  Script script(TestWorld());
  Sighting s;
  for (std::uint64_t i = 0; i < 240; ++i) {  // each recipient what is about itself
    s.to = "198.51.100." + std::to_string(i % 240 + 1);
    s.person = i;
    script.See(s);
  }
  script.Next();
  EXPECT_TRUE(script.Of("D04").empty());
}

TEST(FanOutTest, MailNeedsFiftyDomainsAndCountsNoAddresses) {
  const auto mail = [](Script& script, int domains, Rule rule) {
    for (int d = 0; d < domains; ++d) {
      Scatter(script, 1, 10, {.rule = rule, .host = "mx.company" + std::to_string(d) + ".example",
                              .app_proto = "smtp"}, d);
    }
    script.Next();
    return script.Of("D04").size();
  };
  Script below(TestWorld()), at(TestWorld()), addresses(TestWorld());
  EXPECT_EQ(mail(below, 49, kNationalId), 0u);
  EXPECT_EQ(mail(at, 50, kNationalId), 1u);
  EXPECT_EQ(mail(addresses, 80, kEmail), 0u);
}

TEST(FanOutTest, ADeclaredRelayNeedsFiftyToo) {
  policy::PolicySource world = TestWorld();
  policy::Asset gate;
  gate.id = "gate";
  EXPECT_TRUE(IpPrefix::Parse("10.20.0.1", gate.hosts.emplace_back()));
  gate.roles.Add(policy::Role::kRelay);
  world.assets = {gate};
  Script below(world), at(world);
  Scatter(below, 49, 10);
  below.Next();
  EXPECT_TRUE(below.Of("D04").empty());
  Scatter(at, 50, 10);
  at.Next();
  EXPECT_EQ(at.Of("D04").size(), 1u);
}

TEST(FanOutTest, RegisteredInternalAndFetchedAreSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "partners";
  e.to_jurisdictions = {{{'U', 'S'}}};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  Scatter(script, 40, 10);
  script.Next();
  EXPECT_TRUE(script.Of("D04").empty());
  Script fetched(TestWorld());
  Scatter(fetched, 40, 10, {.pull = true});
  fetched.Next();
  EXPECT_TRUE(fetched.Of("D04").empty());
}

TEST(FanOutTest, TheSamePeopleToAllAreCountedOnce) {
  Script script(TestWorld());
  for (int r = 1; r <= 40; ++r) {
    for (std::uint64_t i = 0; i < 50; ++i) script.See({.to = "198.51.100." + std::to_string(r), .person = i,
                                                       .bytes = 200'000});
  }
  script.Next();
  EXPECT_TRUE(script.Of("D04").empty());
}

}  // namespace
}  // namespace gander::detect
