// SPDX-License-Identifier: Apache-2.0
// Keys, context words, columns, field values and folding.
#include "identify/context.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>

#include "identify/field_value.h"
#include "identify/key_finder.h"
#include "identify/table_columns.h"

namespace gander::identify {
namespace {

class Context : public ::testing::Test {
 protected:
  Context() {
    IdType rule = 0;
    for (const char* w : {"ssn", "sécurité sociale", "身份证号", "инн", "card number", "fn"})
      matcher_.Add(w, rule++);
    matcher_.Freeze();
  }
  bool Names(std::string_view text, IdType rule) {
    ContextWords words;
    matcher_.Match(text, words);
    return matcher_.Rank(words, rule) > 0;
  }
  ContextMatcher matcher_;
};

TEST_F(Context, FindsWordsInTheSpellingsOfKeys) {
  for (const char* text : {"ssn", "SSN:", "user_ssn", "customerSsn", "ssn1", "my-ssn-field"})
    EXPECT_TRUE(Names(text, 0)) << text;
  for (const char* text : {"numero_securite_sociale", "Numéro de sécurité sociale", "SÉCURITÉ SOCIALE"})
    EXPECT_TRUE(Names(text, 1)) << text;
  for (const char* text : {"card_number", "cardNumber", "Card Number", "card-number"})
    EXPECT_TRUE(Names(text, 4)) << text;
  EXPECT_TRUE(Names("请填写身份证号码", 2));
  EXPECT_TRUE(Names("ИНН: ", 3));
}

TEST_F(Context, WordsInsideOtherWordsDoNotCount) {
  for (const char* text : {"lessn", "ssnx", "assns"}) EXPECT_FALSE(Names(text, 0)) << text;
  EXPECT_FALSE(Names("длинный", 3));
  EXPECT_FALSE(Names("fnord", 5));
}

TEST_F(Context, TwoLettersOfAHostsNameAreNoWord) {
  EXPECT_FALSE(Names("https://fn.example.com/builds/", 5));
  EXPECT_FALSE(Names("https://my-fn.org/jobs/", 5));
  for (const char* text : {"fn: ", "my-fn: ", "FN. ", "the fn."}) EXPECT_TRUE(Names(text, 5)) << text;
  EXPECT_TRUE(Names("ssn.value", 0)) << "three letters are";
}

// Words that share their fronts, one of them the front of another; each is cut at every letter.
TEST(ContextWordsTogether, EachIsFoundWholeAndNotCut) {
  const std::string_view words[] = {"patient", "patient id", "patient identifier", "patent", "pat", "ид", "идентификатор"};
  ContextMatcher matcher;
  for (IdType rule = 0; rule < std::size(words); ++rule) matcher.Add(words[rule], rule);
  matcher.Freeze();
  for (const std::string_view word : words) {
    for (std::size_t n = 1; n <= word.size(); ++n) {
      const std::string_view text = word.substr(0, n);
      IdType best = std::size(words);  // the longest word that stands at the front and is whole
      for (IdType rule = 0; rule < std::size(words); ++rule) {
        const std::string_view w = words[rule];
        const bool whole = text.starts_with(w) && (text.size() == w.size() || text[w.size()] == ' ');
        if (whole && (best == std::size(words) || w.size() > words[best].size())) best = rule;
      }
      for (const char* behind : {"", ": 1", " x"}) {
        ContextWords found;
        matcher.Match(std::string(text) + behind, found);
        for (IdType rule = 0; rule < std::size(words); ++rule) {
          const bool front = best != std::size(words) && words[best].starts_with(words[rule]) &&
                             (words[best].size() == words[rule].size() || words[best][words[rule].size()] == ' ');
          EXPECT_EQ(matcher.Rank(found, rule) > 0, front) << text << behind << " names " << words[rule];
        }
      }
    }
  }
}

// ASCII is searched by blocks; a foreign character in front makes the same text be read byte by byte.
TEST_F(Context, BlocksFindWhatBytesFind) {
  constexpr std::string_view kParts[] = {"ssn", "Ssn", "SSN", "card number", "cardNumber", "CARD_NUMBER", "fn",  "x",
                                         "Xy",  " ",   ",",   "-",           "4",          "card",        "ssnA"};
  std::minstd_rand random(7);
  int found = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto parts = 1 + random() % 24; parts > 0; --parts) text += kParts[random() % std::size(kParts)];
    ContextWords blocks, bytes;
    matcher_.Match(text, blocks);
    matcher_.Match("\u2026" + text, bytes);
    ASSERT_EQ(blocks.count, bytes.count) << text;
    ASSERT_EQ(blocks.ids, bytes.ids) << text;
    found += blocks.count;
  }
  EXPECT_GT(found, 10000);
}

std::string KeyOf(std::string_view text, std::string_view value) {
  const KeyRegion k = FindKey(text, text.find(value), kMaxKeyReach);
  return std::string(text.substr(k.begin, k.end - k.begin)) + (k.is_key ? "!" : "");
}

