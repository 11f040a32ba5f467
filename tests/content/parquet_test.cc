// SPDX-License-Identifier: Apache-2.0
// Parquet files: values of all kinds of pages, in every codec, with the names that the footer has and without; what is large,
// cut, damaged, or lies.
#include "content/database/parquet.h"

#include <gtest/gtest.h>

#include "content/archive_reading.h"
#include "content/coded.h"
#include "content/compressed.h"
#include "content/decoder_pool.h"
#include "content/parquet_writer.h"
#include "content/recording_sink.h"

namespace gander::content {
namespace {

constexpr int kInt32 = 1, kInt64 = 2, kDouble = 5, kByteArray = 6, kFixed = 7;
constexpr int kNone = 0, kSnappy = 1, kGzip = 2, kLzo = 3, kHadoopLz4 = 5, kZstd = 6, kLz4 = 7;

std::string Strings(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += ParquetString(value);
  return out;
}

const std::vector<std::string> kSsn = {"078-05-1120", "219-09-9999", "078-05-1121"};
const std::string kPage = Strings(kSsn);
constexpr const char* kRows = "\t078-05-1120\n\t219-09-9999\n\t078-05-1121\n";

std::string TextOf(const std::string& file, std::size_t step = SIZE_MAX) {
  std::string all;
  for (const SeenText& t : Read({"", "", file}, step).texts) all += t.text;
  return all;
}
// Larger than is held: the page as it streams by, no names.
std::string Streamed(const std::string& page) {
  const std::string filler = ParquetPageOf(kParquetData, 1, Noise(ParquetLayer::kMaxHeld, 3), Noise(ParquetLayer::kMaxHeld, 3), 8);
  const std::string all = TextOf("PAR1" + filler + page, 1460);
  EXPECT_EQ(TextOf("PAR1" + filler + page), all);
  return all;
}

TEST(Parquet, ValuesBelowTheNamesOfTheirColumns) {
  const std::string file = ParquetWriter()
                               .Column({"ssn"}, kByteArray, kNone, ParquetPageOf(3, kPage))
                               .Column({"people", "list", "mail"}, kByteArray, kNone, ParquetPageOf(1, Strings({"ada@example.org"})))
                               .Done();
  const RecordingSink sink = ReadAnyhow(file);
  ASSERT_GE(sink.texts.size(), 2u);
  EXPECT_EQ(sink.texts[0].text, "-\tssn\n" + std::string(kRows));
  EXPECT_EQ(sink.texts[0].path, "http.response.body > parquet");
  EXPECT_EQ(sink.texts[1].text, "-\tpeople.list.mail\n\tada@example.org\n");
  EXPECT_TRUE(sink.anomalies.empty());
  ASSERT_EQ(sink.files.size(), 1u);
  EXPECT_EQ(sink.files[0].magic, "parquet");
  EXPECT_EQ(sink.files[0].size, file.size());
}

std::string Hadoop(const std::string& block, std::size_t size) {
  std::string out;
  for (const std::size_t n : {size, block.size()}) {
    for (int i = 3; i >= 0; --i) out += static_cast<char>(n >> 8 * i);
  }
  return out + block;
}

// Literals only, behind them a copy where there is one.
std::string Lz4Block(const std::string& s) {
  const std::string head = s.substr(0, 15), rest = s.substr(15);
  return "\xf0" + std::string(1, static_cast<char>(s.size() - 15)) + head + rest;
}

TEST(Parquet, EveryCodecKnownOrGuessed) {
  const struct {
    int codec;
    std::string packed;
  } kCases[] = {
      {kNone, kPage},          {kSnappy, SnappyBlock(kPage)},    {kGzip, Gzip(kPage)},
      {kZstd, Zstd(kPage)},    {kLz4, Lz4Block(kPage)},          {kHadoopLz4, Hadoop(Lz4Block(kPage), kPage.size())},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.codec);
    const std::string page = ParquetPageOf(kParquetData, 3, kPage, c.packed);
    const RecordingSink sink = ReadAnyhow(ParquetWriter().Column({"ssn"}, kByteArray, c.codec, page).Done());
    EXPECT_EQ(sink.texts.at(0).text, "-\tssn\n" + std::string(kRows));
    EXPECT_TRUE(sink.anomalies.empty());
    EXPECT_NE(Streamed(page).find("078-05-1120\n219-09-9999\n078-05-1121\n"), std::string::npos);
  }
  const std::string unread = ParquetPageOf(kParquetData, 3, kPage, Noise(500));
  EXPECT_TRUE(TextOf(ParquetWriter().Column({"x"}, kByteArray, kLzo, unread).Column({"ssn"}, kByteArray, kNone, ParquetPageOf(3, kPage)).Done())
                  .find(kRows) != std::string::npos);
}

TEST(Parquet, DictionariesAreToldOnce) {
  const std::string dictionary = ParquetPageOf(kParquetDictionary, 3, kPage, kPage);
  const std::string indexes = "\2" + std::string(9, '\x24');
  const std::string pages = dictionary + ParquetPageOf(kParquetData, 9, indexes, indexes, 8);
  const RecordingSink sink = ReadAnyhow(ParquetWriter().Column({"ssn"}, kByteArray, kNone, pages + pages.substr(dictionary.size())).Done());
  EXPECT_EQ(sink.texts.at(0).text, "-\tssn\n" + std::string(kRows));
  EXPECT_NE(Streamed(pages).find("078-05-1120\n219-09-9999\n078-05-1121\n"), std::string::npos);
}

TEST(Parquet, LevelsArePassedOver) {
  for (const std::string& levels : {ParquetLevels(3), ParquetLevels(3) + ParquetLevels(3), ParquetLevels(300)}) {
    const std::string values = levels + kPage;
    const std::string strings = TextOf(ParquetWriter().Column({"ssn"}, kByteArray, kNone, ParquetPageOf(3, values)).Done());
    EXPECT_NE(strings.find("078-05-1120\n\t219-09-9999\n\t078-05-1121\n"), std::string::npos);
    EXPECT_NE(Streamed(ParquetPageOf(3, values)).find("078-05-1120\n219-09-9999\n078-05-1121\n"), std::string::npos);
    const std::string numbers = levels + Little(4111111111111111, 8) + Little(7, 8) + Little(491511234567, 8);
    EXPECT_TRUE(TextOf(ParquetWriter().Column({"card"}, kInt64, kNone, ParquetPageOf(3, numbers)).Done())
                    .starts_with("-\tcard\n\t4111111111111111\n\t491511234567\n"));
  }
  const std::string second = ParquetPageOf(kParquetDataV2, 3, kPage, SnappyBlock(kPage), 0, Thrift::Size(6) + '\1');
  const std::string text = TextOf(ParquetWriter().Column({"ssn"}, kByteArray, kSnappy, second).Done(), 1);
  EXPECT_TRUE(text.starts_with("-\tssn\n" + std::string(kRows))) << text;
}

TEST(Parquet, NumbersThatMayIdentify) {
  const std::string wide = Little(4111111111111111, 8) + Little(5, 8) + Little(~std::uint64_t{0}, 8) + Little(78051120, 8);
  const std::string narrow = Little(78051120, 4) + Little(12, 4);
  const std::string both =
      ParquetWriter().Column({"a"}, kInt64, kNone, ParquetPageOf(4, wide)).Column({"b"}, kInt32, kNone, ParquetPageOf(2, narrow)).Done();
  EXPECT_TRUE(TextOf(both).starts_with("-\ta\n\t4111111111111111\n\t78051120\n-\tb\n\t78051120\n"));
  EXPECT_NE(Streamed(ParquetPageOf(4, wide)).find("4111111111111111\n78051120\n"), std::string::npos);
  EXPECT_NE(Streamed(ParquetPageOf(4, ParquetLevels(4) + wide)).find("4111111111111111\n78051120\n"), std::string::npos);
  // As long as numbers, and strings.
  EXPECT_NE(Streamed(ParquetPageOf(2, Strings({"abcd", "efgh"}))).find("abcd\nefgh\n"), std::string::npos);
  EXPECT_NE(Streamed(ParquetPageOf(2, Strings({"abcdefg", "h"}))).find("abcdefg\nh\n"), std::string::npos);
  EXPECT_NE(Streamed(ParquetPageOf(2, Strings({"ab", "cdefgh"}))).find("ab\ncdefgh\n"), std::string::npos);
  // Floating point is no number of anybody's, and read.
  const RecordingSink sink = ReadAnyhow(ParquetWriter().Column({"x"}, kDouble, kNone, ParquetPageOf(100, Noise(800))).Done());
  EXPECT_EQ(sink.Of(ByteFate::kOpaqueBinary), 0u);
}

TEST(Parquet, BytesThatAreFilesAreOpened) {
  const std::string page = ParquetPageOf(3, Strings({"0707011234", Gzip(Lines(30)), std::string("\1\2\3", 3)}));
  const RecordingSink sink = ReadAnyhow(ParquetWriter().Column({"blob"}, kByteArray, kNone, page).Done());
  ASSERT_GE(sink.texts.size(), 2u);
  EXPECT_EQ(sink.texts[0].text, "-\tblob\n\t0707011234\n\t\n") << "no cpio archive";
  EXPECT_EQ(sink.texts[1].text, Lines(30));
  EXPECT_EQ(sink.files.at(0).magic, "gzip");
}

// Fixed lengths, and strings whose lengths stand in front of them all.
TEST(Parquet, WhatIsJudgedAsALeaf) {
  std::string text;
  for (const std::string& ssn : kSsn) text += ssn + " ";
  while (text.size() < 300) text += "and so on ";
  for (const auto& [type, encoding] : {std::pair<int, int>{kFixed, 0}, {kByteArray, 6}, {kByteArray, 7}}) {
    const std::string page = ParquetPageOf(kParquetData, 3, text, Gzip(text), encoding);
    EXPECT_NE(TextOf(ParquetWriter().Column({"ssn"}, type, kGzip, page).Done()).find(text), std::string::npos);
  }
}

TEST(Parquet, TextOutsideOfTheColumnsIsRead) {
  const std::string note = "Dear Ada, the number is 078-05-1120, and so that it is judged as text some more words are needed here, as "
                           "many as are looked at, which are a hundred and twenty-eight.\n";
  const std::string file = ParquetWriter()
                               .Raw(note)
                               .Column({"ssn"}, kByteArray, kNone, ParquetPageOf(3, kPage))
                               .Raw(note + note)
                               .Column({"x"}, kByteArray, kNone, ParquetPageOf(3, kPage))
                               .Done();
  const RecordingSink sink = ReadAnyhow(file);
  ASSERT_GE(sink.texts.size(), 4u);
  EXPECT_EQ(sink.texts[0].text, note);
  EXPECT_EQ(sink.texts[1].text, "-\tssn\n" + std::string(kRows));
  EXPECT_EQ(sink.texts[2].text, note + note);
  EXPECT_EQ(sink.texts[3].text, "-\tx\n" + std::string(kRows));
  EXPECT_NE(TextOf("PAR1" + note + note).find(note + note), std::string::npos);
}

TEST(Parquet, FootersThatLie) {
  ParquetWriter writer;
  writer.Column({"ssn"}, kByteArray, kNone, ParquetPageOf(3, kPage));
  const std::string footer = writer.Footer();
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, footer.size() - 1, footer.size() + 1, std::uint64_t{0xffffffff}}) {
    const std::string text = TextOf(writer.Pages() + footer + Little(size, 4) + "PAR1");
    EXPECT_NE(text.find("078-05-1120"), std::string::npos) << size;
  }
  EXPECT_NE(TextOf(writer.Pages()).find("078-05-1120\n219-09-9999\n"), std::string::npos) << "cut before it";
}

