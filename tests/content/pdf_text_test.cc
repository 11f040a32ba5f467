// SPDX-License-Identifier: Apache-2.0
// What a PDF shows becomes lines: values are not torn by kerning, columns and lines are parted; and what
// codes mean.
#include <gtest/gtest.h>

#include "content/pdf_writer.h"

namespace gander::content {
namespace {

std::string Lay(const std::string& operators, const std::string& font = kHelvetica) {
  return TextOf(OnePage("BT /F1 10 Tf " + operators + " ET", font));
}

TEST(PdfText, KerningTearsNoValue) {
  EXPECT_EQ(Lay("100 700 Td [(07) 12 (8-0) -30 (5-1) 80 (120)] TJ"), "078-05-1120");
}

TEST(PdfText, GapsInAnArrayPartWords) {
  EXPECT_EQ(Lay("100 700 Td [(Jane)-250(Griffin)-3000(078-05-1120)] TJ"), "Jane Griffin\t078-05-1120");
  EXPECT_EQ(Lay("100 700 Td [-3000 (a) -250 ( b)] TJ"), "a b");
}

TEST(PdfText, ASplitValueIsPutTogetherByItsWidths) {
  // "078" is 3 * 5.56 wide in Helvetica of size 10.
  EXPECT_EQ(Lay("1 0 0 1 100 700 Tm (078) Tj 1 0 0 1 116.68 700 Tm (-05-1120) Tj"), "078-05-1120");
  EXPECT_EQ(Lay("1 0 0 1 100 700 Tm (078) Tj 1 0 0 1 120.4 700 Tm (x) Tj"), "078 x");
  EXPECT_EQ(Lay("1 0 0 1 100 700 Tm (078) Tj 1 0 0 1 200 700 Tm (x) Tj"), "078\tx");
}

TEST(PdfText, TextObjectsOnOneLineStayOnIt) {
  EXPECT_EQ(TextOf(OnePage(
                "BT /F1 10 Tf 100 700 Td (078) Tj ET q 1 0 0 1 116.68 0 cm BT 0 700 Td (-05-1120) Tj ET Q")),
            "078-05-1120");
}

TEST(PdfText, MovesDownPartLines) {
  EXPECT_EQ(Lay("100 700 Td (one) Tj 0 -12 Td (two) Tj 0 -12 TD (three) Tj T* (four) Tj (five) ' 1 2 (six) "
                "\" 9 TL T* (seven) Tj"),
            "one\ntwo\nthree\nfour\nfive\nsix\nseven");
}

TEST(PdfText, RaisedTextStaysOnItsLine) {
  EXPECT_EQ(Lay("100 700 Td (x) Tj 5 4 Td (2) Tj"), "x2");
  EXPECT_EQ(Lay("100 700 Td (x) Tj 5 Ts (2) Tj"), "x2");
}

TEST(PdfText, TurnedPagesAreReadAlongTheirLines) {
  EXPECT_EQ(Lay("0 1 -1 0 300 100 Tm (078) Tj 0 1 -1 0 300 116.68 Tm (-05) Tj 0 1 -1 0 312 100 Tm (next) Tj"),
            "078-05\nnext");
}

TEST(PdfText, SpacingOfCharactersAndWordsMovesThePen) {
  // Ten points more for each of four letters: the next word begins where they end.
  EXPECT_EQ(Lay("10 Tc 100 700 Td (1111) Tj 0 Tc 1 0 0 1 162.24 700 Tm (2) Tj"), "11112");
  EXPECT_EQ(Lay("20 Tw 50 Tz 100 700 Td (1 1) Tj 100 Tz 1 0 0 1 116.95 700 Tm (2) Tj"), "1 12");
}

TEST(PdfText, WidthsOfTheFontAreBelieved) {
  const std::string wide = "<< /Type /Font /Subtype /TrueType /FirstChar 48 /Widths [2000 2000 2000] >>";
  EXPECT_EQ(Lay("1 0 0 1 100 700 Tm (012) Tj 1 0 0 1 160 700 Tm (0) Tj", wide), "0120");
  EXPECT_EQ(Lay("1 0 0 1 100 700 Tm (012) Tj 1 0 0 1 166 700 Tm (0) Tj", wide), "012 0");
}

TEST(PdfText, NumbersThatWrapGoOn) {
  EXPECT_EQ(Lay("100 700 Td (078-05-) Tj 0 -12 Td (1120) Tj"), "078-05-1120");
  EXPECT_EQ(Lay("100 700 Td (4111 1111 ) Tj 0 -12 Td (1111 1111) Tj"), "4111 1111 1111 1111");
  EXPECT_EQ(Lay("100 700 Td (4111) Tj 0 -12 Td (1111) Tj"), "4111\n1111");
}

TEST(PdfText, ImagesAmongTextAreSkipped) {
  EXPECT_EQ(TextOf(OnePage("BT /F1 10 Tf (a) Tj ET BI /W 2 /H 2 ID " + Noise(400) +
                           "(Tj\nEIx)\nEI Q BT 50 0 Td (b) Tj ET")),
            "a\tb");
}

TEST(PdfText, EncodingsAndDifferences) {
  const auto font = [](const std::string& more) { return "<< /Type /Font /Subtype /Type1 " + more + " >>"; };
  EXPECT_EQ(Lay("(\\344\\200) Tj", font("/Encoding /WinAnsiEncoding")), "\xc3\xa4\xe2\x82\xac");
  EXPECT_EQ(Lay("(\\212) Tj", font("/Encoding /MacRomanEncoding")), "\xc3\xa4");
  EXPECT_EQ(Lay("(\\341\\256) Tj", font("")),
            "\xc3\x86"
            "fi");
  EXPECT_EQ(Lay("(ABC\\001) Tj",
                font("/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /one /hyphen 67 "
                     "/uni0033 1 /Lslash] >>")),
            "1-3\xc5\x81");
  const std::string apart = PdfWriter()
                                .Flate(4, "", "BT /F1 10 Tf (A) Tj ET")
                                .Page(3, 4, "/Font << /F1 5 0 R >>")
                                .Object(5, font("/Encoding 6 0 R"))
                                .Object(6, "<< /Type /Encoding /Differences [65 /seven] >>")
                                .Done();
  EXPECT_EQ(TextOf(apart), "7");
}

// A font of two-byte codes, and its parts behind the page.
std::string Composite(const std::string& content, const std::string& lines, const std::string& widths = "") {
  return PdfWriter()
      .Flate(4, "", content)
      .Page(3, 4, "/Font << /F1 5 0 R >>")
      .Object(
          5,
          "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>")
      .Object(6, "<< /Type /Font /Subtype /CIDFontType2 /DW 1000 " + widths + " >>")
      .Flate(7, "", ToUnicode("<0000> <FFFF>", lines))
      .Done();
}

TEST(PdfText, ToUnicodeOfTwoByteCodes) {
  const std::string pdf =
      Composite("BT /F1 10 Tf <00010002000300040020> Tj ET",
                "3 beginbfrange\n<0001> <0002> <0041>\n<0003> <0003> [<00660066>]\n"
                "<0004> <0004> <D83DDE00>\nendbfrange\n1 beginbfchar\n<0020> <0020>\nendbfchar");
  EXPECT_EQ(TextOf(pdf), "ABff\xf0\x9f\x98\x80 ");
}

TEST(PdfText, WidthsOfTwoByteCodes) {
  const std::string cmap = "1 beginbfrange\n<0001> <0040> <0030>\nendbfrange";
  const std::string content =
      "BT /F1 10 Tf 1 0 0 1 100 700 Tm <000100020003> Tj 1 0 0 1 115 700 Tm <0004> Tj ET";
  EXPECT_EQ(TextOf(Composite(content, cmap, "/W [1 [500 500] 3 9 500]")), "0123");
  EXPECT_EQ(TextOf(Composite(content, cmap, "/W [1 2 300 3 [400]]")), "012 3");
}

TEST(PdfText, CodesThatAreUnicode) {
  const std::string font = "<< /Type /Font /Subtype /Type0 /Encoding /UniGB-UCS2-H >>";
  EXPECT_EQ(Lay("<4E2D00380032> Tj", font),
            "\xe4\xb8\xad"
            "82");
}

TEST(PdfText, DigitsInOlderEastAsianCodes) {
  const std::string font = "<< /Type /Font /Subtype /Type0 /Encoding /GBK-EUC-H >>";
  EXPECT_EQ(Lay("<D6D0> Tj (078-05-1120) Tj", font),
            "\xef\xbf\xbd"
            "078-05-1120");
}

TEST(PdfText, AFontThatSaysNothingIsCounted) {
  Counters counters{};
  BodyReader reader({}, counters);
  RecordingSink sink;
  const std::string font = "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>";
  Drive(
      reader,
      {.type = {}, .encoding = {}, .bytes = OnePage("BT /F1 10 Tf <00240025> Tj ET", font), .file_name = {}},
      sink);
  EXPECT_EQ(sink.Unnamed(), "");
  EXPECT_TRUE(sink.Saw("pdf_font_unreadable"));
  EXPECT_EQ(counters.undecodable, 1u);
  EXPECT_EQ(
      Lay("(abc) Tj", "<< /Type /Font /Subtype /Type3 /Encoding << /Differences [97 /a0 /a1 /a2] >> >>"), "");
}

TEST(PdfText, AFontThatNeverComesIsReadAsLatin) {
  EXPECT_EQ(TextOf(PdfWriter().Flate(4, "", "BT /F9 10 Tf (078-05-1120) Tj ET").Done()), "078-05-1120");
}

TEST(PdfText, FormsHaveFontsOfTheirOwn) {
  const std::string pdf =
      PdfWriter()
          .Object(5, "<< /Type /Font /Subtype /Type1 /ToUnicode 9 0 R >>")
          .Flate(9, "", ToUnicode("<00> <FF>", "1 beginbfchar\n<41> <0062>\nendbfchar"))
          .Flate(4, "/Type /XObject /Subtype /Form /Resources << /Font << /F1 5 0 R >> >>",
                 "BT /F1 10 Tf (A) Tj ET")
          .Done();
  EXPECT_EQ(TextOf(pdf), "b");
}

}  // namespace
}  // namespace gander::content
