// SPDX-License-Identifier: Apache-2.0
// Records told by their keys.
#include "identify/record_keys.h"

#include <gtest/gtest.h>

namespace gander::identify {
namespace {

constexpr RecordKeys kThree{.rule = 1, .parts = 3, .within = 100, .times = 1};

TEST(RecordKeysTest, ARecordIsCompleteWithItsLastPart) {
  RecordKeysTally tally;
  EXPECT_FALSE(tally.OnKey(kThree, 0, 10));
  EXPECT_FALSE(tally.OnKey(kThree, 2, 30));
  EXPECT_TRUE(tally.OnKey(kThree, 1, 50));
  EXPECT_EQ(tally.begin(), 10u);
}

TEST(RecordKeysTest, PartsFarFromEachOtherAreNoRecord) {
  RecordKeysTally tally;
  EXPECT_FALSE(tally.OnKey(kThree, 0, 0));
  EXPECT_FALSE(tally.OnKey(kThree, 1, 90));
  EXPECT_FALSE(tally.OnKey(kThree, 2, 101));
  EXPECT_TRUE(tally.OnKey(kThree, 0, 110));
}

TEST(RecordKeysTest, IsToldOnceATextWhenSoManyRecordsWereSeen) {
  RecordKeys keys = kThree;
  keys.times = 2;
  RecordKeysTally tally;
  int told = 0;
  for (std::uint64_t at = 0; at < 1000; at += 100) {
    for (std::uint32_t part = 0; part < 3; ++part) told += tally.OnKey(keys, part, at + part) ? 1 : 0;
    EXPECT_EQ(told, at < 100 ? 0 : 1);
  }
}

}  // namespace
}  // namespace gander::identify
