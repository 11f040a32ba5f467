// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "protocol/framing/printable.h"
#include "protocol/framing/utf16_text.h"
#include "protocol/harness.h"
#include "protocol/rowset/row_text.h"
#include "protocol/rowset/sql_text.h"

namespace gander::protocol {
namespace {

TEST(RowTextTest, ATableHasItsHeaderFirst) {
  RecordingSink sink;
  rowset::RowText rows;
  rows.Begin("x.rows", Direction::kToClient, 3);
  for (const char* name : {"name", "count(*)", "a@b", "", "ssn"}) rows.Column(name);
  for (const char* value : {"Ada", "1", "tab\tline\nend", "\"odd", "078-05-1120"}) rows.Value(value, sink);
  rows.EndRow(sink);
  rows.End(BodyEnd::kComplete, sink);
  EXPECT_THAT(sink.bodies,
              ElementsAre("x.rows #3 < text/tab-separated-values|||-1|name\tcount(*)\tcolumn\tcolumn\tssn\n"
                          "Ada\t1\ttab line end\t\"odd\"\t078-05-1120\n|complete"));
}

TEST(RowTextTest, OneColumnNamesEachValue) {
  RecordingSink sink;
  rowset::RowText rows;
  rows.Begin("x.rows", Direction::kToClient, 0);
  rows.Column("ssn");
  for (const char* value : {"078-05-1120", "219-09-9999"}) {
    rows.Value(value, sink);
    rows.EndRow(sink);
  }
  rows.End(BodyEnd::kGap, sink);
  EXPECT_THAT(sink.bodies,
              ElementsAre("x.rows #0 < text/tab-separated-values|||-1|ssn: 078-05-1120\nssn: 219-09-9999\n|gap"));
}

TEST(RowTextTest, NoRowsAreNoBody) {
  RecordingSink sink;
  rowset::RowText rows;
  rows.Begin("x.rows", Direction::kToClient, 0);
  rows.Column("name");
  rows.End(BodyEnd::kComplete, sink);
  EXPECT_THAT(sink.bodies, IsEmpty());
}

TEST(RowTextTest, HeadersAreBounded) {
  RecordingSink sink;
  rowset::RowText rows;
  rows.Begin("x.rows", Direction::kToClient, 0);
  for (int i = 0; i < 1000; ++i) rows.Column(std::string(100, 'n'));
  for (int i = 0; i < 1000; ++i) rows.Value("v", sink);
  rows.EndRow(sink);
  rows.End(BodyEnd::kComplete, sink);
  ASSERT_EQ(sink.bodies.size(), 1u);
  EXPECT_LE(sink.bodies[0].find('\n'), rowset::RowText::kMaxHeader + 60);
}

std::string NamesOf(std::string_view sql) {
  rowset::ParameterNames names;
  names.Read(sql);
  std::string out;
  for (std::size_t i = 0; i < 5; ++i) out += std::string(names.NameOf(i)) + "|";
  return out;
}

TEST(SqlTextTest, ParametersAreNamedAfterTheirColumns) {
  EXPECT_EQ(NamesOf("INSERT INTO people (name, \"ssn\", born, mail) VALUES (?, ?, now(), ?)"), "name|ssn|mail|||");
  EXPECT_EQ(NamesOf("insert into s.people(name,ssn) values ($1,$2),($3,$4)"), "name|ssn|name|ssn||");
  EXPECT_EQ(NamesOf("select 'a ? b' from people where p.ssn = $1 and name like $2"), "ssn|name||||");
  EXPECT_EQ(NamesOf("UPDATE people SET `mail` = ?, phone=? WHERE id in (?, ?)"), "mail|phone|id|id||");
  EXPECT_EQ(NamesOf("select $2, ssn = $1"), "|select||||");
  EXPECT_EQ(NamesOf("'unclosed ? \"x"), "|||||");
  EXPECT_EQ(NamesOf("select $99999999999"), "|||||");
}

TEST(SqlTextTest, CopyNamesItsColumns) {
  std::string header;
  rowset::CopyColumns("COPY public.people (name, ssn) FROM stdin;", header);
  EXPECT_EQ(header, "name\tssn\n");
  for (const char* other :
       {"COPY (SELECT a, b) TO STDOUT", "copy people from stdin", "select (a, b)", "copy x (", ""}) {
    rowset::CopyColumns(other, header);
    EXPECT_EQ(header, "") << other;
  }
}

TEST(FramingTest, Printable) {
  std::string scratch;
  EXPECT_EQ(framing::Printable("J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x98\x80", scratch),
            "J\xc3\xb6rg \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(framing::Printable("\x9f"
                               "i\x1a",
                               scratch),
            "\\x9fi\x1a");
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"})
    EXPECT_FALSE(framing::IsUtf8(bad)) << bad;
}

TEST(FramingTest, Utf16) {
  EXPECT_EQ(framing::FromUtf16(AsBytes(std::string_view("A\0\xe4\0\xac\x20\x3d\xd8\0\xde", 10))),
            "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(framing::FromUtf16(AsBytes(std::string_view("\x3d\xd8x\0\0\xde", 6))), "\xef\xbf\xbdx\xef\xbf\xbd");
}

}  // namespace
}  // namespace gander::protocol
