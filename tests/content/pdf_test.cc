// SPDX-License-Identifier: Apache-2.0
// PDF files: text of pages, whatever order their objects have, and everything else that holds text.
#include "content/document/pdf.h"

#include <gtest/gtest.h>

#include "content/pdf_writer.h"

namespace gander::content {
namespace {

constexpr const char* kRecord = "Jane Griffin 078-05-1120 jane@example.org";

std::string Shown(const std::string& text) { return "BT /F1 12 Tf 72 700 Td (" + text + ") Tj ET\n"; }

TEST(Pdf, TextOfAPageIsFound) {
  const std::string pdf = OnePage(Shown(kRecord));
  const RecordingSink sink = Read({.type = "application/pdf", .encoding = {}, .bytes = pdf, .file_name = {}});
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].text, kRecord);
  EXPECT_EQ(sink.texts[0].path, "http.response.body > application/pdf > pdf");
  for (const std::uint64_t bytes : sink.fates) EXPECT_EQ(bytes, 0u);
}

TEST(Pdf, TheFileIsReportedWithItsDigest) {
  const std::string pdf = OnePage(Shown(kRecord));
  const RecordingSink sink =
      Read({.type = "application/pdf", .encoding = {}, .bytes = pdf, .file_name = "a.pdf"});
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].magic, "pdf");
  EXPECT_EQ(sink.files[0].size, pdf.size());
  EXPECT_EQ(sink.files[0].sha256.size(), 64u);
}

TEST(Pdf, FontsBehindThePagesAreWaitedFor) {
  // As LibreOffice writes it: codes that only the CMap at the end of the file explains.
  std::string chars = "13 beginbfchar\n";
  const std::string text = "SN 078-51.2";  // all letters that are shown
  for (std::size_t i = 0; i < text.size(); ++i) {
    chars += HexOf(std::string(1, static_cast<char>(i + 1))) + " " + HexOf(std::string{'\0', text[i]}) + "\n";
  }
  chars += "endbfchar";
  const auto code = [&](const std::string& s) {
    std::string out;
    for (const char c : s) out += static_cast<char>(text.find(c) + 1);
    return HexOf(out);
  };
  const std::string pdf =
      PdfWriter()
          .Flate(4, "", "BT /F1 12 Tf 72 700 Td [" + code("SSN 078-") + "4" + code("05-1120") + "] TJ ET")
          .Page(3, 4, "/Font 7 0 R")
          .Flate(9, "", ToUnicode("<00> <FF>", chars))
          .Object(5, "<< /Type /Font /Subtype /TrueType /FirstChar 0 /Widths [0 600] /ToUnicode 9 0 R >>")
          .Object(7, "<< /F1 5 0 R >>")
          .Done();
  EXPECT_EQ(TextOf(pdf), "SSN 078-05-1120");
}

TEST(Pdf, PagesKeepTheirOrderWhicheverFontIsKnownFirst) {
  const std::string pdf = PdfWriter()
                              .Page(3, 4, "/Font << /F1 9 0 R >>")  // font comes last
                              .Flate(4, "", Shown("first page"))
                              .Object(5, kHelvetica)
                              .Page(6, 7, "/Font << /F1 5 0 R >>")
                              .Flate(7, "", Shown("second page"))
                              .Object(9, kHelvetica)
                              .Done();
  EXPECT_EQ(TextOf(pdf), "first page\nsecond page");
}

TEST(Pdf, OneNameIsAnotherFontOnAnotherPage) {
  const std::string cmap =
      ToUnicode("<00> <FF>", "1 beginbfrange\n<41> <5A> <0061>\nendbfrange");  // A means a
  const std::string pdf = PdfWriter()
                              .Flate(4, "", Shown("ABC"))
                              .Flate(7, "", Shown("ABC"))
                              .Page(3, 4, "/Font << /F1 5 0 R >>")
                              .Page(6, 7, "/Font << /F1 8 0 R >>")
                              .Object(5, kHelvetica)
                              .Object(8, "<< /Type /Font /Subtype /Type1 /ToUnicode 9 0 R >>")
                              .Flate(9, "", cmap)
                              .Done();
  EXPECT_EQ(TextOf(pdf), "ABC\nabc");
}

