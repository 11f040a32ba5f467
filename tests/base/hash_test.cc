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

// The same key and messages with one round a word and three at the end, as `openssl mac` makes them with c-rounds:1 and
// d-rounds:3.
TEST(SipHashTest, AgreesWithOpensslOn13) {
  const HashKey key{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
  std::vector<std::byte> message;
  for (int i = 0; i < 63; ++i) message.push_back(static_cast<std::byte>(i));
  EXPECT_EQ(SipHash13(key, Bytes{}), 0xabac0158050fc4dcULL);
  EXPECT_EQ(SipHash13(key, Bytes(message).first(1)), 0xc9f49bf37d57ca93ULL);
  EXPECT_EQ(SipHash13(key, Bytes(message).first(7)), 0xd3927d989bb11140ULL);
  EXPECT_EQ(SipHash13(key, Bytes(message).first(8)), 0x369095118d299a8eULL);
  EXPECT_EQ(SipHash13(key, Bytes(message).first(15)), 0xd320d86d2a519956ULL);
  EXPECT_EQ(SipHash13(key, message), 0x9d199062b7bbb3a8ULL);
  EXPECT_EQ(SipHash13(key, 0x0706050403020100ULL), SipHash13(key, Bytes(message).first(8)));
}

TEST(SipHashTest, KeysSeparate) {
  EXPECT_NE(SipHash13({1, 2}, 7), SipHash13({1, 3}, 7));
  EXPECT_NE(SipHash13({1, 2}, 7), SipHash13({1, 2}, 8));
}

}  // namespace
}  // namespace gander
