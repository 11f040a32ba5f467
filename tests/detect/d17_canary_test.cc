// SPDX-License-Identifier: Apache-2.0
#include "detect/script.h"

namespace gander::detect {
namespace {

using namespace test;  // NOLINT: a script reads better without

TEST(CanaryTest, OneSightingIsCritical) {
  Script script;
  script.See({.rule = kCanary});
  script.Next();
  const auto alerts = script.Of("D17");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].sid, 2090017u);
  EXPECT_EQ(alerts[0].severity, Severity::kCritical);
  EXPECT_EQ(
      alerts[0].signature,
      "GANDER Canary seen: 1 canary of register test.canary, 10.20.0.1 (zone wards, NO) to 203.0.113.5 (outside, DE)");
  EXPECT_NE(alerts[0].explanation.find("Exact match with register test.canary"), std::string::npos);
}

TEST(CanaryTest, AlsoInsideOneZoneAndWhereTheTransferIsRegistered) {
  policy::PolicySource world = TestWorld();
  policy::TransferEntry e;
  e.id = "all";
  e.to_jurisdictions = {{{'D', 'E'}}};
  e.basis = {"contract", "DPA-1", ""};
  ASSERT_TRUE(ParseDate("2027-03-31", e.until));
  world.transfers = {e};
  Script script(world);
  script.See({.rule = kCanary});
  script.See({.to = "10.20.0.9", .rule = kCanary});
  script.Next();
  EXPECT_EQ(script.Of("D17").size(), 2u);
}

TEST(CanaryTest, OneAlertAPath) {
  Script script;
  for (int epoch = 0; epoch < 20; ++epoch) {
    script.See({.rule = kCanary});
    script.Next();
  }
  EXPECT_EQ(script.Of("D17").size(), 1u);
  script.See({.to = "203.0.113.6", .rule = kCanary});
  script.Next();
  EXPECT_EQ(script.Of("D17").size(), 2u);
}

TEST(CanaryTest, NothingElseIsOne) {
  Script script;
  for (std::uint64_t i = 0; i < 500; ++i) {
    script.See({.person = i});
    script.See({.person = i, .rule = kToken});
  }
  script.See({.rule = kCanary, .test_value = true});
  script.See({.rule = kCanary, .evidence = identify::Evidence::kUnproven});
  script.Next();
  EXPECT_TRUE(script.Of("D17").empty());
}

}  // namespace
}  // namespace gander::detect