TEST(Pdf, ResourcesAreInheritedFromTheNodesAbove) {
  const std::string pdf = PdfWriter()
                              .Object(5, "<< /Type /Font /Subtype /Type1 /ToUnicode 9 0 R >>")
                              .Flate(9, "", ToUnicode("<00> <FF>", "1 beginbfchar\n<41> <0062>\nendbfchar"))
                              .Object(3, "<< /Type /Page /Parent 2 0 R /Contents [4 0 R] >>")
                              .Object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources 8 0 R >>")
                              .Object(8, "<< /Font << /F1 5 0 R >> >>")
                              .Flate(4, "", Shown("A"))
                              .Done();
  EXPECT_EQ(TextOf(pdf), "b");
}

TEST(Pdf, ObjectStreamsAreRead) {
  const std::string first = std::string(kHelvetica), second = "<< /F1 5 0 R >>",
                    third = "<< /Title (In a stream) >>";
  const std::string index = "5 0 7 " + std::to_string(first.size() + 1) + " 8 " +
                            std::to_string(first.size() + second.size() + 2) + " ";
  const std::string pdf = PdfWriter()
                              .Flate(4, "", Shown(kRecord))
                              .Page(3, 4, "/Font 7 0 R")
                              .Flate(10, "/Type /ObjStm /N 3 /First " + std::to_string(index.size()),
                                     index + first + " " + second + " " + third)
                              .Done();
  EXPECT_EQ(TextOf(pdf), std::string(kRecord) + "\nTitle: In a stream\n");
}

TEST(Pdf, TitlesFormFieldsAndLinksAreText) {
  const std::string pdf =
      PdfWriter()
          .Object(8, "<< /FT /Tx /T (ssn) /V (078-05-1120) >>")
          .Object(9, "<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org/?q=jane) >> >>")
          .Object(10, "<< /Title " +
                          HexOf(std::string("\xfe\xff\x00J\x00\xf6\x00r\x00g\xd8\x3d\xde\x00", 14)) +
                          " /Author (Zo\xeb \x80) /ID <0102030405060708> >>")
          .Done();
  EXPECT_EQ(TextOf(pdf),
            "T: ssn\nV: 078-05-1120\nURI: https://example.org/?q=jane\nTitle: J\xc3\xb6rg\xf0\x9f\x98\x80\n"
            "Author: Zo\xc3\xab \xe2\x80\xa2\n");
}

TEST(Pdf, FilesInsideAreFilesOfTheirOwn) {
  const std::string csv = Lines(40);
  const std::string pdf = PdfWriter()
                              .Object(7, "<< /Type /Filespec /F (people.csv) /EF << /F 8 0 R >> >>")
                              .Flate(8, "/Type /EmbeddedFile", csv)
                              .Done();
  const RecordingSink sink = ReadPdf(pdf);
  const SeenText* const text = sink.Named("people.csv");
  ASSERT_NE(text, nullptr);
  EXPECT_EQ(text->text, csv);
  ASSERT_EQ(sink.files.size(), 2u);  // and the PDF itself
  EXPECT_EQ(sink.files[0].name, "people.csv");
  EXPECT_EQ(sink.files[0].size, csv.size());
}

TEST(Pdf, APdfInAPdfAsItIsMayEndStreams) {
  const std::string inner = OnePage(Shown(kRecord));
  const std::string pdf = PdfWriter().Stream(8, "/Type /EmbeddedFile", inner).Done();
  EXPECT_EQ(TextOf(pdf), kRecord);
}

TEST(Pdf, MetadataIsText) {
  const std::string xml = "<x:xmpmeta><dc:creator>Jane Griffin</dc:creator></x:xmpmeta>";
  const std::string pdf = PdfWriter().Stream(8, "/Type /Metadata /Subtype /XML", xml).Done();
  EXPECT_NE(TextOf(pdf).find("Jane Griffin"), std::string::npos);
}

TEST(Pdf, ImagesAreOpaque) {
  const std::string pixels = Noise(20000);
  const std::string pdf = PdfWriter()
                              .Stream(8, "/Subtype /Image /Filter /DCTDecode", pixels)
                              .Flate(9, "/Subtype /Image /Width 100 /Height 200", pixels)
                              .Done();
  const RecordingSink sink = ReadPdf(pdf);
  EXPECT_EQ(sink.Unnamed(), "");
  EXPECT_GE(sink.Of(ByteFate::kOpaqueBinary), 2 * pixels.size() - 256);
  EXPECT_LE(sink.Of(ByteFate::kOpaqueBinary), pdf.size());
}

