// SPDX-License-Identifier: Apache-2.0
#include "base/record.h"

#include <gtest/gtest.h>

namespace gander {
namespace {

TEST(RecordTest, AppendKeepsEveryString) {
  Record inner, outer;
  inner.BeginObject("http").String("url", "/a").Integer("status", 200).EndObject();
  outer.String("first", "text").Append(inner);
  ASSERT_EQ(outer.tokens().size(), 5u);
  EXPECT_EQ(outer.text(outer.tokens()[0]), "text");
  EXPECT_EQ(outer.text(outer.tokens()[2]), "/a");
}

TEST(RecordTest, LongStringsAreCutAtACharacter) {
  Record r;
  r.String("k", std::string(Record::kMaxString - 4, 'a') + "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
  const std::string_view text = r.text(r.tokens()[0]);
  EXPECT_LE(text.size(), Record::kMaxString);
  EXPECT_TRUE(text.ends_with("a\xe2\x80\xa6")) << "cut inside a character";
}

TEST(RecordTest, ReplaceLeavesTheOthers) {
  Record r;
  r.String("a", "one").String("b", "two");
  r.Replace(0, "masked value");
  EXPECT_EQ(r.text(r.tokens()[0]), "masked value");
  EXPECT_EQ(r.text(r.tokens()[1]), "two");
  r.Clear();
  EXPECT_TRUE(r.empty());
}

}  // namespace
}  // namespace gander
