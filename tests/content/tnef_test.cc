// SPDX-License-Identifier: Apache-2.0
// TNEF: attachments and their names, texts, compressed RTF; cut, truncated, damaged, sizes that lie.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/mail_writer.h"

namespace gander::content {
namespace {

RecordingSink ReadTnef(const std::string& bytes) {
  return ReadEveryCut({"application/ms-tnef", "", bytes, "winmail.dat", "smtp.data"});
}

constexpr std::uint32_t kSubject = 0x00018004, kBody = 0x0002800c, kProperties = 0x00069003, kCodePage = 0x00069007;

TEST(Tnef, AttachmentsTextsAndNames) {
  const std::string csv = Lines(12), zipped = Gzip(Lines(40));
  TnefWriter tnef;
  tnef.Add(1, 0x00089006, Little(0x10000, 4)).Add(1, kCodePage, Little(1252, 4) + Little(0, 4));
  tnef.Add(1, kSubject, "The list of caf\xe9s" + std::string(1, '\0'));
  tnef.Add(1, kBody, Lines(30) + '\0');
  tnef.Attach("LIST~1.CSV", csv, "list of people.csv").Attach("a.gz", zipped, "");
  const RecordingSink sink = ReadTnef(tnef.bytes());
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "list of people.csv");
  EXPECT_EQ(sink.files[0].sha256, Read({"", "", csv}).files.at(0).sha256);
  EXPECT_EQ(sink.files[1].name, "a.gz");
  EXPECT_EQ(sink.files[1].magic, "gzip");
  EXPECT_EQ(sink.files[2].magic, "tnef");
  EXPECT_EQ(sink.Named("subject")->text, "The list of caf\xc3\xa9s");
  EXPECT_EQ(sink.Named("body")->text, Lines(30));
  EXPECT_EQ(sink.Named("LIST~1.CSV")->text, csv);
  EXPECT_EQ(sink.Named("a.gz")->text, Lines(40));
  bool name_told = false;
  for (const SeenText& t : sink.texts) name_told = name_told || t.text == "list of people.csv";
  EXPECT_TRUE(name_told);
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Tnef, PropertiesOfTheMessage) {
  const std::string guid(16, '\7');
  const std::string named = Little(0x1f, 2) + Little(0x8001, 2) + guid + Little(1, 4) + Little(8, 4) +
                            Wide(std::string("tag\0", 4)) +
                            Little(1, 4) + Little(8, 4) + Wide(std::string("abc\0", 4));
  const std::string many = Little(0x101e, 2) + Little(0x3a58, 2) + Little(2, 4) + Little(4, 4) + "Ada" + '\0' +
                           Little(5, 4) + "Grace" + std::string(3, '\0');
  const std::string html = "<html><body>card &#52;111</body></html>";
  const std::string list =
      MapiList({MapiNumber(0x0e07, 1), MapiValue(0x0037, 0x1f, Wide(std::string("Subject line") + '\0')),
                MapiValue(0x0c1f, 0x1e, std::string("ada@example.org") + '\0'), named, many,
                MapiValue(0x1000, 0x1f, Wide(Lines(40) + '\0')), MapiValue(0x1013, 0x102, html),
                MapiValue(0x1009, 0x102, CompressedRtf("1 ssn 078-05-1120 and more of it}")),
                MapiValue(0x0fff, 0x102, Noise(40))});
  const RecordingSink sink = ReadTnef(TnefWriter().Add(1, kProperties, list).bytes());
  EXPECT_EQ(sink.Named("subject")->text, "Subject line");
  EXPECT_EQ(sink.Named("from")->text, "ada@example.org");
  std::string all;
  for (const SeenText& t : sink.texts) all += t.text + "|";
  for (const std::string& text : {std::string("|Ada|Grace|"), "|" + Lines(40) + "|", std::string("card 4111"),
                                  std::string("|{\\rtf1 ssn 078-05-1120 and more of it}|")}) {
    EXPECT_NE(all.find(text), std::string::npos) << text << "\n" << all;
  }
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Tnef, MessageWithinAMessage) {
  const std::string inner = TnefWriter().Attach("a.csv", Lines(5), "").bytes();
  const std::string outer = TnefWriter()
                                .Add(2, 0x00069002, std::string(14, '\0'))
                                .Add(2, 0x00018010, std::string("inner") + '\0')
                                .Add(2, 0x00069005, MapiList({MapiValue(0x3701, 0x0d, std::string(16, '\7') + inner)}))
                                .bytes();
  const RecordingSink sink = ReadTnef(outer);
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "a.csv");
  EXPECT_EQ(sink.files[1].name, "inner");
  EXPECT_EQ(sink.files[1].magic, "tnef");
}

