// SPDX-License-Identifier: Apache-2.0
#include "base/net.h"

#include <gtest/gtest.h>

#include <vector>

namespace gander {
namespace {

IpAddress Ip(const char* text) {
  IpAddress a;
  EXPECT_TRUE(IpAddress::Parse(text, a)) << text;
  return a;
}

TEST(IpAddressTest, PrintsWhatItParses) {
  for (const char* text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "2001:db8::1", "::", "fe80::1:2"}) {
    EXPECT_EQ(Ip(text).ToString(), text);
  }
}

TEST(IpAddressTest, RefusesWhatIsNoAddress) {
  IpAddress a;
  for (const char* text : {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", "g::", "example.com",
                           "1111111111111111111111111111111111111111111111111111111"}) {
    EXPECT_FALSE(IpAddress::Parse(text, a)) << text;
  }
}

TEST(IpAddressTest, V4AndMappedV6AreToldApart) {
  EXPECT_NE(Ip("192.0.2.1"), Ip("::ffff:192.0.2.1"));
  EXPECT_EQ(Ip("192.0.2.1").v4_host_order(), 0xc0000201u);
  EXPECT_EQ(IpAddress::FromV4(0xc0000201u), Ip("192.0.2.1"));
}

TEST(IpAddressTest, OrdersAsItsOctetsDo) {
  std::vector<IpAddress> ascending;
  for (const char* text : {"::", "::1", "::1:0", "::ffff:9.255.255.255", "9.255.255.255", "10.0.0.1", "10.0.1.0",
                           "255.255.255.255", "2001:db8::2", "2001:db8:0:1::1", "fd00::", "ff02::fb"}) {
    ascending.push_back(Ip(text));
  }
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t k = 0; k < ascending.size(); ++k) {
      EXPECT_EQ(ascending[i] < ascending[k], i < k) << i << " " << k;
      EXPECT_EQ(ascending[i] == ascending[k], i == k) << i << " " << k;
    }
  }
}

TEST(IpPrefixTest, ContainsExactlyItsRange) {
  IpPrefix p;
  ASSERT_TRUE(IpPrefix::Parse("10.20.0.0/15", p));
  EXPECT_TRUE(p.Contains(Ip("10.20.0.0")));
  EXPECT_TRUE(p.Contains(Ip("10.21.255.255")));
  EXPECT_FALSE(p.Contains(Ip("10.22.0.0")));
  EXPECT_FALSE(p.Contains(Ip("10.19.255.255")));
  EXPECT_EQ(p.ToString(), "10.20.0.0/15");
}

TEST(IpPrefixTest, RefusesHostBitsAndBadLengths) {
  IpPrefix p;
  for (const char* text : {"10.20.0.1/16", "10.0.0.0/33", "fd20::1/48", "10.0.0.0/", "10.0.0.0/x"}) {
    EXPECT_FALSE(IpPrefix::Parse(text, p)) << text;
  }
  EXPECT_TRUE(IpPrefix::Parse("fd20::/48", p));
  EXPECT_TRUE(p.Contains(Ip("fd20::1")));
  EXPECT_FALSE(p.Contains(Ip("fd20:0:1::")));
  EXPECT_TRUE(IpPrefix::Parse("0.0.0.0/0", p));
  EXPECT_TRUE(p.Contains(Ip("8.8.8.8")));
  EXPECT_FALSE(p.Contains(Ip("2001:db8::1")));
}

}  // namespace
}  // namespace gander
