// SPDX-License-Identifier: Apache-2.0
#include "report/movement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "report/samples.h"
#include "report/words.h"

namespace gander::report {
namespace {

using test::Address;
using test::Collected;
using test::SampleTransfer;

detect::TransferSummary OfClass(const char* data_class, const char* type, detect::SubjectCount values,
                                detect::SubjectCount people) {
  detect::TransferSummary t = SampleTransfer();
  t.data_class = data_class;
  t.types = {{type, values, values.estimate}};
  t.subjects = people;
  return t;
}

RunState WithD03(const char* receiver, std::int64_t low, std::int64_t estimate) {
  RunState s;
  s.zone_names = {"wards", "servers"};
  s.transfers = Collected();
  detect::Alert a = test::SampleAlert();
  a.detector = "D03";
  a.dedup_key = std::string("D03|") + receiver;
  a.context.Clear();
  a.context.BeginObject("pii")
      .BeginArray("classes")
      .BeginObject()
      .Integer("low", 9999)
      .EndObject()
      .EndArray();
  a.context.BeginObject("subjects")
      .Integer("estimate", estimate)
      .Integer("low", low)
      .Integer("high", 1299)
      .EndObject()
      .EndObject();
  a.context.BeginObject("evidence").Integer("low", 7777).EndObject();
  s.raised = {a};
  return s;
}

TEST(Movement, ClassesOfOnePairAreOneMovementAndTheirBytesAreNotDoubled) {
  RunState s;
  s.transfers = {OfClass("contact", "global.email", {1516, 1411, 1621}, {1516, 1411, 1621}),
                 OfClass("national_id", "it.codice_fiscale", {1508, 1404, 1613}, {1508, 1404, 1613}),
                 OfClass("record", "record.people_table", {1, 1, 1}, {})};
  const Movements movements = GroupTransfers(s);
  ASSERT_EQ(movements.all.size(), 1u);
  const Movement& m = movements.all[0];
  EXPECT_EQ(m.lead, &s.transfers[0]);
  EXPECT_EQ(m.people.estimate, 1516u);
  EXPECT_EQ(m.people.low, 1411u);
  EXPECT_EQ(m.bytes, s.transfers[0].bytes);
  EXPECT_EQ(m.flows, 31u);
  EXPECT_EQ(m.transfers, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(MovedPeople(m), "≈ 1,516 people");
  EXPECT_EQ(Identifiers(m), "global.email ≈ 1,516, it.codice_fiscale ≈ 1,508, record.people_table 1");
  EXPECT_EQ(Identifiers(m, 1), "global.email ≈ 1,516 and 2 more kinds");
  EXPECT_EQ(Carriage(m), "12.4 MB in 31 flows, http, clear text");
}

TEST(Movement, ClassesThatTravelApartGiveALowerBound) {
  RunState s;
  s.transfers = {SampleTransfer(), OfClass("health", "gb.nhs", {4, 4, 4}, {4, 4, 4})};
  s.transfers[1].bytes = 900;
  s.transfers[1].flows = 40;
  s.transfers[1].app_proto = "smtp";
  s.transfers[1].encrypted = true;
  EXPECT_EQ(Carriage(GroupTransfers(s).all[0]), "at least 12.4 MB in 40 flows, http, smtp, partly encrypted");
}

TEST(Movement, WhatTellsNoPersonFromAnotherIsNoMovementAndStandsLast) {
  RunState s;
  s.transfers = {OfClass("national_id", "gb.nino", {4, 4, 4}, {4, 4, 4}),
                 OfClass("contact", "global.person_name", {47, 47, 47}, {})};
  EXPECT_EQ(Identifiers(GroupTransfers(s).all[0]), "gb.nino 4, global.person_name 47");
  s.transfers.erase(s.transfers.begin());
  const Movements movements = GroupTransfers(s);
  EXPECT_TRUE(movements.all.empty());
  EXPECT_EQ(movements.nameless, 1u);
}

TEST(Movement, SixtySendersAreOneLineWithHonestBounds) {
  RunState s;
  s.zone_names = {"wards", "servers"};
  s.transfers = Collected();
  Movements movements = GroupTransfers(s);
  ASSERT_EQ(movements.all.size(), 1u);
  const Movement& m = movements.all[0];
  EXPECT_EQ(m.senders(), 60u);
  EXPECT_EQ(m.people.low, 20u);
  EXPECT_EQ(m.people.high, 1200u);
  EXPECT_EQ(m.bytes, 60u * 2678);
  EXPECT_EQ(m.flows, 60u);
  EXPECT_EQ(m.transfers.size(), 120u);
  EXPECT_EQ(m.parts[0].bytes, 2678u);
  EXPECT_EQ(Sender(m, s), "60 senders in wards, NO");
  EXPECT_EQ(MovedPeople(m), "up to 1,200 people");
  EXPECT_EQ(Identifiers(m), "email, fr.nir");

  s.transfers[0].from.zone = s.transfers[1].from.zone = 1;
  s.transfers_not_shown = 3;
  movements = GroupTransfers(s);
  EXPECT_EQ(Sender(movements.all[0], s), "60 senders or more in wards, NO; servers, NO");
  EXPECT_EQ(MovedPeople(movements.all[0]), "at least 20 people")
      << "a sum that lacks some bounds nothing from above";
}

TEST(Movement, ThreeSendersAreStillThree) {
  RunState s;
  s.transfers = Collected(3);
  EXPECT_EQ(GroupTransfers(s).all.size(), 3u);
  s.transfers = Collected(4);
  EXPECT_EQ(GroupTransfers(s).all.size(), 1u);
  s.transfers[0].verdict = s.transfers[1].verdict = policy::Verdict::kOverQuota;
  EXPECT_EQ(GroupTransfers(s).all.size(), 4u);
  s.transfers = Collected(8);
  for (std::size_t i = 0; i < 8; ++i) s.transfers[i].entry_id = "other";
  EXPECT_EQ(GroupTransfers(s).all.size(), 2u);
}

TEST(Movement, MassCollectionAlertRaisesTheLowerBound) {
  RunState s = WithD03("203.0.113.80", 1131, 1215);
  Movement m = GroupTransfers(s).all.at(0);
  EXPECT_TRUE(m.by_alert);
  EXPECT_EQ(m.people.low, 1131u);
  EXPECT_EQ(m.people.estimate, 1200u) << "never above the sum";
  EXPECT_EQ(MovedPeople(m), "1,131–1,200 people");
  s.raised[0].dedup_key += "|FR";
  EXPECT_TRUE(GroupTransfers(s).all.at(0).by_alert) << "people of one State are people";
  EXPECT_FALSE(GroupTransfers(WithD03("jurisdiction US", 1131, 1215)).all.at(0).by_alert);
  EXPECT_FALSE(GroupTransfers(WithD03("203.0.113.8", 1131, 1215)).all.at(0).by_alert);

  // The alert counts all without permission: with two groups it proves nothing about either.
  for (std::size_t i = 0; i < 20; ++i) s.transfers[i].verdict = policy::Verdict::kDenied;
  for (const Movement& each : GroupTransfers(s).all) EXPECT_FALSE(each.by_alert);
}

TEST(Movement, AnyOrderOfTransfersReadsTheSame) {
  RunState s = WithD03("203.0.113.80", 1131, 1215);
  for (int i = 0; i < 20; ++i) {
    s.transfers.push_back(
        SampleTransfer(i % 2 == 0 ? policy::Verdict::kRegistered : policy::Verdict::kDenied, 50));
    s.transfers.back().recipient_domain = "host-" + std::to_string(i / 4) + ".example";
    s.transfers.back().data_class = i % 3 == 0 ? "health" : "contact";
  }
  const auto read = [&] {
    std::string out;
    for (const Movement& m : GroupTransfers(s).all) {
      out += VerdictText(m.lead->verdict) + Sender(m, s) + Recipient(m, s) + MovedPeople(m) + Identifiers(m) +
             Carriage(m) + m.lead->data_class + "\n";
      for (const Movement& part : m.parts) out += part.lead->sender.ToString() + "\n";
    }
    return out;
  };
  const std::string first = read();
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(s.transfers.begin(), s.transfers.end(), random);
    EXPECT_EQ(read(), first);
  }
}

TEST(Movement, SumsDoNotWrapAround) {
  RunState s;
  s.transfers = Collected(4);
  for (auto& t : s.transfers) t.bytes = t.flows = t.subjects.high = std::numeric_limits<std::uint64_t>::max();
  const Movement m = GroupTransfers(s).all.at(0);
  EXPECT_EQ(m.bytes, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(m.people.high, std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace gander::report
