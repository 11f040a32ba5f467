// SPDX-License-Identifier: Apache-2.0
// Files within texts: uuencode, yEnc, base64; whole, cut anywhere, damaged, and texts that only look like it.
#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/every_cut.h"
#include "content/mail_writer.h"

namespace gander::content {
namespace {

const std::string kBefore = "Hello,\nhere is the list.\nbegin with the first line, but not\nbegin 7 of them.\n\n";
const std::string kBehind = "\nRegards\n-- \nbe good\n";

RecordingSink ReadText(const std::string& text) { return ReadEveryCut({"", "", text, "", "ftp.data"}); }

void ExpectFile(const RecordingSink& sink, const std::string& name, const std::string& data,
                const std::string& segment) {
  ASSERT_EQ(sink.files.size(), 2u) << "the file, and the text it is in";
  EXPECT_EQ(sink.files[0].name, name);
  EXPECT_EQ(sink.files[0].size, data.size());
  EXPECT_EQ(sink.files[0].sha256, Read({"", "", data}).files.at(0).sha256);
  EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kComplete);
  EXPECT_EQ(sink.files[0].path, "ftp.data > " + segment);
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Uuencode, FileBetweenTexts) {
  for (const std::string line_end : {"\n", "\r\n"}) {
    const std::string data = Lines(9);
    const RecordingSink sink = ReadText(kBefore + Uuencode(data, "list of people.csv", line_end) + kBehind);
    ExpectFile(sink, "list of people.csv", data, "uuencode");
    ASSERT_EQ(sink.texts.size(), 3u);
    EXPECT_EQ(sink.texts[0].text, kBefore + "begin 644 list of people.csv" + line_end);
    EXPECT_EQ(sink.texts[1].text, data);
    EXPECT_EQ(sink.texts[1].name, "list of people.csv");
    EXPECT_EQ(sink.texts[2].text, kBehind);
  }
}

TEST(Uuencode, AtTheFrontAndSeveral) {
  const std::string one = Lines(3), two = Gzip(Lines(40));
  const RecordingSink sink = ReadText(Uuencode(one, "a.csv") + Uuencode(two, "b.csv.gz"));
  ASSERT_EQ(sink.files.size(), 3u);
  EXPECT_EQ(sink.files[0].name, "a.csv");
  EXPECT_EQ(sink.files[1].name, "b.csv.gz");
  EXPECT_EQ(sink.files[1].magic, "gzip");
  EXPECT_NE(sink.Named("b.csv.gz"), nullptr);
  EXPECT_EQ(sink.Named("b.csv.gz")->text, Lines(40));
}

TEST(Uuencode, BlanksLostChecksumsKept) {
  const std::string data = Lines(6) + std::string(90, '\0') + Lines(2);
  std::string stripped = "begin 600 x.bin\n", summed = stripped;
  std::string lines = UuLines(data, "\n", ' ');
  while (!lines.empty()) {
    std::string line = lines.substr(0, lines.find('\n'));
    lines.erase(0, line.size() + 1);
    summed += line + "Z\n";
    while (line.ends_with(' ')) line.pop_back();
    stripped += line + "\n";
  }
  for (const std::string& text : {stripped + "\nend\n", summed + "`\nend\n"}) {
    const RecordingSink sink = ReadText(text);
    ASSERT_EQ(sink.files.size(), 2u);
    EXPECT_EQ(sink.files[0].sha256, Read({"", "", data}).files.at(0).sha256);
    EXPECT_TRUE(sink.anomalies.empty());
  }
}

TEST(Uuencode, DamagedLineIsLeftOut) {
  std::string lines = UuLines(Lines(9));
  lines[62 * 2 + 5] = '\x7f';
  const RecordingSink sink = ReadText("begin 644 a.csv\n" + lines + "`\nend\n" + kBehind);
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].size, Lines(9).size() - 45);
  EXPECT_TRUE(sink.Saw("encoded_file_damaged"));
  EXPECT_EQ(sink.texts.back().text, kBehind);
}

