// SPDX-License-Identifier: Apache-2.0
// What is not scanned again must come out as if it were.
#include "identify/barren_texts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

std::shared_ptr<const RuleSet> FieldRules() {
  static const auto kRules = CompileOrDie(TestRules());
  return kRules;
}

content::TextPiece FieldPiece(const std::string& text, const std::string& name = {}) {
  content::TextPiece piece;
  piece.text = AsBytes(text);
  piece.name = name;
  return piece;
}

std::vector<std::uint64_t> Cells(const Counters& counters) {
  std::vector<std::uint64_t> cells;
  for (const auto& name : Counters::kNames) cells.push_back(counters.*name.cell);
  return cells;
}

const std::vector<std::pair<std::string, std::string>>& Fields() {
  static const std::vector<std::pair<std::string, std::string>> kFields = {
      {"", "www.example.org"},     {"", "4111 1111 1111 1112"}, {"card", "4111 1111 1111 1112"},
      {"", "5500005555555559"},    {"card", "5500005555555559"}, {"ua", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)"},
      {"", "ana.kovac@posteo.de"}, {"host", "ana.kovac@posteo.de"}, {"", "12:34:56.789 10.1.2.3 4520 4518"}};
  return kFields;
}

TEST(BarrenTexts, AFieldSeenAgainIsTold) {
  Scanner twice(FieldRules(), {}, {1, 2}), fresh(FieldRules(), {}, {1, 2});
  std::size_t found = 0;
  for (int round = 0; round < 3; ++round) {
    for (const auto& [name, text] : Fields()) {
      Collector told, wanted;
      const auto before = Cells(twice.counters()), fresh_before = Cells(fresh.counters());
      twice.ScanAlone(FieldPiece(text, name), told);
      TextState state;
      fresh.Scan(state, FieldPiece(text, name), wanted);
      ASSERT_EQ(told.findings.size(), wanted.findings.size()) << name << " " << text << " round " << round;
      for (std::size_t i = 0; i < told.findings.size(); ++i) {
        EXPECT_EQ(told.findings[i].tag, wanted.findings[i].tag);
        EXPECT_EQ(told.findings[i].evidence, wanted.findings[i].evidence);
      }
      found += told.findings.size();
      EXPECT_EQ(Cells(twice.counters()), Cells(fresh.counters())) << name << " " << text << " round " << round;
    }
  }
  EXPECT_GE(found, 9u);
}

TEST(BarrenTexts, OnlyWhatHeldNothingIsRemembered) {
  BarrenTexts texts({3, 4});
  Counters before{}, after{}, seen{};
  after.texts = 1;
  after.candidates = 2;
  after.rejected_validator = 2;
  const std::uint64_t tag = texts.TagOf("one", "");
  EXPECT_FALSE(texts.Knows(tag, seen));
  texts.Note(tag, before, after);
  EXPECT_TRUE(texts.Knows(tag, seen));
  EXPECT_EQ(seen.candidates, 2u);
  EXPECT_EQ(seen.rejected_validator, 2u);
  EXPECT_EQ(seen.texts, 0u);
  for (std::uint64_t Counters::*cell : {&Counters::unproven, &Counters::counted, &Counters::test_values,
                                        &Counters::allowed, &Counters::alone}) {
    Counters more = after;
    more.*cell = 1;
    const std::uint64_t other = texts.TagOf("two", "");
    texts.Note(other, before, more);
    EXPECT_FALSE(texts.Knows(other, seen));
  }
  Counters many = after;
  many.candidates = 256;
  texts.Note(texts.TagOf("three", ""), before, many);
  EXPECT_FALSE(texts.Knows(texts.TagOf("three", ""), seen));
}

TEST(BarrenTexts, NameAndTextAreToldApart) {
  BarrenTexts texts({3, 4});
  EXPECT_NE(texts.TagOf("a", "b"), texts.TagOf("b", "a"));
  EXPECT_NE(texts.TagOf("a", ""), texts.TagOf("a", "a"));
  EXPECT_EQ(texts.TagOf("a", "b"), texts.TagOf("a", "b"));
  EXPECT_FALSE(BarrenTexts::Takes(""));
  EXPECT_FALSE(BarrenTexts::Takes(std::string(BarrenTexts::kLongest + 1, 'a')));
}

}  // namespace
}  // namespace gander::identify
