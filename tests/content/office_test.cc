// SPDX-License-Identifier: Apache-2.0
// Text of office documents: values whole, people in rows, whatever order the parts come in.
#include <gtest/gtest.h>

#include "content/archive_reading.h"
#include "content/archive_writer.h"

namespace gander::content {
namespace {

constexpr char kXml[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr char kWord[] = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

using Part = std::pair<std::string, std::string>;

std::string Document(const std::vector<Part>& parts) {
  ZipWriter writer;
  writer.Add(Packed("[Content_Types].xml", std::string(kXml) + "<Types><Default Extension=\"xml\"/></Types>"));
  for (const Part& part : parts) writer.Add(Packed(part.first, part.second));
  return writer.Finish();
}

// The text of the part called `name`, the same however the document is cut.
std::string TextOf(const std::string& document, const std::string& name) {
  const RecordingSink sink = ReadAnyhow(document);
  std::string text;
  for (const SeenText& t : sink.texts) text += t.name == name ? t.text : "";
  return text;
}

std::string Word(const std::string& body) {
  return std::string(kXml) + "<w:document " + kWord + "><w:body>" + body + "</w:body></w:document>";
}
std::string Words(const std::string& text) { return "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">" + text + "</w:t></w:r>"; }
std::string Paragraph(const std::string& runs) { return "<w:p><w:pPr><w:tabs><w:tab w:pos=\"9\"/></w:tabs></w:pPr>" + runs + "</w:p>"; }
std::string TextOfWord(const std::string& body) {
  return TextOf(Document({{"word/document.xml", Word(body)}}), "word/document.xml");
}

TEST(Office, RunsAreJoinedAndParagraphsAreLines) {
  EXPECT_EQ(TextOfWord(Paragraph(Words("078-") + "<w:proofErr w:type=\"spellStart\"/>" + Words("05-1120")) +
                       Paragraph(Words(" &amp; ") + Words("A&#x64;a"))),
            "078-05-1120\n & Ada");
  EXPECT_EQ(TextOfWord(Paragraph(Words("one") + "<w:r><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t>"
                                              "<w:noBreakHyphen/><w:t>four</w:t></w:r>")),
            "one\ttwo\nthree-four");
}

TEST(Office, PrettyPrintedXmlAddsNothing) {
  EXPECT_EQ(TextOfWord("\n  <w:p>\n    <w:r>\n      <w:t>078-</w:t>\n    </w:r>\n    <w:r>\n      "
                       "<w:t>05-1120</w:t>\n    </w:r>\n  </w:p>\n"),
            "078-05-1120");
}

TEST(Office, TablesOfWordAreRows) {
  const auto cell = [](const std::string& inside) { return "<w:tc><w:tcPr/>" + inside + "</w:tc>"; };
  const auto row = [](const std::string& cells) { return "<w:tr><w:trPr/>" + cells + "</w:tr>"; };
  EXPECT_EQ(TextOfWord(Paragraph(Words("Staff")) + "<w:tbl><w:tblPr/>" +
                       row(cell(Paragraph(Words("name"))) + cell(Paragraph(Words("ssn")))) +
                       row(cell(Paragraph(Words("Ada")) + Paragraph(Words("Lovelace"))) + cell(Paragraph(Words("078-05-1120")))) +
                       row(cell(Paragraph("")) + cell(Paragraph(Words("219-09-9999")))) + "</w:tbl>" + Paragraph(Words("end"))),
            "Staff\nname\tssn\nAda Lovelace\t078-05-1120\n\t219-09-9999\nend");
}

// What is not between the words for a reader must not tear them for us.
TEST(Office, WhatStandsAsideComesBehind) {
  EXPECT_EQ(TextOfWord(Paragraph(Words("078-") + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>" + "<!-- hidden -->" +
                                 "<w:r><w:instrText> HYPERLINK \"mailto:ada@example.org\" </w:instrText></w:r>" +
                                 Words("05-1120")) +
                       Paragraph(Words("next"))),
            "078-05-1120\ngone hidden  HYPERLINK \"mailto:ada@example.org\" \nnext");
}

TEST(Office, LinksAuthorsAndProperties) {
  const std::string document = Document(
      {{"word/_rels/document.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Target=\"mailto:ada@example.org\" TargetMode=\"External\"/></Relationships>"},
       {"word/comments.xml", "<w:comments><w:comment w:author=\"Grace Hopper\">" + Paragraph(Words("why?")) + "</w:comment></w:comments>"},
       {"docProps/core.xml", "<cp:coreProperties><dc:creator>Ada Lovelace</dc:creator><dc:title>Payroll</dc:title></cp:coreProperties>"},
       {"docProps/custom.xml", "<Properties><property name=\"SSN\"><vt:lpwstr>078-05-1120</vt:lpwstr></property></Properties>"}});
  EXPECT_EQ(TextOf(document, "word/_rels/document.xml.rels"), "mailto:ada@example.org");
  EXPECT_EQ(TextOf(document, "word/comments.xml"), "Grace Hopper\nwhy?");
  EXPECT_EQ(TextOf(document, "docProps/core.xml"), "Ada Lovelace\nPayroll");
  EXPECT_EQ(TextOf(document, "docProps/custom.xml"), "SSN\n078-05-1120");
}

TEST(Office, SlidesAndTheirTables) {
  const auto text = [](const std::string& s) { return "<a:p><a:r><a:t>" + s + "</a:t></a:r></a:p>"; };
  const std::string slide = "<p:sld><p:cSld><p:txBody><a:bodyPr/>" + text("Title") + text("Line") + "</p:txBody><a:tbl><a:tr><a:tc>" +
                            text("Ada") + "</a:tc><a:tc>" + text("078-05-1120") + "</a:tc></a:tr></a:tbl></p:cSld></p:sld>";
  const RecordingSink sink = ReadAnyhow(Document({{"ppt/slides/slide1.xml", slide}}));
  ExpectText(sink, "ppt/slides/slide1.xml", "Title\nLine\nAda\t078-05-1120", "pptx");
}

std::string Sheet(const std::string& rows) { return std::string(kXml) + "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"; }
std::string Cell(const std::string& at, int number) { return "<c r=\"" + at + "\" s=\"3\" t=\"s\"><v>" + std::to_string(number) + "</v></c>"; }

const std::string kStrings =
    std::string(kXml) + "<sst count=\"9\" uniqueCount=\"6\"><si><t>name</t></si><si><t>ssn</t></si><si><r><t>Ada </t></r><r><rPr/>"
                        "<t>Lovelace</t></r><rPh sb=\"0\" eb=\"1\"><t>eda</t></rPh></si><si><t>078-05-1120</t></si>"
                        "<si><t>two\nlines</t></si><si><t>nobody asks</t></si></sst>";
const std::string kSheet = Sheet("<row r=\"1\">" + Cell("A1", 0) + Cell("B1", 1) + "</row><row r=\"2\">" + Cell("A2", 2) + Cell("B2", 3) +
                                 "<c r=\"D2\"><f>SUM(A1:A2)</f><v>12.5</v></c></row><row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><r><t>219-</t></r>"
                                 "<r><t>09-9999</t></r></is></c>" + Cell("C3", 4) + Cell("D3", 99) +
                                 "<c r=\"E3\" t=\"str\"><f>HYPERLINK(\"mailto:ada@example.org\")</f><v>write</v></c></row>");
const std::string kRows = "name\tssn\nAda Lovelace\t078-05-1120\t\t12.5\n\t219-09-9999\ttwo lines\t\twrite\n"
                          "HYPERLINK(\"mailto:ada@example.org\")";

std::string All(const RecordingSink& sink) {
  std::string all;
  for (const SeenText& t : sink.texts) all += t.name == "filename" ? "" : "[" + t.text + "]";
  return all;
}

// Rows have their strings whether those came before or behind. What no row asks for is told at the end.
TEST(Office, RowsOfWorkbooks) {
  const Part sheet = {"xl/worksheets/sheet1.xml", kSheet}, strings = {"xl/sharedStrings.xml", kStrings};
  const RecordingSink before = ReadAnyhow(Document({strings, sheet}));
  EXPECT_EQ(All(before), "[eda][" + kRows + "][nobody asks]");
  EXPECT_EQ(before.Named("xl/worksheets/sheet1.xml")->path, "http.response.body > xlsx");
  const RecordingSink behind = ReadAnyhow(Document({sheet, strings}));
  EXPECT_EQ(All(behind), "[eda\n" + kRows + "\n][nobody asks]");
  const RecordingSink between = ReadAnyhow(Document({sheet, strings, {"xl/worksheets/sheet2.xml", kSheet}}));
  EXPECT_EQ(All(between), "[eda\n" + kRows + "\n][" + kRows + "][nobody asks]");
  const RecordingSink never = ReadAnyhow(Document({sheet}));
  EXPECT_EQ(All(never), "[\t\n\t\t\t12.5\n\t219-09-9999\t\t\twrite\nHYPERLINK(\"mailto:ada@example.org\")\n]");
}

TEST(Office, WorkbooksThatAreTooLargeAreReadWithoutTheirRows) {
  std::string strings = "<sst>", rows;
  for (int i = 0; i < 30000; ++i) {
    strings += "<si><t>Person number " + std::to_string(i) + " of this very large list of people</t></si>";
    rows += "<row>" + Cell("A" + std::to_string(i + 1), i) + "<c><v>" + std::to_string(100000 + i) + "</v></c></row>";
  }
  strings += "</sst>";
  Options options;
  options.max_burst = options.max_output;
  for (const bool first : {false, true}) {
    const Part sheet = {"xl/worksheets/sheet1.xml", Sheet(rows + rows + rows + rows)}, list = {"xl/sharedStrings.xml", strings};
    const std::string document = first ? Document({list, sheet}) : Document({sheet, list});
    Counters counters{};
    DecoderPool pool;
    BodyReader reader(options, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", "", document}, sink, 1460);
    EXPECT_TRUE(sink.Saw("workbook_too_large"));
    EXPECT_EQ(counters.cap_memory, 1u);
    EXPECT_LE(pool.memory.peak(), 12u << 20);
    const std::string all = All(sink);
    for (const int i : {0, 10000, 29999}) {
      EXPECT_NE(all.find("Person number " + std::to_string(i) + " of"), std::string::npos);
      EXPECT_NE(all.find(std::to_string(100000 + i)), std::string::npos);
    }
    EXPECT_NE(all.find("Person number 7 of this very large list of people\t100007\n"), std::string::npos);
  }
}

// One long string that is asked for a million times.
TEST(Office, ABombOfReferences) {
  const std::string strings = "<sst><si><t>" + std::string(1000000, 'x') + "</t></si></sst>";
  std::string rows;
  for (int i = 0; i < 1000000; ++i) rows += "<c t=\"s\"><v>0</v></c>";
  const std::string document = Document({{"xl/sharedStrings.xml", strings}, {"xl/worksheets/sheet1.xml", Sheet("<row>" + rows + "</row>")}});
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  sink.keep_text = false;
  Drive(reader, {"", "", document}, sink, 1460);
  EXPECT_EQ(counters.cap_ratio + counters.cap_burst, 1u);
  EXPECT_LE(sink.text_bytes, 16u << 20);
}

TEST(Office, OpenDocumentTextAndSpreadsheets) {
  const std::string content =
      "<office:document-content><office:body><office:text><text:h>Payroll</text:h><text:p>The <text:span>078-05</text:span>"
      "-<text:span>1120</text:span><text:s/>is<text:tab/>hers<text:line-break/>and\n  <text:a xlink:href=\"mailto:ada@example.org\">"
      "Ada</text:a>'s</text:p><table:table><table:table-row><table:table-cell><text:p>Ada</text:p></table:table-cell>"
      "<table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell><text:p>219-09-9999</text:p></table:table-cell>"
      "<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row></table:table></office:text></office:body>"
      "</office:document-content>";
  const std::string expected = "Payroll\nThe 078-05-1120 is hers\nand   Ada's\nmailto:ada@example.org\nAda\t\t\t219-09-9999";
  for (const std::string kind : {"text", "spreadsheet", "presentation"}) {
    const std::string document = ZipWriter()
                                     .Add(Stored("mimetype", "application/vnd.oasis.opendocument." + kind))
                                     .Add(Packed("content.xml", content))
                                     .Add(Packed("meta.xml", "<office:document-meta><dc:creator>Ada</dc:creator></office:document-meta>"))
                                     .Finish();
    const RecordingSink sink = ReadAnyhow(document);
    const std::string segment = kind == "text" ? "odt" : kind == "spreadsheet" ? "ods" : "odp";
    ExpectText(sink, "content.xml", expected, segment);
    ExpectText(sink, "meta.xml", "Ada", segment);
  }
}

TEST(Office, TwoBytesACharacter) {
  const std::string xml = Word(Paragraph(Words("078-05-1120")));
  std::string wide = "\xff\xfe";
  for (const char c : xml) wide += std::string(1, c) + std::string(1, '\0');
  EXPECT_EQ(TextOf(Document({{"word/document.xml", wide}}), "word/document.xml"), "078-05-1120");
}

// Parts are not files; what is put into a document is.
TEST(Office, PicturesAndEmbeddedFilesAreFiles) {
  const std::string inner = Document({{"word/document.xml", Word(Paragraph(Words("078-05-1120")))}});
  const RecordingSink sink = ReadAnyhow(Document({{"word/document.xml", Word(Paragraph(Words("outer")))},
                                                  {"word/media/image1.png", "\x89PNG\r\n\x1a\n" + Noise(500)},
                                                  {"word/embeddings/other.docx", inner},
                                                  {"word/document2.xml", Gzip("not XML, 219-09-9999")}}));
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "word/media/image1.png");
  EXPECT_EQ(sink.files[1].name, "word/embeddings/other.docx");
  EXPECT_EQ(sink.files[1].path, "http.response.body > docx");
  EXPECT_EQ(sink.files[2].name, kOuterName);
  const std::string all = All(sink);
  EXPECT_NE(all.find("[078-05-1120]"), std::string::npos);
  EXPECT_NE(all.find("[not XML, 219-09-9999]"), std::string::npos);
}

TEST(Office, DamageAnywhereIsSurvived) {
  std::vector<std::string> documents;
  for (const bool first : {false, true}) {
    ZipWriter writer;  // stored, so that the damage is in the XML
    const ZipItem sheet = Stored("xl/worksheets/sheet1.xml", kSheet), strings = Stored("xl/sharedStrings.xml", kStrings);
    documents.push_back(writer.Add(first ? strings : sheet).Add(first ? sheet : strings).Finish());
  }
  documents.push_back(ZipWriter().Add(Stored("word/document.xml", Word(Paragraph(Words("a")) + "<w:tbl><w:tr><w:tc>" + Paragraph(Words("b")) +
                                                                       "</w:tc></w:tr></w:tbl>"))).Finish());
  for (const std::string& document : documents) ReadDamaged(document, 1000);
}

TEST(Office, TruncatedAnywhereNothingStaysBehind) {
  const std::string document = Document({{"xl/worksheets/sheet1.xml", kSheet}, {"xl/sharedStrings.xml", kStrings}});
  DecoderPool pool;
  Counters counters{};
  for (std::size_t cut = 0; cut < document.size(); ++cut) {
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", "", document.substr(0, cut)}, sink, 50);
  }
  EXPECT_EQ(pool.open(), 0u);
}

}  // namespace
}  // namespace gander::content
