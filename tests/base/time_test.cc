// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace gander {
namespace {

TEST(TimeTest, EveTimeHasMicrosecondsAndNumericOffset) {
  EXPECT_EQ(FormatEveTime({0}), "1970-01-01T00:00:00.000000+0000");
  EXPECT_EQ(FormatEveTime({1'700'000'000'123'456'789}), "2023-11-14T22:13:20.123456+0000");
  EXPECT_EQ(FormatEveTime({-1000}), "1969-12-31T23:59:59.999999+0000");
}

TEST(TimeTest, ParsesDatesAndInstants) {
  Timestamp t;
  ASSERT_TRUE(ParseDate("2023-11-14", t));
  EXPECT_EQ(t.ns, 1'699'920'000LL * kNanosPerSecond);
  ASSERT_TRUE(ParseDate("2023-11-14T22:13:20Z", t));
  EXPECT_EQ(t.ns, 1'700'000'000LL * kNanosPerSecond);
  ASSERT_TRUE(ParseDate("2024-02-29", t));
}

TEST(TimeTest, RefusesWhatIsNoDate) {
  Timestamp t;
  for (const char* text : {"", "tomorrow", "2023-02-29", "2023-13-01", "2023-11-14T25:00:00Z", "2023-11-14T10:00:00",
                           "2023-11-14 extra", "1969-12-31"}) {
    EXPECT_FALSE(ParseDate(text, t)) << text;
  }
}

}  // namespace
}  // namespace gander
