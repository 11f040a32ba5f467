// SPDX-License-Identifier: Apache-2.0
// What a register's outline lets pass, what it does not, and what it shows.
#include "identify/own/value_outline.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gander::identify {
namespace {

constexpr HashKey kOutlineKey{11, 22};

std::string Random(std::mt19937& random, std::string_view alphabet, std::size_t length) {
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += alphabet[random() % alphabet.size()];
  return out;
}
constexpr std::string_view kAlnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

TEST(ValueOutline, LosesNone) {
  std::mt19937 random(1);
  ValueOutline outline(kOutlineKey);
  std::vector<std::string> values;
  for (int i = 0; i < 20'000; ++i) values.push_back(Random(random, kAlnum, 4 + random() % 90));
  for (const std::string& value : values) outline.Add(value);
  std::vector<std::uint8_t> bytes;
  outline.AppendTo(bytes);
  ASSERT_EQ(bytes.size(), ValueOutline::kBytes);
  ValueOutline read(kOutlineKey), both(kOutlineKey);
  read.Load(bytes);
  both.Merge(read);
  for (const std::string& value : values) {
    ASSERT_TRUE(outline.MayHold(value)) << value;
    ASSERT_TRUE(outline.MayHold(ValueOutline::KindOf(value), value.size())) << value;
    ASSERT_TRUE(both.MayHold(value)) << value;
  }
}

TEST(ValueOutline, TellsOtherLengthsKindsAndBeginningsApart) {
  ValueOutline outline(kOutlineKey);
  EXPECT_TRUE(outline.empty());
  for (int i = 0; i < 1000; ++i) outline.Add("KD4" + std::to_string(100'000 + i));
  EXPECT_TRUE(outline.MayHold("KD4999999"));
  for (const char* other : {"KD499999", "KD49999999", "1234567890", "123456789", "1D4999999", "", "KD4"}) {
    EXPECT_FALSE(outline.MayHold(other)) << other;
  }
  std::mt19937 random(2);
  int passed = 0;
  for (int i = 0; i < 10'000; ++i) passed += outline.MayHold("K" + Random(random, kAlnum, 8)) ? 1 : 0;
  EXPECT_LT(passed, 50) << "one of 36 x 36 begins so";
}

TEST(ValueOutline, LongValuesShareOneLength) {
  ValueOutline outline(kOutlineKey);
  outline.Add(std::string(200, '1'));
  EXPECT_TRUE(outline.MayHold(ValueOutline::Kind::kDigits, 64));
  EXPECT_FALSE(outline.MayHold(std::string(64, '1'))) << "but lengths are hashed with beginnings";
  EXPECT_FALSE(outline.MayHold(ValueOutline::Kind::kDigits, 62));
}

TEST(ValueOutline, BeginningsStandElsewhereWithAnotherKey) {
  std::vector<std::uint8_t> one, two;
  for (auto [bytes, key] : {std::pair(&one, kOutlineKey), std::pair(&two, HashKey{11, 23})}) {
    ValueOutline outline(key);
    for (const char* value : {"AB1234567", "CD1234567", "EF1234567"}) outline.Add(value);
    outline.AppendTo(*bytes);
  }
  EXPECT_NE(one, two);
}

}  // namespace
}  // namespace gander::identify