TEST(Parquet, PagesThatLie) {
  const std::string page = Strings({"078-05-1120", Lines(20), "219-09-9999"});
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{5}, std::int64_t{4000}, std::int64_t{INT32_MAX}, std::int64_t{-1}}) {
    SCOPED_TRACE(size);
    const std::string header = Thrift().Int(1, 0).Int(2, size).Int(3, size).Struct(5, Thrift().Int(1, 3).Int(2, 0)).Done();
    const std::string file = ParquetWriter().Column({"ssn"}, kByteArray, kNone, header + page + page).Done();
    ReadAnyhow(file);
    EXPECT_NE(TextOf(file).find("Person 15,"), std::string::npos);
  }
  const std::string lengths = ParquetPageOf(3, Little(0xfffffff0, 4) + page);
  EXPECT_NE(TextOf(ParquetWriter().Column({"ssn"}, kByteArray, kNone, lengths).Done()).find("Person 15,"), std::string::npos);
}

// Structures in structures, lists of millions that are not there, headers without an end.
TEST(Parquet, ThriftThatLies) {
  for (const std::string& bytes :
       {std::string(5000, '\x1c'), "\x19\xfc\xff\xff\xff\xff\x0f" + std::string(200, '\0'), std::string(9000, '\x15') + std::string(9000, '\x80'),
        "\x1b\xff\xff\xff\xff\x0f\x11" + std::string(500, '\0'), std::string(3, '\x18') + "\xff\xff\xff\xff\x7f" + Lines(9)}) {
    EXPECT_TRUE(ReadAnyhow("PAR1" + bytes + Little(bytes.size(), 4) + "PAR1").anomalies.empty());
  }
}

