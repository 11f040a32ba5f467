// SPDX-License-Identifier: Apache-2.0
// Volume tiers of law: counted over their window whatever the register permits, told when near and when reached.
#include "detect/d21_register/legal_counts.h"
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

using policy::LegalMeter;

LegalMeter Meter(std::vector<policy::LegalTier> tiers = {{100, {"national_id"}, "security assessment"}}) {
  LegalMeter m;
  m.id = "no-export";
  m.law = "Act 7, section 3";
  m.from = {{{'N', 'O'}}};
  m.tiers = std::move(tiers);
  return m;
}

policy::PolicySource With(LegalMeter meter) {
  policy::PolicySource world = TestWorld();
  world.meters = {std::move(meter)};
  return world;
}

void SendPeople(Script& script, std::uint64_t first, std::uint64_t last, Sighting s = {}) {
  for (std::uint64_t i = first; i < last; ++i) {
    s.person = i;
    script.See(s);
  }
  script.Next();
}

// Alerts on tiers alone.
std::vector<Alert> Tiers(const Script& script) {
  std::vector<Alert> out = script.Of("D21");
  std::erase_if(out, [](const Alert& a) { return a.dedup_key.find("|meter|") == std::string::npos; });
  return out;
}

TEST(LegalMetersTest, NearIsToldAtItsShareAndReachedAtTheFigure) {
  Script script(With(Meter()));
  SendPeople(script, 0, 79);
  EXPECT_TRUE(Tiers(script).empty());
  SendPeople(script, 79, 80);
  ASSERT_EQ(Tiers(script).size(), 1u);
  const Alert near = Tiers(script)[0];
  EXPECT_EQ(near.severity, Severity::kMedium);
  EXPECT_EQ(near.signature,
            "GANDER Volume tier of law near: meter no-export, 80 people of 100 to other States since 2026-11-24: "
            "security assessment");
  for (const char* part : {"Act 7, section 3", "security assessment", "Threshold: 80 people", "lower bound, 80",
                           "since 1 January (UTC)", "Verdict of the latest movement: unregistered"}) {
    EXPECT_NE(near.explanation.find(part), std::string::npos) << part << ": " << near.explanation;
  }
  const std::string context = Flat(near.context);
  for (const char* part : {"meter=;id=no-export;law=Act 7, section 3;duty=security assessment;classes=national_id;"
                           "tier=100",
                           "window=since 1 January;since=2026-11-24T", "subjects=;estimate=80;low=80"}) {
    EXPECT_NE(context.find(part), std::string::npos) << part << ": " << context;
  }
  SendPeople(script, 50, 99);
  EXPECT_EQ(Tiers(script).size(), 1u) << "said once";
  SendPeople(script, 99, 100);
  ASSERT_EQ(Tiers(script).size(), 2u);
  EXPECT_EQ(Tiers(script)[1].severity, Severity::kHigh);
  EXPECT_NE(Tiers(script)[1].signature.find("tier of law reached"), std::string::npos);
  for (int day = 0; day < 3; ++day) {
    script.Next(86'400);
    SendPeople(script, 100, 200);
  }
  EXPECT_EQ(Tiers(script).size(), 2u) << "once in a year";
}

TEST(LegalMetersTest, WhatTheRegisterPermitsCountsToo) {
  policy::PolicySource world = With(Meter());
  policy::TransferEntry e;
  e.id = "billing";
  e.to_jurisdictions = {{{'D', 'E'}}};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  SendPeople(script, 0, 100);
  ASSERT_EQ(Tiers(script).size(), 1u) << "reached at once: near need not be said";
  EXPECT_NE(Tiers(script)[0].signature.find("reached"), std::string::npos);
  EXPECT_NE(Tiers(script)[0].explanation.find("latest movement: registered"), std::string::npos);
}

TEST(LegalMetersTest, TwinsAreSilent) {
  Script script(With(Meter()));
  for (int again = 0; again < 5; ++again) SendPeople(script, 0, 79);                   // the same people
  SendPeople(script, 0, 200, {.rule = kEmail});                                        // another class
  SendPeople(script, 0, 200, {.test_value = true});
  SendPeople(script, 0, 200, {.evidence = identify::Evidence::kUnproven});
  SendPeople(script, 100, 300, {.to = "10.20.9.9"});                                   // stays in the zone
  SendPeople(script, 300, 500, {.from = "10.30.0.1", .to = "198.51.100.1"});           // from a zone of another State
  SendPeople(script, 500, 700, {.from = "203.0.113.1", .to = "10.20.0.1"});            // comes in
  EXPECT_TRUE(Tiers(script).empty());
}

TEST(LegalMetersTest, AddressesOfMailAreItsOwn) {
  LegalMeter meter = Meter({{100, {"contact"}, ""}});
  Script script(With(meter));
  SendPeople(script, 0, 200, {.rule = kEmail, .app_proto = "smtp"});
  EXPECT_TRUE(Tiers(script).empty());
  SendPeople(script, 0, 200, {.rule = kEmail});
  EXPECT_EQ(Tiers(script).size(), 1u);
}

TEST(LegalMetersTest, ACalendarYearBeginsAnewAndTwelveMonthsDoNot) {
  LegalMeter calendar = Meter(), rolling = Meter();
  rolling.id = "rolling";
  rolling.window = LegalMeter::Window::kTwelveMonths;
  policy::PolicySource world = With(calendar);
  world.meters.push_back(rolling);
  Script script(world);
  SendPeople(script, 0, 79);
  script.Next(40 * 86'400);  // into January
  SendPeople(script, 200, 279);
  ASSERT_EQ(Tiers(script).size(), 1u);
  EXPECT_NE(Tiers(script)[0].signature.find("meter rolling, 158 people of 100"), std::string::npos);
  EXPECT_NE(Tiers(script)[0].explanation.find("the last 12 months"), std::string::npos);
  SendPeople(script, 279, 280);
  ASSERT_EQ(Tiers(script).size(), 2u);
  EXPECT_NE(Tiers(script)[1].signature.find("meter no-export, 80 people of 100"), std::string::npos);
  EXPECT_NE(Tiers(script)[1].signature.find("since 2027-01-03"), std::string::npos) << Tiers(script)[1].signature;
}

TEST(LegalMetersTest, TwelveMonthsEndToo) {
  LegalMeter meter = Meter();
  meter.window = LegalMeter::Window::kTwelveMonths;
  Script script(With(meter));
  SendPeople(script, 0, 79);
  script.Next(std::int64_t{2} * 365 * 86'400);
  SendPeople(script, 100, 179);
  EXPECT_TRUE(Tiers(script).empty());
}

TEST(LegalMetersTest, EachStateHasItsOwnCountWhereTheLawSaysSo) {
  LegalMeter each = Meter();
  each.per = LegalMeter::Per::kEach;
  Script script(With(each)), sum(With(Meter()));
  for (Script* s : {&script, &sum}) {
    SendPeople(*s, 0, 60);
    SendPeople(*s, 60, 120, {.to = "198.51.100.1"});
  }
  EXPECT_TRUE(Tiers(script).empty());
  EXPECT_EQ(Tiers(sum).size(), 1u);
  SendPeople(script, 120, 140, {.to = "198.51.100.2"});
  ASSERT_EQ(Tiers(script).size(), 1u);
  EXPECT_NE(Tiers(script)[0].signature.find("80 people of 100 to US"), std::string::npos) << Tiers(script)[0].signature;
}

TEST(LegalMetersTest, KindsAreNotAddedUp) {
  Script script(With(Meter({{100, {}, ""}})));
  SendPeople(script, 0, 70);
  SendPeople(script, 1000, 1070, {.rule = kEmail});
  SendPeople(script, 2000, 2070, {.rule = kPhone});
  EXPECT_TRUE(Tiers(script).empty());
  SendPeople(script, 1070, 1080, {.rule = kEmail});
  EXPECT_EQ(Tiers(script).size(), 1u);
}

TEST(LegalMetersTest, TiersSpeakByClassAndSensitivity) {
  Script script(With(Meter({{50, {"sensitive"}, "assessment"}, {200, {}, "contract"}})));
  SendPeople(script, 0, 100);  // national ids are personal here
  EXPECT_TRUE(Tiers(script).empty());
  SendPeople(script, 0, 50, {.rule = kHealth});
  ASSERT_EQ(Tiers(script).size(), 1u);
  EXPECT_NE(Tiers(script)[0].signature.find("of 50 to other States"), std::string::npos);
  SendPeople(script, 100, 160);
  ASSERT_EQ(Tiers(script).size(), 2u);
  EXPECT_NE(Tiers(script)[1].signature.find("near: meter no-export, 160 people of 200"), std::string::npos);
}

TEST(LegalMetersTest, PositionsCountNoMorePeopleThanMovedWithThem) {
  const LegalMeter meter = Meter({{100, {"location"}, ""}});
  Script script(With(meter));
  SendPeople(script, 0, 60);
  SendPeople(script, 0, 900, {.rule = kPosition});
  EXPECT_TRUE(Tiers(script).empty()) << "sixty people, each at fifteen places";
  SendPeople(script, 60, 100);
  SendPeople(script, 900, 901, {.rule = kPosition});
  EXPECT_EQ(Tiers(script).size(), 1u);

  Script devices(With(meter));  // each tells where it is and nothing else
  for (int i = 0; i < 79; ++i) {
    const auto place = static_cast<std::uint64_t>(i);
    devices.See({.from = "10.20.0." + std::to_string(i + 1), .person = place, .rule = kPosition});
  }
  devices.Next();
  EXPECT_TRUE(Tiers(devices).empty());
  devices.See({.from = "10.20.0.80", .person = 500, .rule = kPosition});
  devices.Next();
  EXPECT_EQ(Tiers(devices).size(), 1u);
}

TEST(LegalMetersTest, ARestartForgetsNobodyAndSaysNothingTwice) {
  LegalMeter rolling = Meter();
  rolling.id = "rolling";
  rolling.window = LegalMeter::Window::kTwelveMonths;
  policy::PolicySource world = With(Meter());
  world.meters.push_back(rolling);
  Script script(world), forgetful(world);
  for (Script* s : {&script, &forgetful}) SendPeople(*s, 0, 90);
  EXPECT_EQ(Tiers(script).size(), 2u);
  script.Restart(3600);
  forgetful.Restart(3600, false);
  for (Script* s : {&script, &forgetful}) SendPeople(*s, 40, 99);
  EXPECT_EQ(Tiers(script).size(), 2u);
  for (Script* s : {&script, &forgetful}) SendPeople(*s, 99, 100);
  EXPECT_EQ(Tiers(script).size(), 4u) << "both reached";
  EXPECT_EQ(Tiers(forgetful).size(), 2u) << "sixty people since";
}

TEST(LegalMetersTest, TheShareIsASetting) {
  Options options;
  options.compliance.meter_share = 1;
  Script script(With(Meter()), options);
  SendPeople(script, 0, 99);
  EXPECT_TRUE(Tiers(script).empty());
  SendPeople(script, 99, 100);
  EXPECT_EQ(Tiers(script).size(), 1u);
}

TEST(LegalMetersTest, ManyPeopleAreJudgedByTheLowerBound) {
  Script script(With(Meter({{5000, {}, ""}})));
  SendPeople(script, 0, 5000);
  ASSERT_EQ(Tiers(script).size(), 1u);
  EXPECT_NE(Tiers(script)[0].signature.find("near"), std::string::npos) << "the sketch's error reaches nobody's figure";
  SendPeople(script, 5000, 6000);
  ASSERT_EQ(Tiers(script).size(), 2u);
}

TEST(LegalMetersTest, NothingIsCountedBeyondItsShareOfMemory) {
  Options options;
  options.memory = 10'000;  // its share holds not one kind
  Script script(With(Meter()), options);
  SendPeople(script, 0, 200);
  EXPECT_TRUE(Tiers(script).empty());
}

}  // namespace
}  // namespace gander::detect