TEST(Tnef, TruncatedAnywhere) {
  const std::string whole =
      TnefWriter().Add(1, kSubject, std::string("Subject") + '\0').Attach("a.csv", Lines(5), "b.csv").bytes();
  for (std::size_t cut = 4; cut < whole.size(); ++cut) {
    const RecordingSink sink = Read({"", "", whole.substr(0, cut)}, 5);
    const SeenText* const text = sink.Named("a.csv");
    EXPECT_EQ(text != nullptr ? text->text : "", Lines(5).substr(0, text != nullptr ? text->text.size() : 0)) << cut;
    EXPECT_LE(sink.files.size(), 2u);
  }
}

TEST(Tnef, DamagedAnywhere) {
  const std::string whole = TnefWriter()
                                .Add(1, kSubject, std::string("Subject") + '\0')
                                .Add(1, kProperties, MapiList({MapiValue(0x1009, 0x102, CompressedRtf("1 words}")),
                                                               MapiValue(0x1000, 0x1f, Wide("body"))}))
                                .Attach("a.csv", Lines(2), "b.csv")
                                .bytes();
  for (std::size_t at = 4; at < whole.size(); ++at) {
    for (const char with : {'\0', '\x7f', '\xff'}) {
      std::string damaged = whole;
      damaged[at] = with;
      const RecordingSink one = Read({"", "", damaged}), other = Read({"", "", damaged}, 11);
      EXPECT_EQ(one.texts, other.texts) << at;
      EXPECT_EQ(one.files, other.files) << at;
      EXPECT_EQ(one.anomalies, other.anomalies) << at;
    }
  }
}

TEST(Tnef, TextInPlaceOfAnAttribute) {
  const std::string text = "Text that stands where an attribute should be, and is found.";
  const RecordingSink sink = ReadTnef(TnefWriter().Attach("a.csv", Lines(5), "").bytes() + text);
  EXPECT_EQ(sink.Named("a.csv")->text, Lines(5));
  EXPECT_EQ(sink.texts.back().text, text);
  EXPECT_TRUE(sink.Saw("archive_damaged"));
}

TEST(Tnef, WrongSumIsToldAndReadAllTheSame) {
  std::string whole = TnefWriter().Attach("a.csv", Lines(5), "").bytes();
  whole.back() = static_cast<char>(whole.back() + 1);
  const RecordingSink sink = ReadTnef(whole);
  EXPECT_TRUE(sink.Saw("archive_damaged"));
  EXPECT_EQ(sink.Named("a.csv")->text, Lines(5));
}

TEST(Tnef, RtfThatIsDamagedOrExpands) {
  const auto rtf = [](const std::string& stream) {
    return ReadTnef(TnefWriter().Add(1, kProperties, MapiList({MapiValue(0x1009, 0x102, stream)})).bytes());
  };
  std::string unknown = CompressedRtf("1 words}");
  unknown.replace(8, 4, "ABCD");
  EXPECT_TRUE(rtf(unknown).Saw("decompression_failed"));
  const std::string stored = Little(40, 4) + Little(28, 4) + "MELA" + Little(0, 4) + "{\\rtf1 ssn 078-05-1120 here}";
  EXPECT_EQ(rtf(stored).Named("body")->text, "{\\rtf1 ssn 078-05-1120 here}");
  // Eight references a group, each to the first 17 bytes of the window.
  std::string group(1, '\xff');
  for (int i = 0; i < 8; ++i) group += std::string("\0\x0f", 2);
  std::string much;
  for (int i = 0; i < 100; ++i) much += group;
  const RecordingSink sink = rtf(Little(0, 8) + "LZFu" + Little(0, 4) + much);
  EXPECT_EQ(sink.Named("body")->text.size(), 100u * 8 * 17);
}

}  // namespace
}  // namespace gander::content
