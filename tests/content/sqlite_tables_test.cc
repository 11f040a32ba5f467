// SPDX-License-Identifier: Apache-2.0
// Rows of SQLite below the names of their columns: as the schema has them, wherever the pages of a table lie.
#include "content/database/sqlite_tables.h"

#include <gtest/gtest.h>

#include "content/coded.h"
#include "content/database/sqlite.h"
#include "content/recording_sink.h"
#include "content/sqlite_writer.h"

namespace gander::content {
namespace {

struct Listed {
  std::uint32_t root;
  std::string sql;
};

std::string SchemaPage(const SqliteWriter& writer, const std::vector<Listed>& tables) {
  std::vector<SqliteRow> rows;
  for (const Listed& t : tables) {
    rows.push_back(
        {rows.size() + 1, SqliteRecordOf({Text("table"), Text("t"), Text("t"), Int(t.root, 1), Text(t.sql)})});
  }
  return writer.Tree(rows);
}

// A page of a table that names others.
std::string Interior(std::size_t page_bytes, const std::vector<std::uint32_t>& children) {
  std::string places, cells;
  for (std::size_t i = 0; i + 1 < children.size(); ++i) {
    cells = BigEndian(children[i], 4) + SqliteVarint(i) + cells;
    places += BigEndian(page_bytes - cells.size(), 2);
  }
  std::string page = "\5" + std::string(2, '\0') + BigEndian(children.size() - 1, 2) +
                     BigEndian(page_bytes - cells.size(), 2) + '\0' + BigEndian(children.back(), 4) + places;
  return page + std::string(page_bytes - page.size() - cells.size(), '\0') + cells;
}

// What the texts say behind the schema's.
std::vector<std::string> TextsOf(const std::string& bytes, std::size_t step = SIZE_MAX) {
  std::vector<std::string> texts;
  for (const SeenText& t : Read({"", "", bytes}, step).texts) texts.push_back(t.text);
  if (!texts.empty()) texts.erase(texts.begin());
  return texts;
}

std::string NamesOf(const std::string& sql) {
  SqliteWriter writer(1024);
  writer.Add(SchemaPage(writer, {{2, sql}})).Add(writer.Tree({{1, SqliteRecordOf({Text("x"), Text("y")})}}));
  const std::vector<std::string> texts = TextsOf(writer.Done());
  if (texts.size() != 1 || texts[0] == "x\ty\n") return "none";
  return texts[0].substr(0, texts[0].find('\n'));
}

TEST(SqliteTables, NamesOfColumns) {
  EXPECT_EQ(NamesOf("CREATE TABLE t(id INTEGER PRIMARY KEY, ssn TEXT)"), "id\tssn");
  EXPECT_EQ(NamesOf("create table \"my t\" (\n  a,\n\tb\n)"), "a\tb");
  EXPECT_EQ(NamesOf("CREATE TABLE t(\"card no\" TEXT, [e mail] VARCHAR(20), `x`, 'y' NUMERIC(10,2) DEFAULT 'a,b)', z)"),
            "card no\te mail\tx\ty\tz");
  EXPECT_EQ(NamesOf("CREATE TABLE t(a CHECK(a IN (1,2)), b, PRIMARY KEY(a,b))"), "a\tb");
  EXPECT_EQ(NamesOf("CREATE TABLE t(a, b, CONSTRAINT c UNIQUE(a), x)"), "a\tb");
  EXPECT_EQ(NamesOf("CREATE TABLE t(\"primary\", b)"), "primary\tb");
  EXPECT_EQ(NamesOf("CREATE TABLE t(stra\xc3\x9f" "e, b)"), "stra\xc3\x9f" "e\tb");
  EXPECT_EQ(NamesOf("CREATE TABLE t(\"\", \"a\tb\", c)"), "-\t-\tc");
  EXPECT_EQ(NamesOf("CREATE TABLE t(alone)"), "-\talone");
}

TEST(SqliteTables, WhatIsNoTableHasNone) {
  for (const char* sql :
       {"CREATE TABLE t", "CREATE TABLE t(", "CREATE TABLE t(a", "CREATE TABLE t()", "CREATE INDEX i ON t(a)",
        "CREATE VIRTUAL TABLE t USING fts5(a, b)", "", "CREATE TABLE t(PRIMARY KEY(a))"}) {
    EXPECT_EQ(NamesOf(sql), "none") << sql;
  }
}

// A table of one column is the second of two.
TEST(SqliteTables, OneColumnAlone) {
  SqliteWriter writer;
  writer.Add(SchemaPage(writer, {{2, "CREATE TABLE t(card)"}}));
  writer.Add(writer.Tree({{1, SqliteRecordOf({Text("4111 1111 1111 1111")})}, {2, SqliteRecordOf({Text("x")})}}));
  EXPECT_EQ(TextsOf(writer.Done()), std::vector<std::string>{"-\tcard\n\t4111 1111 1111 1111\n\tx\n"});
}

std::string Page(const SqliteWriter& writer, const std::vector<std::string>& values) {
  std::vector<SqliteColumn> columns;
  for (const std::string& value : values) columns.push_back(Text(value));
  return writer.Tree({{1, SqliteRecordOf(columns)}});
}

TEST(SqliteTables, PagesOfATreeAreOfItsTable) {
  SqliteWriter writer;
  writer.Add(SchemaPage(writer, {{2, "CREATE TABLE people(name, mail)"}, {3, "CREATE TABLE keys(k, v)"}}));
  writer.Add(Interior(512, {4, 6, 7})).Add(Page(writer, {"k1", "v1"}));
  writer.Add(Page(writer, {"n1", "m1"}))
      .Add(Page(writer, {"lost", "page"}))
      .Add(Page(writer, {"n2", "m2"}))
      .Add(Page(writer, {"n3", "m3"}));
  const std::vector<std::string> expected = {"k\tv\nk1\tv1\n", "name\tmail\nn1\tm1\n", "lost\tpage\n",
                                             "name\tmail\nn2\tm2\nn3\tm3\n"};
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}, SIZE_MAX})
    EXPECT_EQ(TextsOf(writer.Done(), step), expected);
}

