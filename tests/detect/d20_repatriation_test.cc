// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

constexpr std::int64_t kDaySeconds = 86'400;

struct Plan {
  std::uint64_t people_a_day = 1200;
  int days = 10;
  const char* country = "SE";     // of the people
  std::uint64_t elsewhere = 0;    // people a day to another State
};

// The branch in SE sends to DE, day by day.
std::vector<Alert> Play(const Plan& plan, policy::PolicySource world = TestWorld()) {
  Script script(std::move(world));
  for (int day = 0; day < plan.days; ++day) {
    Sighting s{.from = "10.30.0.5", .rule = kNationalId, .country = plan.country};
    for (std::uint64_t i = 0; i < plan.people_a_day; ++i) {
      s.person = static_cast<std::uint64_t>(day) * 100'000 + i;
      script.See(s);
    }
    s.to = "198.51.100.9";
    for (std::uint64_t i = 0; i < plan.elsewhere; ++i) {
      s.person = 50'000'000 + static_cast<std::uint64_t>(day) * 100'000 + i;
      script.See(s);
    }
    script.Next(60);
    script.Next(kDaySeconds - 60);
  }
  return script.Of("D20");
}

TEST(RepatriationTest, TenThousandOfItsOwnPeopleToOneState) {
  const auto alerts = Play({});
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090020u);
  EXPECT_EQ(alerts[0].severity, Severity::kMedium);
  EXPECT_EQ(alerts[0].mitre, std::vector<std::string>{"T1537"});
  EXPECT_NE(alerts[0].signature.find("zone branch (SE) to DE"), std::string::npos) << alerts[0].signature;
}

TEST(RepatriationTest, TwinsAreSilent) {
  EXPECT_TRUE(Play({.people_a_day = 900}).empty());                       // too few
  EXPECT_TRUE(Play({.people_a_day = 12'000, .days = 1}).empty());         // a copy made once
  EXPECT_TRUE(Play({.country = "NO"}).empty());                           // not the site's people
  EXPECT_TRUE(Play({.country = ""}).empty());                             // nobody can tell whose
  EXPECT_TRUE(Play({.people_a_day = 1200, .elsewhere = 1200}).empty());   // half of it
}

TEST(RepatriationTest, FourFifthsAreEnough) { EXPECT_EQ(Play({.people_a_day = 1300, .elsewhere = 150}).size(), 1u); }

TEST(RepatriationTest, TheRegisteredTwinIsSilent) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "central-hr";
  e.from = "branch";
  e.to_jurisdictions = {{{'D', 'E'}}};
  EXPECT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  EXPECT_TRUE(Play({}, world).empty());
}

TEST(RepatriationTest, PeopleOfThirtyDaysAddUpAndOlderOnesDoNot) {
  EXPECT_EQ(Play({.people_a_day = 400, .days = 29}).size(), 1u);
  EXPECT_TRUE(Play({.people_a_day = 200, .days = 90}).empty());  // 9,000 in any 45 days
}

TEST(RepatriationTest, BytesCountWhereSomePeopleWereSeen) {
  for (const bool people : {true, false}) {
    Script script(TestWorld());
    for (int day = 0; day < 4; ++day) {
      for (std::uint64_t i = 0; i < (people ? 50u : 1u); ++i) {
        script.See({.from = "10.30.0.5", .person = static_cast<std::uint64_t>(day) * 100 + i, .country = "SE"});
      }
      script.Exchange({.from = "10.30.0.5", .encrypted = true, .app_proto = "tls"}, {.out = 2'600'000'000});
      script.Exchange({.from = "10.30.0.6", .to = "198.51.100.9", .encrypted = true}, {.out = 200'000'000});
      script.Next(kDaySeconds);
    }
    EXPECT_EQ(script.Of("D20").size(), people ? 1u : 0u);
  }
}

}  // namespace
}  // namespace gander::detect