TEST(Uuencode, NoEndAndThenText) {
  const std::string data = Lines(4), text = "The rest is prose that nobody encoded,\nand it goes on for a while.\n";
  const RecordingSink sink = ReadText("begin 644 a.csv\n" + UuLines(data) + text);
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].size, data.size());
  EXPECT_EQ(sink.files[0].end, protocol::BodyEnd::kTruncated);
  EXPECT_TRUE(sink.Saw("encoded_file_damaged"));
  EXPECT_EQ(sink.texts.back().text, text);
}

TEST(Uuencode, TruncatedAnywhere) {
  const std::string data = Lines(5), text = kBefore + Uuencode(data, "a.csv") + kBehind;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const RecordingSink sink = Read({"text/plain", "", text.substr(0, cut)}, 7);
    std::string all;
    for (const SeenText& t : sink.texts) all += t.text;
    EXPECT_EQ(all.substr(0, std::min(cut, kBefore.size())), kBefore.substr(0, std::min(cut, kBefore.size()))) << cut;
    EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary) + sink.Of(ByteFate::kLostUnwrapCap), 0u) << cut;
  }
}

TEST(Uuencode, WhatOnlyLooksLikeItStaysText) {
  for (const std::string text :
       {"begin 644 pages of prose\nwhich says nothing at all about files\nend\n", "begin 644 a\n",
        "begin 644 a\n`\nend\n", "begin 999 a.csv\nM1234\nend\n", "begin\n#0V%T\nend\n",
        "beginning 644 a.csv\n#0V%T\nend\n", "begin 644 a\nbegin 644 b\nbegin 644 c\nnothing\n"}) {
    const RecordingSink sink = ReadText(text);
    EXPECT_EQ(sink.Unnamed(), text);
    EXPECT_EQ(sink.texts.size(), 1u) << text;
    EXPECT_EQ(sink.files.size(), 1u);
  }
}

TEST(Uuencode, BeginBehindFalseBegin) {
  const RecordingSink sink = ReadText("begin 644 a\nbegin 644 b.txt\n#0V%T\n`\nend\n");
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].name, "b.txt");
  EXPECT_EQ(sink.texts.at(1).text, "Cat");
}

TEST(Uuencode, Base64Variant) {
  const std::string data = Gzip(Lines(30));
  const RecordingSink sink = ReadText(kBefore + "begin-base64 644 a.gz\n" + Base64(data, 60) + "\n====\n" + kBehind);
  ExpectFile(sink, "a.gz", data, "base64");
  EXPECT_EQ(sink.texts.back().text, kBehind);
  const RecordingSink coded =
      ReadText("begin-base64-encoded 644 " + Base64("people of today.csv") + "\n" + Base64(Lines(3), 60) + "\n====\n");
  EXPECT_EQ(coded.files.at(0).name, "people of today.csv");
}

TEST(Uuencode, TransferEncoding) {
  const std::string data = Gzip(Lines(20));
  const std::string head = "Content-Type: application/gzip; name=\"a.csv.gz\"\r\nContent-Transfer-Encoding: ";
  for (const std::string& coded : {"x-uuencode\r\n\r\n" + Uuencode(data, "other.gz", "\r\n"),
                                  "x-uue\r\n\r\n\r\n" + Uuencode(data, "other.gz", "\r\n"),
                                  "X-yEncode\r\n\r\n" + Yenc(data, "other.gz")}) {
    const RecordingSink sink = ReadEveryCut({"message/rfc822", "", head + coded, "", "smtp.data"});
    ASSERT_EQ(sink.files.size(), 1u);
    EXPECT_EQ(sink.files[0].name, "a.csv.gz");
    EXPECT_EQ(sink.files[0].size, data.size());
    EXPECT_EQ(sink.Named("a.csv.gz")->text, Lines(20));
  }
  const std::string lying = head + "x-uuencode\r\n\r\nssn 078-05-1120\r\n";
  const RecordingSink plain = ReadEveryCut({"message/rfc822", "", lying, "", "smtp.data"});
  EXPECT_EQ(plain.Named("a.csv.gz")->text, "ssn 078-05-1120\r\n");
  EXPECT_TRUE(plain.Saw("mime_invalid_encoding"));
}

