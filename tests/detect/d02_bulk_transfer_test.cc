// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

policy::PolicySource Registered(std::uint64_t subjects_per_day) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "billing";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  e.subjects_per_day = subjects_per_day;
  world.transfers = {e};
  return world;
}

// People `first` .. `last - 1`, spread thinly so that the density rule stays out of it.
void Send(Script& script, std::uint64_t first, std::uint64_t last, Sighting s = {}) {
  for (std::uint64_t i = first; i < last; ++i) {
    s.person = i;
    if (s.bytes == 0) s.bytes = 100'000;
    script.See(s);
  }
}

TEST(BulkTransferTest, FiresAtTheThresholdAndNotBelow) {
  Script script;
  Send(script, 0, 99);
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
  Send(script, 99, 100);
  script.Next();
  const auto alerts = script.Of("D02");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090002u);
  EXPECT_EQ(alerts[0].severity, Severity::kHigh);
  EXPECT_EQ(alerts[0].signature,
            "GANDER Bulk transfer of records: 100 people, national_id, 10.20.0.1 (zone wards, NO) to 203.0.113.5 "
            "(outside, DE), unregistered");
  EXPECT_NE(alerts[0].explanation.find("pattern consistent with a bulk copy"), std::string::npos);
}

TEST(BulkTransferTest, OnePersonAThousandTimesIsOnePerson) {
  Script script;
  for (int i = 0; i < 1000; ++i) script.See({.person = 7, .bytes = 10});
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
}

TEST(BulkTransferTest, KindsOfIdentifiersAreNotAddedUp) {
  Script script;
  Send(script, 0, 60, {.rule = kEmail});
  Send(script, 0, 60, {.rule = kPhone});
  Send(script, 0, 60, {.rule = kNationalId});
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
}

TEST(BulkTransferTest, DenseRecordsNeedFifty) {
  Script script;
  Send(script, 0, 49, {.bytes = 100});
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
  Send(script, 49, 50, {.bytes = 100});
  script.Next();
  EXPECT_EQ(script.Of("D02").size(), 1u);
  EXPECT_NE(script.Of("D02")[0].explanation.find("25 records a megabyte"), std::string::npos);
}

TEST(BulkTransferTest, ParallelFlowsAndNamesAddUp) {
  Script script;
  for (std::uint16_t flow = 0; flow < 10; ++flow) {
    Send(script, flow * 10u, flow * 10u + 10, {.host = flow % 2 == 0 ? "a.example.net" : "b.example.org",
                                                .port = static_cast<std::uint16_t>(41000 + flow)});
  }
  script.Next();
  ASSERT_EQ(script.Of("D02").size(), 1u);
  EXPECT_NE(script.Of("D02")[0].explanation.find("in 10 flows"), std::string::npos);
}

TEST(BulkTransferTest, SeamsOfEpochsDoNotShow) {
  Script script;
  for (std::uint64_t i = 0; i < 100; ++i) {
    Send(script, i, i + 1);
    script.Next();
  }
  EXPECT_EQ(script.Of("D02").size(), 1u);
}

TEST(BulkTransferTest, APauseEndsTheSession) {
  Script script;
  Send(script, 0, 60);
  script.Next();
  script.Pass(1000);
  Send(script, 60, 120);
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
}

TEST(BulkTransferTest, SaidOnceThenOnHigherSeverity) {
  Script script;
  Send(script, 0, 120);
  script.Next();
  Send(script, 120, 450);
  script.Next();
  EXPECT_EQ(script.Of("D02").size(), 1u);  // the same severity, four times the people
  Send(script, 450, 560);  // beyond the exact forms: its lower bound must reach 500
  script.Next();
  ASSERT_EQ(script.Of("D02").size(), 2u);
  EXPECT_EQ(script.Of("D02")[1].severity, Severity::kCritical);
  EXPECT_NE(script.Of("D02")[1].explanation.find("notices were held back"), std::string::npos);
  EXPECT_EQ(script.Of("D02")[0].dedup_key, script.Of("D02")[1].dedup_key);
}

TEST(BulkTransferTest, RegisteredIsSilentWithinItsQuota) {
  Script script(Registered(400));
  Send(script, 0, 250);
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
}

TEST(BulkTransferTest, OverQuotaIsLeftToD21) {
  Script script(Registered(200));
  Send(script, 0, 201);
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
  EXPECT_EQ(script.Of("D21").size(), 1u);
}

TEST(BulkTransferTest, InsideOneZoneIsSilent) {
  Script script;
  Send(script, 0, 500, {.to = "10.20.9.9"});
  script.Next();
  EXPECT_TRUE(script.Of("D02").empty());
}

TEST(BulkTransferTest, UnseenTrafficLowersTheSeverityAndIsSaid) {
  Script script;
  Send(script, 0, 120);
  script.ledger.received = 1000;
  script.ledger.Add(ByteFate::kInspected, 400);
  script.ledger.Add(ByteFate::kLostTruncated, 600);
  script.Next();
  ASSERT_EQ(script.Of("D02").size(), 1u);
  EXPECT_EQ(script.Of("D02")[0].severity, Severity::kMedium);
  EXPECT_NE(script.Of("D02")[0].explanation.find("60 % was lost"), std::string::npos);
}

}  // namespace
}  // namespace gander::detect
