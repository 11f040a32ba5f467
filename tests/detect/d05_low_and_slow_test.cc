// SPDX-License-Identifier: Apache-2.0
// D05 over injected packet time: a day is two epochs.
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::int64_t kDay = 86'400;

// `people` a day from `first` on, in one epoch of each day. The day of the first alert, counted from 1; 0 = none.
struct Plan {
  int days = 30;
  std::uint64_t people = 20;
  bool repeat = false;          // the same people every day
  std::uint64_t recipients = 1;
  Sighting what;
};

void RunDay(Script& script, const Plan& plan, int day) {
  for (std::uint64_t i = 0; i < plan.people; ++i) {
    Sighting s = plan.what;
    s.person = plan.repeat ? i : static_cast<std::uint64_t>(day) * plan.people + i;
    if (plan.recipients > 1) s.to = "203.0.113." + std::to_string((s.person % plan.recipients) + 1);
    script.See(s);
  }
  script.Next(5);
  script.Next(kDay - 5);
}

int FirstAlert(Script& script, const Plan& plan) {
  for (int day = 0; day < plan.days; ++day) {
    RunDay(script, plan, day);
    if (!script.Of("D05").empty()) return day + 1;
  }
  return 0;
}

TEST(LowAndSlowTest, TwentyADayBeforeTheEleventhDay) {
  Script script;
  const int day = FirstAlert(script, {});
  EXPECT_EQ(day, 10);
  const Alert alert = script.Of("D05")[0];
  EXPECT_EQ(alert.sid, 2090005u);
  EXPECT_EQ(alert.dedup_key, "D05|10.20.0.1|203.0.113.0/24");
  EXPECT_NE(alert.explanation.find("Data of 200 people (test.national) went from 10.20.0.1"), std::string::npos)
      << alert.explanation;
  EXPECT_NE(alert.explanation.find("on 10 different days"), std::string::npos) << alert.explanation;
  EXPECT_NE(alert.explanation.find("Threshold: 200 people in 30 days on 5 days"), std::string::npos);
  EXPECT_GE(alert.severity, Severity::kHigh);
}

TEST(LowAndSlowTest, SevenADayBeforeTheMonthIsOver) {
  // Wherever the month lies on the grid of windows.
  for (int phase : {0, 4, 9, 13}) {
    Script script;
    for (int i = 0; i < phase; ++i) script.Next(kDay);
    const int day = FirstAlert(script, {.people = 7});
    EXPECT_GT(day, 0) << phase;
    EXPECT_LE(day, 30) << phase;
  }
}

TEST(LowAndSlowTest, SensitivePeopleNeedFewer) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.people = 6, .what = {.rule = kCanary}}), 9);  // 54 of 50
}

TEST(LowAndSlowTest, PayeesEveryDayAreSilent) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.days = 90, .people = 80, .repeat = true}), 0);
}

TEST(LowAndSlowTest, FourADayStayBelow) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.people = 4, .what = {}}), 0);  // 180 in the longest window
}

TEST(LowAndSlowTest, ADeskThatAnswersPeopleOneByOneIsSilent) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.people = 12, .recipients = 250}), 0);
}

TEST(LowAndSlowTest, MailToThePeopleThemselvesIsSilent) {
  Script script;
  const Sighting mail{.rule = kEmail, .host = "mx.example.com", .app_proto = "smtp"};
  EXPECT_EQ(FirstAlert(script, {.people = 40, .what = mail}), 0);
  Script others;  // other people's numbers in mail are counted
  const Sighting numbers{.host = "mx.example.com", .app_proto = "smtp"};
  EXPECT_EQ(FirstAlert(others, {.people = 40, .what = numbers}), 5);
}

TEST(LowAndSlowTest, FiveDaysAreNeeded) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.days = 4, .people = 90}), 0);
  RunDay(script, {.people = 90}, 4);
  EXPECT_EQ(script.Of("D05").size(), 1u);
}

TEST(LowAndSlowTest, WhatBulkTransferSaysIsNotSaidAgain) {
  Script script;
  EXPECT_EQ(FirstAlert(script, {.people = 120}), 0);
  EXPECT_FALSE(script.Of("D02").empty());
}

