// SPDX-License-Identifier: Apache-2.0
// The words of PDF, and that they do not depend on how the bytes come.
#include "content/document/pdf_lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "content/coded.h"

namespace gander::content {
namespace {

using Kind = PdfLexer::Kind;

std::string Shown(const PdfLexer& lexer) {
  switch (lexer.kind()) {
    case Kind::kNumber:
      return "#" + std::to_string(lexer.number()) + (lexer.integer() >= 0 ? "i" : "");
    case Kind::kName:
      return "/" + std::string(lexer.text());
    case Kind::kString:
      return (lexer.first() ? "(" : "+") + std::string(lexer.text()) + (lexer.last() ? ")" : "");
    case Kind::kKeyword:
      return std::string(lexer.text());
    case Kind::kDictOpen:
      return "<<";
    case Kind::kDictClose:
      return ">>";
    case Kind::kArrayOpen:
      return "[";
    case Kind::kArrayClose:
      return "]";
  }
  return "?";
}

std::vector<std::string> Words(const std::string& text, std::size_t step = SIZE_MAX) {
  PdfLexer lexer;
  lexer.Begin();
  std::vector<std::string> words;
  Bytes rest = AsBytes(text);
  while (!rest.empty()) {
    Bytes part = TakeFront(rest, step);
    while (lexer.Next(part)) words.push_back(Shown(lexer));
  }
  if (lexer.Finish()) words.push_back(Shown(lexer));
  return words;
}

TEST(PdfLexer, ReadsWordsOfEveryKind) {
  const std::vector<std::string> words{"<<", "/Type", "/A B", "[",    "#1.000000i", "#-0.500000",
                                       "]",  ">>",    "obj",  "true", "R"};
  EXPECT_EQ(Words("<</Type/A#20B[1 -.5]>>obj true % what follows is none\nR"), words);
}

TEST(PdfLexer, NumbersAreWhatTheStandardAllows) {
  const std::vector<std::string> words{"#17.000000i", "#17.000000", "#-3.250000",  "#4.000000",
                                       "1e5",         "--5",        "078-05-1120", "."};
  EXPECT_EQ(Words("17 +17 -3.25 4. 1e5 --5 078-05-1120 ."), words);
}

TEST(PdfLexer, StringsWithEscapes) {
  const std::vector<std::string> words{"(a(b)c)", "(A\n)x)",
                                       "(\x01"
                                       "8 AB)",
                                       "(\xfe\xff"
                                       "0)",
                                       "()"};
  EXPECT_EQ(Words("(a(b)c)(\\101\\n\\)x)(\\18 A\\\r\nB)<FEFF3>()"), words);
}

TEST(PdfLexer, LongStringsComeInPieces) {
  const std::string text(PdfLexer::kMaxPiece * 2 + 10, 'x');
  const std::vector<std::string> words = Words("(" + text + ")");
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[0][0], '(');
  EXPECT_EQ(words[1][0], '+');
  EXPECT_EQ(words[2], "+xxxxxxxxxx)");
}

TEST(PdfLexer, LongNamesAreCutAndLongWordsComeInPieces) {
  const std::vector<std::string> names = Words("/" + std::string(1000, 'n') + " x");
  EXPECT_EQ(names, (std::vector<std::string>{"/" + std::string(PdfLexer::kMaxPiece, 'n'), "x"}));
  EXPECT_EQ(Words(std::string(PdfLexer::kMaxPiece + 1, 'w')).size(), 2u);
}

TEST(PdfLexer, CutAnyhowTheWordsAreTheSame) {
  const std::string text = "<</A(x\\053(y)\\\r\nz)/B<4 1 4>/C#41[1 0 R]/Long (" + std::string(600, 'q') +
                           ")>>stream" + Noise(3000) + ">>] (end";
  const std::vector<std::string> whole = Words(text);
  for (const std::size_t step : {1, 2, 3, 7, 64}) EXPECT_EQ(Words(text, step), whole) << step;
}

}  // namespace
}  // namespace gander::content
