// SPDX-License-Identifier: Apache-2.0
#include "selfcheck/value_search.h"

#include <gtest/gtest.h>

namespace gander::selfcheck {
namespace {

std::set<std::string> Found(const ValueSearch& search, std::string_view output) {
  std::set<std::string> out;
  for (const ValueSearch::Hit& hit : search.Find(output)) out.insert(hit.writing);
  return out;
}

TEST(ValueSearch, FindsEachWriting) {
  ValueSearch search;
  ASSERT_TRUE(search.Add("Ada Berg-1120@Example.org"));
  using Set = std::set<std::string>;
  EXPECT_EQ(Found(search, "to ada berg-1120@example.ORG;"), Set{"as it is"});
  EXPECT_EQ(Found(search, "id=adaberg1120exampleorg,"), Set{"without separators"});
  EXPECT_EQ(Found(search, "?q=Ada%20Berg%2d1120%40Example%2Eorg"), Set{"percent-coded"});
  EXPECT_EQ(Found(search, "41646120426572672D31313230404578616d706c652e6f7267"), Set{"hexadecimal"});
  EXPECT_EQ(Found(search, "nothing of it: berg 1120 @example.org"), Set{});
}

TEST(ValueSearch, FindsBase64AtEachPhase) {
  ValueSearch search;
  ASSERT_TRUE(search.Add("078-05-1120"));
  // Of "", "x" and "xy" before it, and something behind.
  for (const char* text : {"MDc4LTA1LTExMjAseg==", "eDA3OC0wNS0xMTIwLHo=", "eHkwNzgtMDUtMTEyMCx6"}) {
    EXPECT_EQ(Found(search, text), std::set<std::string>{"base64"}) << text;
  }
  EXPECT_TRUE(Found(search, "MDC4LTA1LTExMjAseg==").empty()) << "another value";
}

TEST(ValueSearch, FindsWhatJsonAndHtmlEscape) {
  ValueSearch search;
  ASSERT_TRUE(search.Add("a\"b<c>&'d\\efgh"));
  EXPECT_TRUE(Found(search, R"({"x":"a\"b<c>&'d\\efgh"})").contains("JSON-escaped"));
  EXPECT_TRUE(Found(search, "<td>a&quot;b&lt;c&gt;&amp;&#39;d\\efgh</td>").contains("HTML-escaped"));
}

TEST(ValueSearch, LeavesOutWhatChanceWouldFind) {
  ValueSearch search;
  EXPECT_TRUE(search.Add("123456789")) << "in hexadecimal and base64";
  EXPECT_TRUE(Found(search, "123456789 bytes").empty()) << "a number of bytes may be that";
  EXPECT_FALSE(Found(search, "313233343536373839").empty());
  EXPECT_FALSE(search.Add("1234"));
  EXPECT_FALSE(search.Add("ab"));
  EXPECT_EQ(search.values(), 3u);
}

TEST(ValueSearch, TellsWhichValue) {
  ValueSearch search;
  search.Add("first.person@example.org");
  search.Add("other.person@example.org");
  const auto hits = search.Find("x other.person@example.org first.person@example.com");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits.begin()->value, 1u);
}

}  // namespace
}  // namespace gander::selfcheck
