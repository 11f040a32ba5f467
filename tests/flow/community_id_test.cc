// SPDX-License-Identifier: Apache-2.0
#include "flow/community_id.h"

#include <gtest/gtest.h>

namespace gander::flow {
namespace {

FiveTuple Tuple(const char* a, const char* b, std::uint16_t pa, std::uint16_t pb, std::uint8_t protocol) {
  FiveTuple t;
  EXPECT_TRUE(IpAddress::Parse(a, t.source));
  EXPECT_TRUE(IpAddress::Parse(b, t.destination));
  t.source_port = pa;
  t.destination_port = pb;
  t.protocol = protocol;
  return t;
}

// Values published with the specification.
TEST(CommunityIdTest, MatchesTheSpecification) {
  const FiveTuple tcp = Tuple("128.232.110.120", "66.35.250.204", 34855, 80, ip_proto::kTcp);
  EXPECT_EQ(CommunityId(tcp), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(CommunityId(tcp.Reversed()), CommunityId(tcp));
  EXPECT_EQ(CommunityId(Tuple("192.168.1.52", "8.8.8.8", 54585, 53, ip_proto::kUdp)), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
}

TEST(CommunityIdTest, EchoAndItsAnswerAreOne) {
  EXPECT_EQ(CommunityId(Tuple("192.0.2.1", "192.0.2.2", 8, 0, ip_proto::kIcmp)),
            CommunityId(Tuple("192.0.2.2", "192.0.2.1", 0, 0, ip_proto::kIcmp)));
  EXPECT_EQ(CommunityId(Tuple("2001:db8::1", "2001:db8::2", 128, 0, ip_proto::kIcmp6)),
            CommunityId(Tuple("2001:db8::2", "2001:db8::1", 129, 0, ip_proto::kIcmp6)));
}

}  // namespace
}  // namespace gander::flow
