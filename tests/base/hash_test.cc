// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <gtest/gtest.h>

#include <vector>

namespace gander {
namespace {

// Test vectors of the SipHash paper's reference: key 00..0f, message 00..n-1.
TEST(SipHashTest, MatchesPublishedVectors) {
  const HashKey key{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
  std::vector<std::byte> message;
  for (int i = 0; i < 15; ++i) message.push_back(static_cast<std::byte>(i));
  EXPECT_EQ(SipHash24(key, {}), 0x726fdb47dd0e0e31ULL);
  EXPECT_EQ(SipHash24(key, Bytes(message).first(1)), 0x74f839c593dc67fdULL);
  EXPECT_EQ(SipHash24(key, Bytes(message).first(8)), 0x93f5f5799a932462ULL);
  EXPECT_EQ(SipHash24(key, message), 0xa129ca6149be45e5ULL);
}

TEST(SipHashTest, KeysSeparate) {
  EXPECT_NE(SipHash13({1, 2}, 7), SipHash13({1, 3}, 7));
  EXPECT_NE(SipHash13({1, 2}, 7), SipHash13({1, 2}, 8));
}

}  // namespace
}  // namespace gander