TEST(KeyFinder, KnowsTheNotations) {
  EXPECT_EQ(KeyOf(R"({"id":1,"ssn":"536-90"})", "536"), "ssn!");
  EXPECT_EQ(KeyOf(R"({"id":1, "ssn" : 536})", "536"), "ssn!");
  EXPECT_EQ(KeyOf("ip=1.2.3.4 bsn=114719858 took", "1147"), "bsn!");
  EXPECT_EQ(KeyOf("a=1&cpf=317", "317"), "cpf!");
  EXPECT_EQ(KeyOf(R"(<identifier type="BSN">114</identifier>)", "114"), "identifier type=\"BSN\"!");
  EXPECT_EQ(KeyOf(R"(<input name="dni" value="726")", "726"), "input name=\"dni\" value");
  EXPECT_EQ(KeyOf("<td>Telefon</td><td>+49", "+49"), "<td>Telefon</td><td");
  EXPECT_EQ(KeyOf("TEL;TYPE=cell:0805", "0805"), "TEL;TYPE=cell:");
  EXPECT_EQ(KeyOf(R"([{"system":"urn:oid:BSN","value":"114"}])", "114"), R"("system":"urn:oid:BSN",)");
  EXPECT_EQ(KeyOf("one line\nSSN\n536", "536"), "SSN\n");
  EXPECT_EQ(KeyOf("SSN\n\n536", "536"), "SSN\n\n");
  EXPECT_EQ(KeyOf("This is about the SSN.\n\n536", "536"), "") << "a paragraph before it";
}

TEST(FieldValue, KnowsTheNotations) {
  const auto value_of = [](std::string_view text, std::string_view key) {
    const std::size_t at = text.find(key);
    const Span s = FindFieldValue(text, at, at + key.size());
    return std::string(text.substr(s.begin, s.end - s.begin));
  };
  EXPECT_EQ(value_of(R"({"name": "Hugo Moreau","x":1})", "name"), "Hugo Moreau");
  EXPECT_EQ(value_of(R"("name":[{"text":"Hugo Moreau"}])", "name"), "Hugo Moreau");
  EXPECT_EQ(value_of("pwd=secret&x=1", "pwd"), "secret");
  EXPECT_EQ(value_of("<name>Hugo Moreau</name>", "name"), "Hugo Moreau");
  EXPECT_EQ(value_of(R"(<input name="pwd" value="secret">)", "pwd"), "secret");
  EXPECT_EQ(value_of("Name: Hugo Moreau\nTel", "Name"), "Hugo Moreau");
  EXPECT_EQ(value_of("<td>Name</td><td>Hugo Moreau</td>", "Name"), "Hugo Moreau");
  EXPECT_EQ(value_of("file name: report", "name"), "");
  EXPECT_EQ(value_of("file_name=report", "name"), "");
  EXPECT_EQ(value_of(R"({"name": "open)", "name"), "");
}

class NamerAndSink final : public ColumnNamer, public FieldSink {
 public:
  Column NameColumn(std::string_view name) noexcept override {
    Column c;
    if (name == "name") c.field_rule = 7;
    if (name != "id") c.words.Add(static_cast<std::uint16_t>(name.size()));
    return c;
  }
  void OnFieldValue(IdType, std::uint64_t begin, std::uint64_t end) noexcept override {
    fields.emplace_back(begin, end);
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> fields;
};

TEST(TableColumns, FollowsCsvWithQuotedCommas) {
  const std::string text = "id,name,phone\n1,\"Bell, Anna\",555\n2,Hugo,556\n";
  NamerAndSink both;
  TableColumns columns;
  ASSERT_TRUE(columns.BeginCsv(text.substr(0, text.find('\n')), text.find('\n'), both));
  columns.Advance(text, 0, text.find("555"), both);
  ASSERT_NE(columns.current(), nullptr);
  EXPECT_EQ(columns.current()->words.ids[0], 5);  // "phone"
  columns.Advance(text, 0, text.size(), both);
  columns.Finish(text.size(), both);
  ASSERT_EQ(both.fields.size(), 2u);
  EXPECT_EQ(text.substr(both.fields[0].first, both.fields[0].second - both.fields[0].first),
            "\"Bell, Anna\"");
}

TEST(TableColumns, FollowsSqlTuples) {
  const std::string list = "`id`,`name`,`phone`";
  const std::string text = " VALUES (1,'O\\'Hara (x), A',555),\n(2,'Hugo',556);";
  NamerAndSink both;
  TableColumns columns;
  ASSERT_TRUE(columns.BeginSql(list, 0, both));
  columns.Advance(text, 0, text.find("556"), both);
  ASSERT_NE(columns.current(), nullptr);
  EXPECT_EQ(columns.current()->words.ids[0], 5);
  EXPECT_EQ(both.fields.size(), 2u);
  columns.Advance(text, 0, text.size(), both);
  EXPECT_FALSE(columns.active());
}

TEST(TableColumns, ValuesAreNoHeader) {
  NamerAndSink both;
  TableColumns columns;
  EXPECT_FALSE(columns.BeginCsv("12345,anna@example.org,x", 24, both));
  EXPECT_FALSE(columns.BeginCsv("one field", 9, both));
}

}  // namespace
}  // namespace gander::identify