TEST(Parquet, TruncatedAndDamaged) {
  std::string pages = ParquetPageOf(kParquetDictionary, 3, kPage, Gzip(kPage)) + ParquetPageOf(kParquetData, 9, "\2\x24", "\2\x24", 8);
  const std::string file = ParquetWriter()
                               .Column({"ssn"}, kByteArray, kGzip, pages)
                               .Column({"card"}, kInt64, kSnappy, ParquetPageOf(kParquetData, 1, Little(4111111111111111, 8), SnappyBlock(Little(4111111111111111, 8))))
                               .Column({"blob"}, kByteArray, kNone, ParquetPageOf(1, Strings({Gzip(Lines(4))})))
                               .Done();
  DecoderPool pool;
  Counters counters{};
  for (std::size_t cut = 1; cut < file.size(); ++cut) {
    BodyReader reader(Options{}, counters, pool);
    RecordingSink sink;
    Drive(reader, {"", "", file.substr(0, cut)}, sink, 17);
    EXPECT_EQ(pool.open(), 0u);
  }
  ReadDamaged(file, 2000);
}

TEST(Parquet, WithoutMemoryItStreams) {
  Counters counters{};
  DecoderPool pool({.memory = 40000});
  BodyReader reader({}, counters, pool);
  RecordingSink sink;
  std::string many;
  for (int i = 0; i < 3000; ++i) many += ParquetString("person " + std::to_string(i));
  Drive(reader, {"", "", ParquetWriter().Column({"name"}, kByteArray, kNone, ParquetPageOf(3000, many)).Done()}, sink, 1460);
  EXPECT_NE(sink.Unnamed().find("person 2998\nperson 2999\n"), std::string::npos);
  EXPECT_EQ(pool.open(), 0u);
}

}  // namespace
}  // namespace gander::content