// Of pages that nobody named the number of columns tells, when one table alone has so many.
TEST(SqliteTables, ByTheNumberOfColumns) {
  SqliteWriter writer;
  writer.Add(
      SchemaPage(writer, {{9, "CREATE TABLE a(x, y)"}, {10, "CREATE TABLE b(p, q, r)"}, {11, "CREATE TABLE c(s, t)"}}));
  writer.Add(Page(writer, {"1", "2", "3"})).Add(Page(writer, {"1", "2"}));
  EXPECT_EQ(TextsOf(writer.Done()), (std::vector<std::string>{"p\tq\tr\n1\t2\t3\n", "1\t2\n"}));
}

TEST(SqliteTables, ASchemaOfManyPages) {
  SqliteWriter writer;
  const std::string first = writer.Tree({}).substr(0, 100) + Interior(512, {2, 3}).substr(0, 14);
  // The cell of the first page is written anew: it stands behind the header of the file.
  std::string page = first + std::string(512 - first.size(), '\0');
  const std::string cell = BigEndian(2, 4) + SqliteVarint(1);
  page.replace(512 - cell.size(), cell.size(), cell);
  page.replace(100 + 12, 2, BigEndian(512 - cell.size(), 2));
  writer.Add(page);
  writer.Add(SchemaPage(writer, {{4, "CREATE TABLE a(x, y)"}})).Add(SchemaPage(writer, {{5, "CREATE TABLE b(p, q)"}}));
  writer.Add(Page(writer, {"1", "2"})).Add(Page(writer, {"3", "4"}));
  const std::vector<std::string> texts = TextsOf(writer.Done());
  ASSERT_GE(texts.size(), 2u);
  EXPECT_EQ(texts[texts.size() - 2], "x\ty\n1\t2\n");
  EXPECT_EQ(texts.back(), "p\tq\n3\t4\n");
}

// A log repeats pages: the last schema counts.
TEST(SqliteTables, InALog) {
  SqliteWriter writer;
  writer.Add(SchemaPage(writer, {{2, "CREATE TABLE a(x, y)"}})).Add(Page(writer, {"1", "2"}));
  const std::string once = writer.Log();
  std::string schema = SchemaPage(SqliteWriter(), {{2, "CREATE TABLE a(p, q)"}});
  const std::string frame = BigEndian(1, 4) + std::string(20, 'y') + schema;
  const std::string rows = once.substr(once.size() - 536);
  const std::vector<std::string> texts = TextsOf(once + frame + rows);
  ASSERT_EQ(texts.size(), 3u);
  EXPECT_EQ(texts[0], "x\ty\n1\t2\n");
  EXPECT_EQ(texts[2], "p\tq\n1\t2\n");
}

TEST(SqliteTables, MoreThanAreRemembered) {
  SqliteWriter writer(65536);
  std::vector<SqliteRow> rows;
  for (std::uint32_t i = 0; i < 700; ++i) {
    rows.push_back({i, SqliteRecordOf({Text("table"), Text("t"), Text("t"), Int(100 + i, 2),
                                       Text("CREATE TABLE t(" + std::string(40, 'a') + ", b)")})});
  }
  writer.Add(writer.Tree(rows));
  const RecordingSink sink = Read({"", "", writer.Done()}, 1460);
  EXPECT_TRUE(sink.anomalies.empty());
  EXPECT_NE(sink.Unnamed().find("table\tt\tt\t799\t"), std::string::npos);
}

}  // namespace
}  // namespace gander::content
