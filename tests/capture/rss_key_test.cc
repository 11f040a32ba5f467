// SPDX-License-Identifier: Apache-2.0
// RSS keys: the hash itself on published vectors, what is refused and why, fitting to a port.
#include "capture/rss_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander {
namespace {

using capture::RssKey;
using testing::HasSubstr;

// The key of "Verifying the RSS Hash Calculation" (Microsoft), which is not symmetric.
constexpr const char* kMicrosoft =
    "6d 5a 56 da 25 5b 0e c2 41 67 25 3d 43 a3 8f b0 d0 ca 2b cb ae 7b 30 b4 77 cb 2d a3 80 30 f2 0c 6a 42 "
    "b7 3b be "
    "ac 01 fa";

std::vector<std::uint8_t> BytesOf(std::string_view hex) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < hex.size(); i += 3) {
    out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

Error ErrorOf(const std::string& hex) {
  auto key = RssKey::Parse(hex);
  if (key) {
    ADD_FAILURE() << hex << " was taken";
    return {};
  }
  EXPECT_EQ(key.error().file, "capture.dpdk.rss_key");
  EXPECT_FALSE(key.error().remedy.empty());
  return key.error();
}

TEST(ToeplitzHash, IsMicrosofts) {
  const auto key = BytesOf(kMicrosoft);
  // 66.9.149.187 to 161.142.100.80; then with ports 2794 and 1766.
  EXPECT_EQ(capture::ToeplitzHash(key, BytesOf("42 09 95 bb a1 8e 64 50")), 0x323e8fc2u);
  EXPECT_EQ(capture::ToeplitzHash(key, BytesOf("42 09 95 bb a1 8e 64 50 0a ea 06 e6")), 0x51ccc178u);
}

TEST(RssKey, DefaultFitsAnyPort) {
  auto key = RssKey::Parse("");
  ASSERT_TRUE(key) << key.error().ToString();
  for (const std::size_t size : {40u, 52u, 10u}) {
    const auto bytes = key->OfSize(size);
    ASSERT_EQ(bytes.size(), size);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(bytes[i], i % 2 == 0 ? 0x6d : 0x5a);
  }
}

TEST(RssKey, PatternsOfFourBytesAreSymmetricForAddresses) {
  auto key = RssKey::Parse("6d:5a:56:da");
  ASSERT_TRUE(key) << key.error().ToString();
  EXPECT_EQ(key->OfSize(40).size(), 40u);
}

TEST(RssKey, WholeKeyOfOneLengthFitsThatLengthOnly) {
  // Symmetric and yet of no short pattern: what lies behind the first 36 bytes is never used for addresses.
  std::string hex;
  for (int i = 0; i < 18; ++i) hex += "6d5a";
  auto key = RssKey::Parse(hex + "01020304");
  ASSERT_TRUE(key) << key.error().ToString();
  EXPECT_EQ(key->OfSize(40).size(), 40u);
  EXPECT_TRUE(key->OfSize(52).empty());
}

TEST(RssKey, SaysWhatIsWrong) {
  EXPECT_THAT(ErrorOf("6d5g").cause, HasSubstr("not a hexadecimal"));
  EXPECT_THAT(ErrorOf("6d5").cause, HasSubstr("not a hexadecimal"));
  EXPECT_THAT(ErrorOf("::").cause, HasSubstr("not a hexadecimal"));
  EXPECT_THAT(ErrorOf("6d5a01").cause, HasSubstr("has 3 bytes"));
  EXPECT_THAT(ErrorOf(std::string(512, '0')).cause, HasSubstr("has 256 bytes"));
  EXPECT_THAT(ErrorOf(kMicrosoft).cause, HasSubstr("not symmetric"));
  EXPECT_THAT(ErrorOf("0000").cause, HasSubstr("alike"));
  EXPECT_THAT(ErrorOf("ffff").cause, HasSubstr("alike"));
}

}  // namespace
}  // namespace gander