TEST(LowAndSlowTest, RotatingRecipientsOfOneNameAddUp) {
  Script script;
  for (int day = 0; day < 12; ++day) {
    for (std::uint64_t i = 0; i < 20; ++i) {
      script.See({.to = "192.0." + std::to_string(day) + ".9",
                  .person = static_cast<std::uint64_t>(day) * 20 + i,
                  .host = "n" + std::to_string(day) + ".drop.example.com"});
    }
    script.Next(5);
    script.Next(kDay - 5);
  }
  ASSERT_EQ(script.Of("D05").size(), 3u);  // once a day from the tenth on
  EXPECT_EQ(script.Of("D05")[0].dedup_key, "D05|10.20.0.1|example.com");
}

TEST(LowAndSlowTest, WhatTheRegisterPermitsIsSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "payroll";
  e.to_domains = {"payroll.example.com"};
  e.basis = {"contract", "DPA-1", ""};
  EXPECT_TRUE(ParseDate("2027-10-31", e.until));
  world.transfers = {e};
  Script script(world);
  EXPECT_EQ(FirstAlert(script, {.what = {.host = "payroll.example.com"}}), 0);
}

TEST(LowAndSlowTest, AFloodOfKeysDoesNotHideIt) {
  Options options;
  options.max_keys = 1000;
  options.memory = 32 << 20;
  Script script(TestWorld(), options);
  std::uint64_t flood = 0;
  int first = 0;
  for (int day = 0; day < 30 && first == 0; ++day) {
    for (int part = 0; part < 20; ++part) {
      script.See({.person = static_cast<std::uint64_t>(day * 20 + part)});
      for (int i = 0; i < 400; ++i, ++flood) {
        script.See({.from = "10.20." + std::to_string(flood % 200) + "." + std::to_string(flood / 200 % 250),
                    .to = "198.51." + std::to_string(flood / 7 % 250) + ".1",
                    .person = 1'000'000 + flood,
                    .encrypted = true});
      }
      script.Next(kDay / 20);
    }
    for (const Alert& a : script.Of("D05")) {
      if (a.dedup_key == "D05|10.20.0.1|203.0.113.0/24" && first == 0) first = day + 1;
    }
  }
  EXPECT_GT(first, 0);
  EXPECT_LE(first, 14);
}

// Must show: a restart in the middle, still detected, people not counted twice.
TEST(LowAndSlowTest, ARestartForgetsNobodyAndCountsNobodyTwice) {
  Script script;
  for (int day = 0; day < 6; ++day) RunDay(script, {}, day);
  script.Restart(40);
  EXPECT_TRUE(script.Of("D05").empty());
  RunDay(script, {}, 5);  // the people of yesterday once more
  for (int day = 6; day < 9; ++day) RunDay(script, {}, day);
  EXPECT_TRUE(script.Of("D05").empty());  // 180, not 200
  RunDay(script, {}, 9);
  ASSERT_EQ(script.Of("D05").size(), 1u);
  EXPECT_NE(script.Of("D05")[0].explanation.find("Data of 200 people"), std::string::npos)
      << script.Of("D05")[0].explanation;
  const auto blind = script.Of("D19");
  ASSERT_EQ(blind.size(), 1u);
  EXPECT_NE(blind[0].signature.find("did not run for 40 s"), std::string::npos) << blind[0].signature;
  // What was said is not said again by the next process.
  script.Restart(40);
  RunDay(script, {.people = 1, .repeat = true}, 0);
  EXPECT_EQ(script.Of("D05").size(), 2u);  // the next day's notice, as without a restart
}

TEST(LowAndSlowTest, WithoutASnapshotTheMonthBeginsAnew) {
  Script script;
  for (int day = 0; day < 9; ++day) RunDay(script, {}, day);
  script.Restart(40, false);
  for (int day = 9; day < 18; ++day) RunDay(script, {}, day);
  EXPECT_TRUE(script.Of("D05").empty());
}

}  // namespace
}  // namespace gander::detect