TEST(Yenc, FileBetweenTexts) {
  const std::string data = Lines(9) + Noise(3000) + std::string("\x00\x0a\x0d\x3d\xd6\xe0\xe3\x13", 8);
  const RecordingSink sink = ReadText("A file.\r\n" + Yenc(data, "some file.bin") + "bye\r\n");
  ExpectFile(sink, "some file.bin", data, "yenc");
  EXPECT_EQ(sink.texts.back().text, "bye\r\n");
  EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueBinary)), 0.0, 3200.0);
}

TEST(Yenc, AtTheFrontOfADeclaredText) {
  const std::string data = Gzip(Lines(60));
  const RecordingSink sink = ReadEveryCut({"text/plain", "", Yenc(data, "a.gz"), "", "nntp.article"});
  EXPECT_EQ(sink.files.at(0).magic, "gzip");
  EXPECT_EQ(sink.Named("a.gz")->text, Lines(60));
}

TEST(Yenc, PartOfAFile) {
  const std::string data = Lines(10);
  const std::string text = "=ybegin part=2 total=3 line=128 size=999999 name=a.csv\r\n=ypart begin=5001 end=" +
                           std::to_string(5000 + data.size()) + "\r\n" + YencLines(data) + "=yend size=" +
                           std::to_string(data.size()) + " part=2 pcrc32=" + Crc(data) + " crc32=01234567\r\n";
  const RecordingSink sink = ReadText(text);
  ASSERT_EQ(sink.files.size(), 2u);
  EXPECT_EQ(sink.files[0].size, data.size());
  EXPECT_TRUE(sink.anomalies.empty());
}

TEST(Yenc, WrongSumAndSizesThatLie) {
  const std::string data = Lines(10);
  std::string wrong = Yenc(data, "a.csv");
  wrong[wrong.size() - 4] = wrong[wrong.size() - 4] == '0' ? '1' : '0';
  std::string small = Yenc(data, "a.csv");
  small.replace(small.find("size="), 8, "size=1 x");
  for (const std::string& text : {wrong, small}) {
    const RecordingSink sink = ReadText(text);
    ASSERT_EQ(sink.files.size(), 2u);
    EXPECT_EQ(sink.files[0].size, data.size());
    EXPECT_EQ(sink.Named("a.csv")->text, data);
    EXPECT_TRUE(sink.Saw("encoded_file_damaged"));
  }
}

TEST(Yenc, NoEndAndThenText) {
  const std::string data = Lines(10), text = "And here the letter goes on, in words that anybody can read.\r\n";
  const std::string coded =
      "=ybegin line=128 size=" + std::to_string(data.size()) + " name=a.csv\r\n" + YencLines(data);
  const RecordingSink sink = ReadText(coded + text);
  EXPECT_EQ(sink.files.at(0).size, data.size());
  EXPECT_EQ(sink.texts.back().text, text);
  EXPECT_TRUE(sink.Saw("encoded_file_damaged"));
  const RecordingSink next = ReadText(coded + Yenc(data, "b.csv"));
  EXPECT_EQ(next.files.at(1).name, "b.csv");
}

TEST(Base64File, WholeTextInLinesAndInOne) {
  const std::string text = Lines(30), zipped = Gzip(text);
  for (const std::size_t line : {std::size_t{60}, std::size_t{76}, std::size_t{1000000}}) {
    const RecordingSink plain = ReadText(Base64(text, line));
    EXPECT_EQ(plain.Unnamed(), text);
    EXPECT_EQ(plain.texts.at(0).path, "ftp.data > base64");
    const RecordingSink packed = ReadText(Base64(zipped, line) + "\n");
    EXPECT_EQ(packed.Unnamed(), text);
    EXPECT_EQ(packed.files.size(), 1u) << "the file that was sent";
  }
}

