// SPDX-License-Identifier: Apache-2.0
#include "policy/advisory.h"

#include <gtest/gtest.h>

namespace gander::policy {
namespace {

TEST(AdvisoryTest, VersionsAreOrderedByTheirNumbers) {
  const char* const ascending[] = {"0.9", "1.0", "1.0.1", "1.2", "1.10", "2.0rc1", "9.2p1", "9.8", "9.10", "9.10.1"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t k = 0; k < std::size(ascending); ++k) {
      const int order = CompareVersions(ascending[i], ascending[k]);
      EXPECT_EQ(order < 0, i < k) << ascending[i] << " " << ascending[k];
      EXPECT_EQ(order == 0, i == k) << ascending[i] << " " << ascending[k];
    }
  }
  EXPECT_EQ(CompareVersions("1.07", "1.7"), 0);
  EXPECT_LT(CompareVersions("", "1"), 0);
}

TEST(AdvisoryTest, ConcernsByProductAndAnyPattern) {
  Advisory a;
  a.product = "OpenSSH";
  a.versions = {"< 4.4", "8.5*", "9.7p1"};
  EXPECT_TRUE(Concerns(a, "openssh", "4.3p2"));
  EXPECT_TRUE(Concerns(a, "OpenSSH", "8.5p1"));
  EXPECT_TRUE(Concerns(a, "OpenSSH", "9.7P1"));
  EXPECT_FALSE(Concerns(a, "OpenSSH", "4.4"));
  EXPECT_FALSE(Concerns(a, "OpenSSH", "9.8p1"));
  EXPECT_FALSE(Concerns(a, "dropbear", "4.3p2"));
}

TEST(AdvisoryTest, PatternsAreChecked) {
  for (const char* good : {"1.2.3", "1.18.*", "< 9.8", "<9.8p1", "*"}) EXPECT_EQ(CheckVersionPattern(good), "") << good;
  for (const char* bad : {"", "<", "latest", "1.*.3", "< 1.*", "> 2"}) EXPECT_NE(CheckVersionPattern(bad), "") << bad;
}

}  // namespace
}  // namespace gander::policy
