// SPDX-License-Identifier: Apache-2.0
// Texts of which only stretches are in need of anything: the rest passes, and nothing is missed at the seams.
#include <gtest/gtest.h>

#include <random>

#include "content/every_cut.h"
#include "content/notation/base64_run.h"
#include "content/notation/text_marks.h"

namespace gander::content {
namespace {

// Without a mark, or a word as long as a value.
std::string Words(std::size_t size) {
  constexpr std::string_view kWords = "parcels were left with the neighbour on the second floor, all of them; ";
  std::string out;
  while (out.size() < size) out += kWords;
  out.resize(size);
  return out;
}

// By the plain definition: no run with its padding that is long enough begins before `plain`, nor goes on behind it.
void ExpectPlain(const std::string& text, std::size_t plain) {
  const auto is = [&](std::size_t i) { return IsBase64(static_cast<std::byte>(text[i])); };
  for (std::size_t i = 0; i < plain;) {
    const std::size_t begin = i;
    while (i < text.size() && is(i)) ++i;
    std::size_t end = i;
    while (end < text.size() && end - i < 2 && text[end] == '=') ++end;
    ASSERT_TRUE(i == begin || (i <= plain && end - begin < kMinBase64)) << text;
    if (i == begin) ++i;
  }
}

TEST(TextMarks, FoundWhereTheyAre) {
  std::mt19937 random(21);
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 700, '.');
    for (int run = 0; run < 12 && !text.empty(); ++run) {
      const std::size_t at = random() % text.size();
      for (std::size_t i = at; i < std::min(text.size(), at + random() % 22); ++i)
        text[i] = "aZ09+/-_==,.@xyz"[random() % 16];
    }
    for (unsigned mark = random() % 3; mark > 0 && !text.empty(); --mark)
      text[random() % text.size()] = "\\&%"[random() % 3];
    if (round % 4 == 0 && !text.empty()) text[random() % text.size()] = static_cast<char>(random());
    const TextMarks marks = LookForMarks(AsBytes(text));
    const std::size_t first = text.find_first_of("\\&%");
    ASSERT_EQ(marks.unmarked, std::min(first, text.size())) << text;
    ASSERT_LE(marks.plain, marks.unmarked);
    ExpectPlain(text.substr(0, marks.unmarked), marks.plain);
    if (first == std::string::npos) continue;
    const std::size_t size = MarkedSize(AsBytes(text), first);
    ASSERT_GT(size, first);
    const std::size_t next = text.find_first_of("\\&%", size);
    ASSERT_TRUE(next == std::string::npos || next - size + 128 >= kWorthAStep) << text;
  }
}

TEST(TextMarks, WordsAreNoReasonToLookTwice) {
  const std::string text = Words(1460);
  const TextMarks marks = LookForMarks(AsBytes(text));
  EXPECT_EQ(marks.unmarked, text.size());
#if defined(__AVX2__)
  EXPECT_GT(marks.plain, text.size() - kMinBase64);
#endif
}

// The shortest there are, wherever in the vectors of the search they begin, and however little follows.
TEST(NotationLayer, ValuesAtEveryPlace) {
  for (const auto& [value, plain] : {std::pair<std::string, std::string>{"MDc4LTA1LTExMg==", "078-05-112"},
                                     {"MDc4LTA1LTExMjA=", "078-05-1120"}, {"MDc4LTA1LTExMjAw", "078-05-11200"}}) {
    for (std::size_t before = 0; before < 300; ++before) {
      for (const std::size_t behind : {0u, 1u, 90u, 126u, 127u, 128u, 200u}) {
        const std::string begin = "[\"" + Words(before) + "\",\"", end = "\"" + Words(behind);
        const Body1 body = {"application/json", "", begin + value + end};
        ASSERT_EQ(Read(body).Unnamed(), begin + plain + end);
        ASSERT_EQ(Read(body, 128).Unnamed(), begin + plain + end);
      }
    }
  }
}

TEST(NotationLayer, EscapesAtEveryPlace) {
  for (const auto& [escape, plain] : {std::pair<std::string, std::string>{"\\u0034", "4"}, {"&#52;", "4"}, {"%34", "4"},
                                      {"&eacute;", "\xc3\xa9"}, {"\\\\\\u0034", "4"}, {"%2525252534", "4"}}) {
    for (std::size_t before = 0; before < 600; before += before < 260 ? 1 : 17) {
      for (const std::size_t behind : {0u, 3u, 127u, 300u}) {
        const std::string begin = "[\"" + Words(before), end = Words(behind);
        const Body1 body = {"application/json", "", begin + escape + end};
        ASSERT_EQ(Read(body).Unnamed(), begin + plain + end);
        ASSERT_EQ(Read(body, 200).Unnamed(), begin + plain + end);
      }
    }
  }
}

TEST(NotationLayer, FarApartAndTogether) {
  const auto text = [](const char* a, const char* b, const char* c, const char* d, const char* e) {
    return "[\"" + Words(500) + a + Words(300) + "\",\"" + b + "\",\"" + Words(10) + c + Words(700) + "\":\"" + d +
           Words(20) + e;
  };
  const std::string header = R"({"alg":"HS256","typ":"JWT"})", token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
  EXPECT_EQ(TextOf("application/json",
                   text("\\u0031\\n", "MDc4LTA1LTEx\\u004djA\\u003d", "&amp;#49;", "%C3%A9", "\\ud83d\\ude00")),
            text("1\n", "078-05-1120", "1", "\xc3\xa9", "\xf0\x9f\x98\x80"));
  EXPECT_EQ(TextOf("application/json",
                   text("\\/", "MDc4LTA1LTExMjA=", "", "x", ("\",\"" + token + ".e30.x\"" + Words(400)).c_str())),
            text("/", "078-05-1120", "", "x", ("\",\"" + token + ".e30.x " + header + " {}\"" + Words(400)).c_str()));
}

}  // namespace
}  // namespace gander::content