TEST(Base64File, ShortOnes) {
  const std::string text = "card 4111 1111 1111 1111, mail ada@example.org";
  EXPECT_EQ(ReadText(Base64(text)).Unnamed(), text);
  EXPECT_EQ(ReadEveryCut({"text/plain", "", Base64(text) + "\r\n"}).Unnamed(), text);
}

TEST(Base64File, WhatIsNoneStaysText) {
  std::string digests, words;
  const std::string digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0";
  for (int i = 0; i < 40; ++i) digests += digest + std::to_string(i % 10) + "\n";
  for (int i = 0; i < 40; ++i) words += "Incomprehensibilities\nandOtherWordsOfSomeLength\n";
  for (const std::string& text : {digests, words, std::string(500, 'A'), Base64(Noise(900)), Base64(Noise(60)),
                                  std::string("Hello"), std::string("HelloWorldThisIsOneWord")}) {
    EXPECT_EQ(ReadText(text).Unnamed(), text);
  }
}

TEST(Base64File, WithTextBehind) {
  const std::string text = Lines(20), prose = "!! and here it ends.\n";
  const RecordingSink sink = ReadText(Base64(text, 76) + "\n" + prose);
  EXPECT_EQ(sink.Unnamed(), text + prose);
}

TEST(Base64File, BetweenLinesOfDashes) {
  const std::string data = Gzip(Lines(12));
  const RecordingSink sink = ReadText("See below.\n-----BEGIN FILE-----\nVersion: 1\n\n" + Base64(data, 64) +
                                      "\n-----END FILE-----\nbye\n");
  ASSERT_EQ(sink.texts.size(), 3u);
  EXPECT_EQ(sink.texts[0].text, "See below.\n-----BEGIN FILE-----\nVersion: 1\n\n");
  EXPECT_EQ(sink.texts[1].text, Lines(12));
  EXPECT_EQ(sink.texts[2].text, "-----END FILE-----\nbye\n");
  for (const std::string label : {"RSA PRIVATE KEY", "CERTIFICATE", "PGP MESSAGE"}) {
    const std::string pem = "-----BEGIN " + label + "-----\n" + Base64(data, 64) + "\n-----END " + label + "-----\n";
    EXPECT_EQ(ReadText(pem).Unnamed(), pem);
  }
  const std::string noise = "-----BEGIN THING-----\n" + Base64(Noise(300), 64) + "\n-----END THING-----\n";
  EXPECT_EQ(ReadText(noise).Unnamed(), noise);
}

TEST(EncodedFiles, LedgerIsExact) {
  const std::string png = "\x89PNG\r\n\x1a\n" + Noise(30000);
  for (const std::string& coded : {Uuencode(png, "a.png"), Yenc(png, "a.png")}) {
    const RecordingSink sink = Read({"text/plain", "", kBefore + coded + kBehind}, 1460);
    EXPECT_EQ(sink.files.at(0).magic, "png");
    EXPECT_NEAR(static_cast<double>(sink.Of(ByteFate::kOpaqueBinary)), static_cast<double>(coded.size()), 800.0);
  }
}

TEST(EncodedFiles, CapsAreKept) {
  std::string many;
  for (int i = 0; i < 1200; ++i) many += Uuencode("number " + std::to_string(i), "a.txt");
  Counters counters{};
  BodyReader reader(Options{}, counters);
  RecordingSink sink;
  Drive(reader, {"", "", many}, sink, 1460);
  EXPECT_EQ(counters.encoded_files, 1000u);
  EXPECT_EQ(counters.cap_parts, 1u);
  std::string nested = Lines(3);
  for (int i = 0; i < 20; ++i) nested = Uuencode(nested, "level" + std::to_string(i));
  EXPECT_TRUE(ReadText(nested).Saw("wrapping_depth_cap"));
}

}  // namespace
}  // namespace gander::content
