// SPDX-License-Identifier: Apache-2.0
// Records of RFC 4180, whole and cut anywhere.
#include "identify/own/csv_records.h"

#include <gtest/gtest.h>

namespace gander::identify {
namespace {

using Record = std::vector<std::string>;

struct RowCollector final : CsvSink {
  void OnRecord(const std::vector<std::string>& fields, std::uint64_t line) override {
    records.push_back(fields);
    lines.push_back(line);
  }
  std::vector<Record> records;
  std::vector<std::uint64_t> lines;
};

std::vector<Record> Read(std::string_view text, char separator = ',') {
  RowCollector sink;
  CsvRecords records(separator, sink);
  records.Push(text);
  EXPECT_TRUE(records.Finish());
  return sink.records;
}

TEST(CsvRecords, PlainAndQuoted) {
  EXPECT_EQ(Read("a,b\n1,2\n"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("a,b"), (std::vector<Record>{{"a", "b"}}));
  EXPECT_EQ(Read("\"a,b\",\"say \"\"no\"\"\"\n"), (std::vector<Record>{{"a,b", "say \"no\""}}));
  EXPECT_EQ(Read("\"two\nlines\",x\n"), (std::vector<Record>{{"two\nlines", "x"}}));
  EXPECT_EQ(Read("a;b\n", ';'), (std::vector<Record>{{"a", "b"}}));
  EXPECT_EQ(Read("a \"b\",c\n"), (std::vector<Record>{{"a \"b\"", "c"}}));
  EXPECT_EQ(Read("\"a\"b,c\n"), (std::vector<Record>{{"ab", "c"}}));
  EXPECT_EQ(Read("\"\",\n"), (std::vector<Record>{{"", ""}}));
}

TEST(CsvRecords, LineEndsMarksAndEmptyLines) {
  EXPECT_EQ(Read("a\r\nb\rc\nd"), (std::vector<Record>{{"a"}, {"b"}, {"c"}, {"d"}}));
  EXPECT_EQ(Read("\xEF\xBB\xBF" "a,b\n\n\r\n1,2"), (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("\xEF\xBBx"), (std::vector<Record>{{"\xEF\xBBx"}}));
  EXPECT_EQ(Read(""), std::vector<Record>{});
}

TEST(CsvRecords, EveryCut) {
  const std::string text = "\xEF\xBB\xBFno,\"na\"\"me\"\r\n\"1\r\n2\",x\r\n\r\n3,\"\"\n";
  const auto whole = Read(text);
  ASSERT_EQ(whole.size(), 3u);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    RowCollector sink;
    CsvRecords records(',', sink);
    records.Push(text.substr(0, cut));
    records.Push(text.substr(cut));
    EXPECT_TRUE(records.Finish());
    EXPECT_EQ(sink.records, whole) << cut;
    EXPECT_EQ(sink.lines, (std::vector<std::uint64_t>{1, 2, 5})) << cut;
  }
}

TEST(CsvRecords, OpenQuotesAreSaidWithTheirLine) {
  RowCollector sink;
  CsvRecords records(',', sink);
  records.Push("a\nb\nc,\"open\nand open\n");
  EXPECT_FALSE(records.Finish());
  EXPECT_EQ(records.open_line(), 3u);
}

TEST(CsvRecords, KeepsNoMoreThanFits) {
  const auto records = Read(std::string(3 * CsvRecords::kMaxField, 'x') + ",y\n" +
                            std::string(2 * CsvRecords::kMaxFields, ',') + "\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0][0].size(), CsvRecords::kMaxField);
  EXPECT_EQ(records[0][1], "y");
  EXPECT_EQ(records[1].size(), CsvRecords::kMaxFields);
}

}  // namespace
}  // namespace gander::identify
