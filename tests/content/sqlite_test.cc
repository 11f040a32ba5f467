// SPDX-License-Identifier: Apache-2.0
// SQLite databases: rows as lines, wherever their pages lie; long values; values that are files; what is no
// database.
#include "content/database/sqlite.h"

#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/decoder_pool.h"
#include "content/recording_sink.h"
#include "content/sqlite_writer.h"

namespace gander::content {
namespace {

RecordingSink ReadDb(const std::string& bytes, std::size_t step = SIZE_MAX, const Options& options = {}) {
  return Read({.type = {}, .encoding = {}, .bytes = bytes, .file_name = {}}, step, options);
}

std::string TextOf(const std::string& bytes, std::size_t step = SIZE_MAX) {
  std::string all;
  for (const SeenText& text : ReadDb(bytes, step).texts) all += text.text;
  return all;
}

std::string FromHex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

constexpr const char* kSql = "CREATE TABLE t(a, b)";
// Of the schema, and before the rows of the table.
constexpr const char* kSchema = "table\tt\tt\t2\tCREATE TABLE t(a, b)\n";
constexpr const char* kNames = "a\tb\n";

SqliteWriter WithSchema(std::size_t page_bytes = 512) {
  SqliteWriter writer(page_bytes);
  writer.Schema(kSql);
  return writer;
}

TEST(Sqlite, WhatSqliteWroteIsRead) {
  // By sqlite3 3.40: page_size=512; create table t(id integer primary key,n text,s text,r real); two rows.
  const auto zeros = [](std::size_t n) { return std::string(n, '\0'); };
  const std::string file =
      FromHex("53514c69746520666f726d617420330002000101004020200000000200000002") + zeros(11) +
      FromHex("0100000004") + zeros(11) + FromHex("01") + zeros(35) +
      FromHex("02002e63010d0000000101b40001b4") + zeros(326) +
      FromHex(
          "4a0107170f0f0181037461626c65747402435245415445205441424c45207428696420696e74656765722070"
          "72696d617279206b65792c6e20746578742c7320746578742c72207265616c290d0000000201b90001da01b9") +
      zeros(429) +
      FromHex(
          "1f0805001b2307c581756b61737a3231392d30392d39393939fe37e43c8800759c240705002523074a616e65"
          "204772696666696e3037382d30352d313132304004000000000000");
  ASSERT_EQ(file.size(), 1024u);
  const RecordingSink sink = ReadDb(file);
  ASSERT_EQ(sink.texts.size(), 2u);
  EXPECT_EQ(sink.texts[0].path, "http.response.body > sqlite");
  EXPECT_EQ(sink.texts[0].text, "table\tt\tt\t2\tCREATE TABLE t(id integer primary key,n text,s text,r real)\n");
  EXPECT_EQ(sink.texts[1].text,
            "id\tn\ts\tr\n"
            "7\tJane Griffin\t078-05-1120\t2.5\n8\t\xc5\x81ukasz\t219-09-9999\t-1e+300\n");
  for (const std::uint64_t bytes : sink.fates) EXPECT_EQ(bytes, 0u);
}

TEST(Sqlite, ValuesOfEveryType) {
  SqliteWriter writer = WithSchema();
  writer.Add(writer.Tree(
      {{5, SqliteRecordOf({Null(), Int(-2, 1), Int(300, 2), Int(-70000, 3), Int(1 << 30, 4)})},
       {1ull << 40, SqliteRecordOf({Int(1ll << 44, 5), Int(INT64_MIN, 6), Int(0, 8), Int(1, 9), Real(0.5)})},
       {7, SqliteRecordOf({Text(""), Null(), Text("x"), Blob("078-05-1120")})}}));
  EXPECT_EQ(TextOf(writer.Done()), std::string(kSchema) + kNames +
                                       "5\t-2\t300\t-70000\t1073741824\n"
                                       "17592186044416\t-9223372036854775808\t0\t1\t0.5\n"
                                       "\t\tx\t078-05-1120\n");
}

TEST(Sqlite, Utf16OfBothOrders) {
  for (const bool big : {false, true}) {
    SqliteWriter writer(1024, big ? 3 : 2);
    writer.Schema(Utf16(kSql, big));
    writer.Add(
        writer.Tree({{1, SqliteRecordOf({Text(Utf16("Jane", big)), Text(Utf16("078-05-1120", big))})}}));
    EXPECT_NE(TextOf(writer.Done()).find("Jane\t078-05-1120\n"), std::string::npos);
  }
}

// A text that takes three pages besides its own.
const std::string kLong = Lines(50);

TEST(Sqlite, LongValuesBehindTheirRow) {
  SqliteWriter writer = WithSchema();
  const std::string record = SqliteRecordOf({Int(4, 1), Text(kLong), Text("behind")});
  const std::size_t local = writer.Local(record.size());
  writer.Add(writer.Tree({{1, record, 3}}));
  std::uint32_t page = 3;
  for (std::size_t at = local; at < record.size(); at += 508) {
    const bool last = at + 508 >= record.size();
    writer.Add(writer.Chain(last ? 0 : ++page, record.substr(at, 508)));
  }
  const std::string all = std::string(kSchema) + kNames + "4\t\n" + kLong + "behind";
  EXPECT_EQ(TextOf(writer.Done()), all);
  EXPECT_EQ(TextOf(writer.Done(), 1), all);
}

TEST(Sqlite, LongValuesBeforeTheirRow) {
  SqliteWriter writer = WithSchema();
  const std::string record = SqliteRecordOf({Text(kLong)});
  const std::size_t local = writer.Local(record.size());
  std::uint32_t page = 2;
  for (std::size_t at = local; at < record.size(); at += 508) {
    writer.Add(writer.Chain(at + 508 >= record.size() ? 0 : ++page, record.substr(at, 508)));
  }
  writer.Add(writer.Tree({{1, record, 2}}));
  const std::string seen = TextOf(writer.Done());
  const std::size_t head = local - (record.size() - kLong.size());  // of the text
  EXPECT_NE(seen.find(kLong.substr(head)), std::string::npos);
  EXPECT_NE(seen.find(kLong.substr(0, head + 64)), std::string::npos) << "the seam is read whole";
}

TEST(Sqlite, ChainsThatAreInterrupted) {
  SqliteWriter writer = WithSchema();
  const std::string record = SqliteRecordOf({Text(kLong.substr(0, 1400))});
  const std::size_t local = writer.Local(record.size());
  writer.Add(writer.Tree({{1, record, 3}}))
      .Add(writer.Chain(5, record.substr(local, 508)))
      .Add(writer.Tree({{2, SqliteRecordOf({Text("between")})}}))
      .Add(writer.Chain(0, record.substr(local + 508)));
  const std::string seen = TextOf(writer.Done());
  EXPECT_NE(seen.find("between\n"), std::string::npos);
  const std::size_t seam = local + 508 - (record.size() - 1400);
  EXPECT_NE(seen.find(kLong.substr(seam - 60, 120)), std::string::npos) << "no value is torn";
}

TEST(Sqlite, ALongValueWhosePagesNeverComeIsReadAsFarAsItGoes) {
  SqliteWriter writer = WithSchema();
  const std::string record = SqliteRecordOf({Text(kLong)});
  writer.Add(writer.Tree({{1, record, 77}}));
  EXPECT_NE(TextOf(writer.Done()).find("Person 0,078-05-1000"), std::string::npos);
}

TEST(Sqlite, FilesInRowsAreFiles) {
  SqliteWriter writer = WithSchema(4096);
  const std::string image = "\x89PNG\r\n\x1a\n" + Noise(500);
  writer.Add(writer.Tree({{1, SqliteRecordOf({Text("a.csv"), Blob(Gzip(Lines(100))), Text("c")})},
                          {2, SqliteRecordOf({Text("b.png"), Blob(image)})}}));
  const RecordingSink sink = ReadDb(writer.Done());
  EXPECT_NE(sink.Unnamed().find(Lines(100)), std::string::npos);
  EXPECT_NE(sink.Unnamed().find("a.csv\t\tc\n"), std::string::npos);
  ASSERT_EQ(sink.files.size(), 3u);  // the database itself is the last
  EXPECT_EQ(sink.files[0].magic, "gzip");
  EXPECT_EQ(sink.files[1].magic, "png");
  EXPECT_EQ(sink.files[1].size, image.size());
  EXPECT_GE(sink.Of(ByteFate::kOpaqueBinary), image.size() - 128);
}

TEST(Sqlite, IndexesAreReadWhereTheyAreTables) {
  const std::vector<SqliteRow> rows{{0, SqliteRecordOf({Text("key"), Text("value")})}};
  SqliteWriter writer = WithSchema();
  writer.Add(writer.Tree(rows, 10));
  EXPECT_EQ(TextOf(writer.Done()), kSchema);
  SqliteWriter without;
  without.Schema("CREATE TABLE t(k PRIMARY KEY, v) Without RowId");
  without.Add(without.Tree(rows, 10)).Add(without.Tree(rows, 2));
  const std::string seen = TextOf(without.Done());
  EXPECT_TRUE(seen.ends_with("RowId\nk\tv\nkey\tvalue\nkey\tvalue\n")) << seen;
}

TEST(Sqlite, DeletedRowsThatAreStillThereAreFound) {
  SqliteWriter writer = WithSchema();
  writer.Add(writer.Tree({{1, SqliteRecordOf({Text("kept")})}}, 13, Lines(6)));
  EXPECT_NE(TextOf(writer.Done()).find(Lines(6)), std::string::npos);
}

TEST(Sqlite, WriteAheadLogs) {
  SqliteWriter writer = WithSchema();
  writer.Add(writer.Tree({{3, SqliteRecordOf({Null(), Text("078-05-1120")})}}));
  const RecordingSink sink = ReadDb(writer.Log());
  EXPECT_EQ(sink.Unnamed(), std::string(kSchema) + kNames + "3\t078-05-1120\n");
  EXPECT_EQ(sink.texts[0].path, "http.response.body > sqlite-wal");
  EXPECT_EQ(TextOf(writer.Log(), 1), sink.Unnamed());
}

TEST(Sqlite, PagesThatDoNotFitTogetherAreLeaves) {
  SqliteWriter writer = WithSchema();
  std::string page = writer.Tree({{1, SqliteRecordOf({Text(Lines(8))})}});
  page[4] = 100;  // more cells than there are
  EXPECT_NE(TextOf(SqliteWriter(writer).Add(page).Done()).find("Person 3,078-05-1003"), std::string::npos);
  // A thousand cells that are all the same one.
  SqliteWriter wide(65536);
  wide.Schema(kSql);
  std::string many = wide.Tree({{1, SqliteRecordOf({Text(std::string(30000, 'x'))})}});
  const std::string place = many.substr(8, 2);
  for (std::size_t i = 0; i < 1000; ++i) many.replace(8 + 2 * i, 2, place);
  many.replace(3, 2, BigEndian(1000, 2));
  EXPECT_LT(TextOf(wide.Add(many).Done()).size(), 2 * 65536u);
}

TEST(Sqlite, WhatIsNoDatabaseIsALeaf) {
  EXPECT_NE(TextOf(std::string("SQLite format 3\0", 16) + Lines(300)).find("Person 200,078-05-1200"),
            std::string::npos);
  EXPECT_NE(TextOf("\x37\x7f\x06\x82" + Lines(300)).find("Person 200,078-05-1200"), std::string::npos);
  EXPECT_NE(TextOf(WithSchema().Done() + Lines(5)).find(Lines(5)), std::string::npos)
      << "half a page at the end";
}

std::string Everything() {
  SqliteWriter writer = WithSchema();
  const std::string record = SqliteRecordOf({Int(4, 1), Text(kLong), Blob(Gzip(Lines(40))), Real(2)});
  const std::size_t local = writer.Local(record.size());
  writer.Add(writer.Tree({{1, record, 3}, {2, SqliteRecordOf({Null(), Blob(Noise(90))})}}, 13,
                         "deleted 078-05-1120"));
  std::uint32_t page = 3;
  for (std::size_t at = local; at < record.size(); at += 508) {
    writer.Add(writer.Chain(at + 508 >= record.size() ? 0 : ++page, record.substr(at, 508)));
  }
  writer.Add(writer.Tree({{0, SqliteRecordOf({Text("k")})}}, 2)).Add(Noise(512));
  return writer.Done();
}

TEST(Sqlite, CutAnyhowItIsTheSame) {
  const RecordingSink whole = ReadDb(Everything());
  EXPECT_NE(whole.Unnamed().find(Lines(40)), std::string::npos) << "the gzip in the chain";
  for (const std::size_t step : {1, 2, 3, 100, 511, 512, 513, 1460}) {
    const RecordingSink cut = ReadDb(Everything(), step);
    EXPECT_EQ(cut.texts, whole.texts) << step;
    EXPECT_EQ(cut.files, whole.files) << step;
  }
}

TEST(Sqlite, CutOrDamagedItGivesBackWhatItTook) {
  Counters counters{};
  DecoderPool pool;
  BodyReader reader({}, counters, pool);
  std::uint32_t seed = 3;
  const auto next = [&] { return (seed = seed * 1664525 + 1013904223) >> 8; };
  for (const std::string& file :
       {Everything(), SqliteWriter(WithSchema()).Add(Everything().substr(512)).Log()}) {
    for (std::size_t n = 0; n < file.size(); n += 7) {
      RecordingSink sink;
      Drive(reader, {.type = {}, .encoding = {}, .bytes = file.substr(0, n), .file_name = {}}, sink, 97);
      ASSERT_EQ(pool.open(), 0u);
    }
    for (int round = 0; round < 2000; ++round) {
      std::string bad = file;
      for (std::uint32_t flips = 1 + next() % 8; flips > 0; --flips) {
        bad[16 + next() % (bad.size() - 16)] = static_cast<char>(next());
      }
      RecordingSink sink;
      Drive(reader, {.type = {}, .encoding = {}, .bytes = bad, .file_name = {}}, sink, 1 + next() % 900);
      ASSERT_EQ(pool.open(), 0u);
    }
  }
  EXPECT_LT(pool.memory.in_use(), 200'000u);
}

TEST(Sqlite, WithoutMemoryItIsALeaf) {
  Counters counters{};
  DecoderPool pool({.memory = 1000});
  BodyReader reader({}, counters, pool);
  RecordingSink sink;
  SqliteWriter writer = WithSchema(8192);
  for (int i = 0; i < 5; ++i) writer.Add(writer.Tree({{1, SqliteRecordOf({Text(Lines(180))})}}));
  Drive(reader, {.type = {}, .encoding = {}, .bytes = writer.Done(), .file_name = {}}, sink, 1460);
  EXPECT_TRUE(sink.Saw("decompression_memory_cap"));
  EXPECT_GT(counters.cap_memory, 0u);
  EXPECT_NE(sink.Unnamed().find("Person 100,078-05-1100"), std::string::npos);
}

}  // namespace
}  // namespace gander::content
