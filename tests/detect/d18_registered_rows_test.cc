// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

void Send(Script& script, std::uint64_t from, std::uint64_t to, const Sighting& like = {}) {
  for (std::uint64_t row = from; row < to; ++row) {
    Sighting s = like;
    s.rule = kTable;
    s.person = row;
    script.See(s);
  }
}

std::vector<Alert> Said(std::uint64_t rows, const Sighting& like = {}) {
  Script script;
  Send(script, 0, rows, like);
  script.Next();
  script.Next(5, true);
  return script.Of("D18");
}

TEST(RegisteredRowsTest, TwentyRowsAnHourAndNotOneLess) {
  const auto alerts = Said(20);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090018u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);  // high, sensitive, and out of the State
  EXPECT_EQ(alerts[0].signature,
            "GANDER Rows of a registered table moved: 20 rows of table test.table, 10.20.0.1 (zone wards, NO) to "
            "203.0.113.5 (outside, DE)");
  EXPECT_TRUE(Said(19).empty());
}

TEST(RegisteredRowsTest, RowsAddUpOverFlowsAndRepeatsDoNot) {
  Script script, again;
  for (std::uint16_t flow = 0; flow < 10; ++flow) {
    Send(script, flow * 2u, flow * 2u + 2, {.port = static_cast<std::uint16_t>(41'000 + flow)});
    script.Pass(240);
  }
  EXPECT_EQ(script.Of("D18").size(), 1u);
  for (int i = 0; i < 50; ++i) {
    Send(again, 0, 15);
    again.Next();
  }
  EXPECT_TRUE(again.Of("D18").empty());
}

TEST(RegisteredRowsTest, SlowerThanTwentyAnHourIsSilent) {
  Script script;
  for (std::uint64_t row = 0; row < 40; ++row) {
    Send(script, row, row + 1);
    script.Pass(360);  // ten an hour
  }
  EXPECT_TRUE(script.Of("D18").empty());
}

TEST(RegisteredRowsTest, WhatTheRegisterPermitsAndSingleFieldsAreSilent) {
  EXPECT_TRUE(Said(500, {.to = "10.20.9.9"}).empty());
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "backup";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  ASSERT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script registered(world), fields;
  Send(registered, 0, 500);
  registered.Next();
  EXPECT_TRUE(registered.Of("D18").empty());
  for (std::uint64_t i = 0; i < 500; ++i) fields.See({.person = i, .rule = kEmail});
  fields.Next();
  EXPECT_TRUE(fields.Of("D18").empty());
}

}  // namespace
}  // namespace gander::detect
