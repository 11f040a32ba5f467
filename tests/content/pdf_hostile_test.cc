// SPDX-License-Identifier: Apache-2.0
// PDF files that are cut, damaged, or made to take more than their share.
#include <gtest/gtest.h>

#include "content/decoder_pool.h"
#include "content/pdf_writer.h"

namespace gander::content {
namespace {

// One of everything.
std::string Everything() {
  const std::string objects = "<< /Title (Title) >> << /F1 5 0 R >>";
  const std::string index = "20 0 21 21 ";
  return PdfWriter()
      .Flate(4, "", "BT /F1 10 Tf 100 700 Td [<0001> -300 <0002>] TJ 0 -12 Td (AB) Tj ET BI /W 1 ID abc EI")
      .Page(3, 4, "/Font 21 0 R")
      .Stream(6, "/Subtype /Image /Filter /DCTDecode", Noise(300))
      .Flate(10, "/Type /ObjStm /N 2 /First " + std::to_string(index.size()), index + objects)
      .Flate(7, "", ToUnicode("<0000> <FFFF>", "1 beginbfrange\n<0001> <0040> <0041>\nendbfrange"))
      .Object(8, "<< /Type /Font /Subtype /CIDFontType2 /W [1 [500 600] 7 9 100] >>")
      .Object(
          5,
          "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [8 0 R] /ToUnicode 7 0 R >>")
      .Object(11, "<< /F (a.csv) /EF << /F 12 0 R >> >>")
      .Flate(12, "/Type /EmbeddedFile", Lines(20))
      .Raw("Jane Griffin 078-05-1120\n")
      .Stream(13, "/Filter [/AHx /LZW] /DecodeParms [null << /Predictor 12 /Columns 4 >>]", HexOf(Noise(100)))
      .Done();
}

TEST(PdfHostile, CutAnyhowItIsTheSame) {
  const std::string pdf = Everything();
  const RecordingSink whole = ReadPdf(pdf);
  EXPECT_NE(whole.Unnamed().find("A B\n"), std::string::npos);
  for (const std::size_t step : {1, 2, 3, 5, 11, 64, 1000}) {
    const RecordingSink cut = ReadPdf(pdf, step);
    EXPECT_EQ(cut.texts, whole.texts) << step;
    EXPECT_EQ(cut.files, whole.files) << step;
    EXPECT_EQ(cut.anomalies, whole.anomalies) << step;
  }
}

TEST(PdfHostile, TruncatedAtEveryByteItGivesBackWhatItTook) {
  const std::string pdf = Everything();
  Counters counters{};
  DecoderPool pool;
  BodyReader reader({}, counters, pool);
  for (std::size_t n = 0; n < pdf.size(); ++n) {
    RecordingSink sink;
    Drive(reader, {.type = {}, .encoding = {}, .bytes = pdf.substr(0, n), .file_name = {}}, sink, 97,
          protocol::BodyEnd::kTruncated);
    ASSERT_EQ(pool.open(), 0u) << n;
  }
  // Only inflate windows stay, for the next body.
  EXPECT_LT(pool.memory.in_use(), 200'000u);
}

TEST(PdfHostile, DamagedBytesAreSurvived) {
  const std::string pdf = Everything();
  Counters counters{};
  DecoderPool pool;
  BodyReader reader({}, counters, pool);
  std::uint32_t seed = 7;
  const auto next = [&] { return (seed = seed * 1664525 + 1013904223) >> 8; };
  for (int round = 0; round < 3000; ++round) {
    std::string bad = pdf;
    for (std::uint32_t flips = 1 + next() % 8; flips > 0; --flips) {
      bad[5 + next() % (bad.size() - 5)] = static_cast<char>(next());
    }
    RecordingSink sink;
    Drive(reader, {.type = {}, .encoding = {}, .bytes = bad, .file_name = {}}, sink, 1 + next() % 700);
    ASSERT_EQ(pool.open(), 0u);
  }
}

// Readers come from a pool: each file must be read as if it were the first.
TEST(PdfHostile, WhatWasReadBeforeLeavesNothing) {
  const std::string pdf =
      PdfWriter()
          .Object(5, "<< /Type /Font /Subtype /Type1 /FirstChar 65 /Widths [4000 4000] /ToUnicode 7 0 R >>")
          .Stream(7, "", ToUnicode("<00> <FF>", "1 beginbfrange\n<41> <42> <0061>\nendbfrange"))
          .Page(3, 4, "/Font << /F1 5 0 R >>")
          .Stream(4, "", "q BT /F1 10 Tf 2 Tc 3 Tw 50 Tz 100 700 Td [(A) -300 (B)] TJ 0 -12 Td (AB12) Tj ET Q")
          .Done();
  Counters counters{};
  DecoderPool pool;
  BodyReader reader({}, counters, pool);
  std::uint32_t seed = 11;
  const auto next = [&] { return (seed = seed * 1664525 + 1013904223) >> 8; };
  for (int round = 0; round < 3000; ++round) {
    std::string bad = pdf;
    bad[9 + next() % (bad.size() - 9)] = "\n x/<([1"[next() % 8];
    RecordingSink sink;
    Drive(reader, {.type = {}, .encoding = {}, .bytes = bad, .file_name = {}}, sink, SIZE_MAX);
    ASSERT_EQ(sink.texts, ReadPdf(bad).texts) << bad;
  }
}

TEST(PdfHostile, MoreTextThanIsHeldGoesOutWithoutItsFont) {
  PdfWriter writer;
  std::string page;
  for (int i = 0; i < 4000; ++i)
    page += "BT /F1 9 Tf 50 700 Td (Person " + std::to_string(i) + " 078-05-1120) Tj ET\n";
  constexpr int kPages = 12;
  for (int i = 0; i < kPages; ++i) writer.Flate(100 + i, "", page);
  const RecordingSink sink = ReadPdf(writer.Done(), 1460);
  EXPECT_TRUE(sink.Saw("pdf_text_held_cap"));
  std::size_t found = 0;
  const std::string seen = sink.Unnamed();
  for (std::size_t at = seen.find("Person 3999 "); at != std::string::npos;
       at = seen.find("Person 3999 ", at + 1))
    ++found;
  EXPECT_EQ(found, static_cast<std::size_t>(kPages));
}

TEST(PdfHostile, WithoutMemoryTextIsFoundAllTheSame) {
  Counters counters{};
  DecoderPool pool({.memory = 200'000});
  BodyReader reader({}, counters, pool);
  RecordingSink sink;
  PdfWriter writer;
  for (int i = 0; i < 50; ++i) {
    writer.Stream(100 + i, "", "BT /F9 9 Tf " + std::string(300, ' ') + "(" + Lines(100) + ") Tj ET");
  }
  Drive(reader, {.type = {}, .encoding = {}, .bytes = writer.Done(), .file_name = {}}, sink, 1460);
  EXPECT_NE(sink.Unnamed().find("Person 99,078-05-1099"), std::string::npos);
  EXPECT_LE(pool.memory.peak(), 200'000u);
}

TEST(PdfHostile, ABombIsCapped) {
  const std::string zeros = Deflated(std::string(40 << 20, ' '), 15);
  const RecordingSink sink = ReadPdf(PdfWriter().Stream(4, "/Filter /FlateDecode", zeros).Done(), 1460);
  EXPECT_TRUE(sink.Saw("compression_bomb") || sink.Saw("decompression_burst_cap"));
  EXPECT_GT(sink.Of(ByteFate::kLostUnwrapCap), 0u);
}

TEST(PdfHostile, ManyFiltersAreManyWrappings) {
  std::string data = "BT (x) Tj ET", names;
  for (int i = 0; i < 8; ++i) {
    data = Deflated(data, 15);
    names += "/FlateDecode ";
  }
  Options options;
  options.max_depth = 4;
  const RecordingSink sink =
      ReadPdf(PdfWriter().Stream(4, "/Filter [" + names + "]", data).Done(), SIZE_MAX, options);
  EXPECT_TRUE(sink.Saw("wrapping_depth_cap"));
  EXPECT_EQ(sink.Unnamed(), "");
  EXPECT_EQ(TextOf(PdfWriter().Stream(4, "/Filter [" + names + "]", data).Done()), "x");
}

TEST(PdfHostile, NestingHasNoEnd) {
  const std::string deep(100000, '[');
  EXPECT_EQ(TextOf("%PDF-1.4\n1 0 obj " + deep + " (found) endobj"), "found\n");
  EXPECT_EQ(TextOf("%PDF-1.4\n1 0 obj " + deep + std::string(100000, ']') + " endobj 2 0 obj (b) endobj"),
            "b\n");
  std::string dicts;
  for (int i = 0; i < 1000; ++i) dicts += "<</K";
  EXPECT_EQ(TextOf("%PDF-1.4\n1 0 obj " + dicts + "(found)"), "K: found\n");
}

TEST(PdfHostile, NumbersBeyondAllBounds) {
  const std::string big = "99999999999999999999999999999";
  EXPECT_EQ(TextOf(OnePage("BT /F1 " + big + " Tf " + big + " " + big + " Td [(a)" + big + "(b)-" + big +
                           "(c)] TJ " + big + " Tc " + big + " Tz (d) Tj ET")),
            "a b\tcd");
  const std::string odd =
      PdfWriter()
          .Object(5, "<< /Type /Font /FirstChar " + big + " /Widths [" + big + " -5] /Differences [" + big +
                         " /a] /DW -1 /FontMatrix [0 0 0] >>")
          .Stream(6, "/Type /ObjStm /N " + big + " /First " + big, "1 2 3 4 << /A (x) >>")
          .Stream(7, "/Type /ObjStm /N 3 /First 12", "1 50 2 10 3 0 (a) (b) (c)")
          .Object(8, "<< /Length " + big + " >>")
          .Done();
  ReadPdf(odd, 1);
}

TEST(PdfHostile, ResourcesThatLeadInCirclesAreLeft) {
  PdfWriter writer;
  for (int i = 1; i < 40; ++i) {
    writer.Object(i, "<< /Type /Pages /Parent " + std::to_string(i % 39 + 1) + " 0 R /Resources " +
                         std::to_string(i) + " 0 R /Contents 50 0 R >>");
  }
  writer.Flate(50, "", "BT /F1 10 Tf (078-05-1120) Tj ET");
  EXPECT_EQ(TextOf(writer.Done()), "078-05-1120");
}

TEST(PdfHostile, AThousandFontsAreTooMany) {
  PdfWriter writer;
  std::string fonts, content = "BT ";
  for (int i = 0; i < 1500; ++i) {
    fonts += "/G" + std::to_string(i) + " " + std::to_string(1000 + i) + " 0 R ";
    content += "/G" + std::to_string(i) + " 9 Tf (7) Tj ";
    writer.Object(1000 + i, "<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding >>");
  }
  writer.Page(3, 4, "/Font << " + fonts + " >>");
  writer.Flate(4, "", content + "ET");
  const std::string seen = TextOf(writer.Done());
  EXPECT_EQ(seen, std::string(1500, '7'));
}

}  // namespace
}  // namespace gander::content