TEST(Pdf, EncryptedFilesAreReportedAsLocked) {
  const std::string noise = Noise(3000);
  PdfWriter writer;
  writer.Stream(4, "/Filter /FlateDecode", noise);
  const std::string pdf = writer.Done("/Root 1 0 R /Encrypt 9 0 R");
  const RecordingSink late = Read({.type = {}, .encoding = {}, .bytes = pdf, .file_name = "x.pdf"});
  EXPECT_EQ(late.Unnamed(), "");
  ASSERT_EQ(late.files.size(), 2u);  // it, and what was made of it
  EXPECT_EQ(late.files[0].name, "x.pdf");
  PdfWriter early;
  early.Flate(1, "/Type /XRef /Encrypt 9 0 R", "....");
  early.Stream(4, "/Filter /FlateDecode", noise);
  const RecordingSink known = ReadPdf(early.Done());
  EXPECT_GE(known.Of(ByteFate::kOpaqueLocked), noise.size() - 256);
}

TEST(Pdf, TextThatIsNoPdfIsFoundAllTheSame) {
  const std::string plain =
      "%PDF-1.4\n" + Lines(60) + "4111 1111 1111 1111\n<p>(Jane\n% a remark about Jane\n";
  const std::string seen = TextOf(plain);
  EXPECT_NE(seen.find(Lines(60)), std::string::npos);
  EXPECT_NE(seen.find("4111 1111 1111 1111"), std::string::npos);
  EXPECT_NE(seen.find("% a remark about Jane"), std::string::npos);
  EXPECT_NE(TextOf("%PDF-" + Lines(60)).find(Lines(60).substr(15)), std::string::npos);
}

TEST(Pdf, TextBetweenObjectsAndBehindTheEndIsFound) {
  const std::string note = "Jane Griffin has number 078-05-1120.\n";
  const std::string pdf = PdfWriter().Object(5, kHelvetica).Raw(note).Object(6, "(x)").Done() + note + note;
  const std::string seen = TextOf(pdf);
  EXPECT_EQ(seen, note + "x\n" + note + note);
}

TEST(Pdf, TextWhereAnObjectShouldBeIsFound) {
  EXPECT_EQ(TextOf("%PDF-1.4\n5 0 obj\nJane Griffin\nendobj\n"), "Jane Griffin\n");
  EXPECT_EQ(TextOf(PdfWriter().Flate(4, "", kRecord).Done()), kRecord);
  EXPECT_EQ(TextOf(PdfWriter().Stream(4, "/Filter /Secret", Lines(30)).Done()), Lines(30));
  const std::string mixed =
      OnePage("q 1 0 0 1 0 0 cm Q q 0 g Q Jane has 078-05-1120 and 4111 1111 1111 1111 too");
  EXPECT_EQ(TextOf(mixed), "Jane has 078-05-1120 and 4111 1111 1111 1111 too ");
}

TEST(Pdf, StructureIsNoText) {
  PdfWriter writer;
  for (int i = 1; i < 50; ++i) writer.Object(i, "<< /Kids [1 0 R 2 0 R] /Count 3 /Rect [0 0 1 1] >>");
  EXPECT_EQ(TextOf(writer.Done()), "");
}

TEST(Pdf, AStreamEndsWhereItSaysWhateverItsLength) {
  for (const std::string length : {"0", "5", "99999999", "7 0 R", "-1"}) {
    const std::string pdf = "%PDF-1.4\n4 0 obj << /Length " + length + " >> stream\r\n" + Shown(kRecord) +
                            "endstream endobj 5 0 obj (Behind) endobj";
    EXPECT_EQ(TextOf(pdf), std::string(kRecord) + "\nBehind\n") << length;
  }
}

TEST(Pdf, ObjectsWithoutAnEndAreRead) {
  EXPECT_EQ(
      TextOf("%PDF-1.4\n4 0 obj << /A (one) >> 5 0 obj << /B (two) >> trailer << /C (three) >> startxref 5"),
      "A: one\nB: two\nC: three\n");
}

}  // namespace
}  // namespace gander::content
