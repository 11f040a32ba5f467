// SPDX-License-Identifier: Apache-2.0
// Names of fields, found where they end: against a search for each by itself, in every notation, at every begin and end
// of the stretch that is looked at.
#include "identify/key_index.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::identify {
namespace {

class KeyIndexTest : public testing::Test {
 protected:
  KeyIndexTest() {
    std::uint32_t id = 0;
    for (const char* key : {"email", "user email", "ip", "x-forwarded-for", "first_name", "name", "姓名", "v6"}) {
      index_.Add(key, id++);
    }
    index_.Freeze();
  }
  // "id@end" of each hit.
  std::string Found(std::string_view text, std::size_t from, std::size_t limit) const {
    std::vector<LiteralHit> hits;
    index_.Find(text, from, limit, hits);
    std::string out;
    for (const LiteralHit& h : hits) out += std::to_string(h.literal) + '@' + std::to_string(h.end) + ' ';
    return out;
  }
  std::string Found(std::string_view text) const { return Found(text, 0, text.size()); }

  KeyIndex index_;
};

TEST_F(KeyIndexTest, FindsAKeyBeforeEachMark) {
  EXPECT_EQ(Found("email: a"), "0@5 ");
  EXPECT_EQ(Found("EMAIL = a"), "0@5 ");
  EXPECT_EQ(Found("{\"email\" : \"a\"}"), "0@7 ");
  EXPECT_EQ(Found("<email>a</email>"), "0@6 0@15 ");
  EXPECT_EQ(Found("<td>Name</td><td>a</td>"), "5@8 ");
  EXPECT_EQ(Found("<input name=\"ip\" value=\"a\">"), "5@11 2@15 ");
  EXPECT_EQ(Found("X-Forwarded-For: a"), "3@15 ");
  EXPECT_EQ(Found("姓名: a"), "6@6 ");
}

TEST_F(KeyIndexTest, ShorterKeysAreFoundWithinLongerOnesOnlyAtTheBeginOfAWord) {
  EXPECT_EQ(Found("user email: a"), "0@10 1@10 ");
  EXPECT_EQ(Found("first_name=a"), "4@10 ");
  EXPECT_EQ(Found("zip=a rename=a"), "");
}

TEST_F(KeyIndexTest, FindsNothingWithoutAMarkOrAKey) {
  EXPECT_EQ(Found("the email of the user"), "");
  EXPECT_EQ(Found(": = < >"), "");
  EXPECT_EQ(Found("10:34:22 https://example.org/?a=b"), "");
  EXPECT_EQ(Found(""), "");
}

TEST_F(KeyIndexTest, WhatEndsInTheStretchIsFoundWhereverItWasCut) {
  const std::string text = "{\"email\":\"a\",\"ip\" :\"b\"}\nname = c <email>d" + std::string(80, ' ') + "v6: e";
  const std::string all = Found(text);
  EXPECT_FALSE(all.empty());
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Found(text, 0, cut) + Found(text, cut, text.size()), all) << cut;
  }
}

TEST_F(KeyIndexTest, AWholeTextIsAKeyOrNot) {
  const auto whole = [&](std::string_view text) {
    std::vector<LiteralHit> hits;
    index_.FindWhole(text, hits);
    return hits.size();
  };
  EXPECT_EQ(whole("Email"), 1u);
  EXPECT_EQ(whole("user email"), 1u);
  EXPECT_EQ(whole("an email"), 0u);
  EXPECT_EQ(whole(""), 0u);
}

}  // namespace
}  // namespace gander::identify
