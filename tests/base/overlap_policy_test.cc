// SPDX-License-Identifier: Apache-2.0
#include "base/overlap_policy.h"

#include <gtest/gtest.h>

namespace gander {
namespace {

TEST(HostPoliciesTest, TheLongestPrefixDecides) {
  HostPolicies hosts;
  ASSERT_TRUE(hosts.Add("10.0.0.0/8 bsd"));
  ASSERT_TRUE(hosts.Add("10.20.0.0/16 windows"));
  ASSERT_TRUE(hosts.Add("fd20::/48 solaris"));
  const auto of = [&](const char* text) {
    IpAddress a;
    EXPECT_TRUE(IpAddress::Parse(text, a));
    return hosts.Of(a);
  };
  EXPECT_EQ(of("10.20.3.4"), OverlapPolicy::kWindows);
  EXPECT_EQ(of("10.21.3.4"), OverlapPolicy::kBsd);
  EXPECT_EQ(of("fd20::1"), OverlapPolicy::kSolaris);
  EXPECT_EQ(of("192.0.2.1"), OverlapPolicy::kLinux);
  EXPECT_EQ(hosts.Texts().size(), 3u);
}

TEST(HostPoliciesTest, WhatIsNoNetworkOrNoPolicyIsRefused) {
  HostPolicies hosts;
  for (const char* text : {"", "10.0.0.0/8", "10.0.0.0/8 amiga", "10.0.0.1/8 bsd", "ten bsd", " bsd"}) {
    EXPECT_FALSE(hosts.Add(text)) << text;
  }
  EXPECT_TRUE(hosts.Texts().empty());
}

TEST(OverlapPolicyTest, NamesAreReadAsTheyAreWritten) {
  for (const auto policy : {OverlapPolicy::kFirst, OverlapPolicy::kLast, OverlapPolicy::kBsd, OverlapPolicy::kLinux,
                            OverlapPolicy::kSolaris, OverlapPolicy::kWindows}) {
    OverlapPolicy read{};
    EXPECT_TRUE(ParseOverlapPolicy(NameOf(policy), read));
    EXPECT_EQ(read, policy);
  }
}

}  // namespace
}  // namespace gander
