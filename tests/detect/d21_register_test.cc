// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

policy::TransferEntry Entry() {
  policy::TransferEntry e;
  e.id = "billing";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  return e;
}

policy::PolicySource With(const policy::TransferEntry& e) {
  policy::PolicySource world = TestWorld();
  world.agreements = {{"NO-DE", {{{'N', 'O'}}, {{'D', 'E'}}}, "bilateral", 1}};
  world.transfers = {e};
  return world;
}

void SendRecords(Script& script, std::uint64_t first, std::uint64_t last, Sighting s = {}) {
  for (std::uint64_t i = first; i < last; ++i) {
    s.person = i;
    s.bytes = 100'000;
    script.See(s);
  }
}

TEST(RegisterComplianceTest, TheQuotaIsHeldAgainstTheLowerBound) {
  policy::TransferEntry e = Entry();
  e.subjects_per_day = 90;
  Script script(With(e));
  SendRecords(script, 0, 90);
  script.Next();
  EXPECT_TRUE(script.alerts().empty() || script.Of("D21").empty());
  SendRecords(script, 90, 91);
  script.Next();
  const auto alerts = script.Of("D21");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090021u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].mitre, std::vector<std::string>{"T1020"});
  EXPECT_NE(alerts[0].signature.find("beyond its quota: entry billing"), std::string::npos) << alerts[0].signature;
  EXPECT_NE(alerts[0].explanation.find("90 people a day are allowed and at least 91 were seen"), std::string::npos);
}

TEST(RegisterComplianceTest, OverQuotaIsNotSaidTwice) {
  policy::TransferEntry e = Entry();
  e.subjects_per_day = 200;
  Script script(With(e));
  SendRecords(script, 0, 240);
  script.Next();
  EXPECT_EQ(script.Of("D21").size(), 1u);
  EXPECT_TRUE(script.Of("D02").empty());
  EXPECT_TRUE(script.Of("D07").empty());
}

TEST(RegisterComplianceTest, AnEntryEndsOnItsMinute) {
  policy::TransferEntry e = Entry();
  EXPECT_TRUE(ParseDate("2026-11-24T10:01:00Z", e.until));
  Script script(With(e));
  script.Pass(55);
  SendRecords(script, 0, 20);
  script.Next();  // the epoch that ends on the minute
  EXPECT_EQ(script.Of("D21").size(), 1u) << "the reminder alone";
  SendRecords(script, 20, 21);
  script.Next();
  ASSERT_EQ(script.Of("D21").size(), 2u);
  EXPECT_NE(script.Of("D21")[1].signature.find("outside the life of its register entry: entry billing"),
            std::string::npos);
}

TEST(RegisterComplianceTest, OneByChanceIsNotEnough) {
  policy::TransferEntry e = Entry();
  EXPECT_TRUE(ParseDate("2026-11-01", e.until));
  Script script(With(e));
  SendRecords(script, 0, 4, {.evidence = identify::Evidence::kCounted});
  script.Next();
  EXPECT_TRUE(script.Of("D21").empty());
  SendRecords(script, 4, 5, {.evidence = identify::Evidence::kCounted});
  script.Next();
  EXPECT_EQ(script.Of("D21").size(), 1u);
}

TEST(RegisterComplianceTest, ThirdStatesAreMediumUntilFifty) {
  policy::TransferEntry e = Entry();
  e.basis.agreement = "NO-DE";
  Script script(With(e));
  SendRecords(script, 0, 300, {.country = "NO"});
  SendRecords(script, 0, 4, {.country = "FR"});
  script.Next();
  EXPECT_TRUE(script.Of("D21").empty());
  SendRecords(script, 4, 5, {.country = "SE"});
  script.Next();
  auto alerts = script.Of("D21");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_NE(alerts[0].signature.find("5 people of FR, SE"), std::string::npos) << alerts[0].signature;
  EXPECT_NE(alerts[0].explanation.find("no party to agreement NO-DE"), std::string::npos);
  SendRecords(script, 5, 49, {.country = "FR"});
  script.Next();
  EXPECT_EQ(script.Of("D21").size(), 1u);
  SendRecords(script, 49, 50, {.country = "FR"});
  script.Next();
  alerts = script.Of("D21");
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_GE(alerts[1].severity, Severity::kHigh);
}

TEST(RegisterComplianceTest, TwinsAreSilent) {
  policy::TransferEntry e = Entry();
  e.basis = {"judicial", "MLA-1", "NO-DE"};
  e.subjects_total = 400;
  Script script(With(e));
  SendRecords(script, 0, 200, {.country = "NO"});
  SendRecords(script, 200, 300, {.country = "DE"});
  SendRecords(script, 300, 390);                      // identifiers that name no State
  SendRecords(script, 0, 300, {.to = "198.51.100.7"});  // no entry: D07
  script.Next();
  EXPECT_TRUE(script.Of("D21").empty());
}

TEST(RegisterComplianceTest, AnEndIsSaidAWeekBeforeOnce) {
  policy::TransferEntry e = Entry();
  EXPECT_TRUE(ParseDate("2026-12-02T10:00:00Z", e.until));  // eight days on
  Script script(With(e));
  script.Next();
  script.Pass(23 * 3600);
  EXPECT_TRUE(script.Of("D21").empty());
  script.Pass(2 * 3600);
  auto alerts = script.Of("D21");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].severity, Severity::kInfo);
  EXPECT_EQ(alerts[0].signature, "GANDER Register entry ends soon: billing on 2026-12-02T10:00 UTC");
  script.Pass(48 * 3600);
  EXPECT_EQ(script.Of("D21").size(), 1u);
}

TEST(RegisterComplianceTest, TheEndOfAnEntryInUseWeighsMore) {
  policy::TransferEntry e = Entry();
  EXPECT_TRUE(ParseDate("2026-11-28", e.until));
  Script script(With(e));
  SendRecords(script, 0, 1);
  script.Next();
  ASSERT_EQ(script.Of("D21").size(), 1u);
  EXPECT_EQ(script.Of("D21")[0].severity, Severity::kLow);
  EXPECT_NE(script.Of("D21")[0].explanation.find("Data moved under it as late as 2026-11-24T10:00"), std::string::npos);
}

TEST(RegisterComplianceTest, ProhibitionsAndLongLivesAreNotReminded) {
  policy::TransferEntry deny = Entry();
  deny.deny = true;
  EXPECT_TRUE(ParseDate("2026-11-28", deny.until));
  Script script(With(deny));
  script.Pass(600);
  EXPECT_TRUE(script.Of("D21").empty());
  Options never;
  never.compliance.remind_days = 0;
  policy::TransferEntry e = Entry();
  EXPECT_TRUE(ParseDate("2026-11-28", e.until));
  Script silent(With(e), never);
  silent.Pass(600);
  EXPECT_TRUE(silent.Of("D21").empty());
}

}  // namespace
}  // namespace gander::detect
