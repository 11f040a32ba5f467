// SPDX-License-Identifier: Apache-2.0
// What is shown of the text around its first value: nothing of it unmasked, and the same wherever the text was cut.
#include <algorithm>
#include <random>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

struct Told {
  std::uint64_t offset = 0;
  std::string text;
  bool operator==(const Told&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Told& told) { return out << told.offset << ": " << told.text; }

class Reader final : public FindingSink {
 public:
  void OnFinding(const Finding& f) noexcept override { findings.push_back(f); }
  void OnOwner(void* owner) noexcept override { owner_ = owner; }
  bool WantsExcerpt(const Finding&) noexcept override { return wants; }
  void OnExcerpt(const Finding& first, std::string_view text) noexcept override {
    told.push_back({first.offset, std::string(text)});
    owners.push_back(owner_);
  }
  std::vector<Finding> findings;
  std::vector<Told> told;
  std::vector<void*> owners;
  bool wants = true;

 private:
  void* owner_ = nullptr;
};

class Excerpts : public testing::Test {
 protected:
  static Options With(std::uint32_t bytes, bool raw = false) {
    Options options;
    options.excerpt_bytes = bytes;
    options.excerpt_raw = raw;
    return options;
  }

  static content::TextPiece Piece(std::string_view text, std::uint64_t offset, bool first, bool last) {
    content::TextPiece piece;
    piece.text = AsBytes(text);
    piece.offset = offset;
    piece.first = first;
    piece.last = last;
    return piece;
  }

  // In pieces that end at `cuts` and at the end; staged, or scanned as they come.
  std::vector<Told> Read(Scanner& scanner, const std::string& text, std::vector<std::size_t> cuts = {},
                         bool stage = false) {
    TextState state;
    return ReadNext(scanner, state, text, std::move(cuts), stage);
  }

  std::vector<Told> ReadNext(Scanner& scanner, TextState& state, const std::string& text,
                             std::vector<std::size_t> cuts = {}, bool stage = false) {
    Reader reader;
    cuts.push_back(text.size());
    std::size_t begin = 0;
    for (const std::size_t end : cuts) {
      // Memory of its own, so that a read outside is seen by the sanitizer.
      const std::string bytes = text.substr(begin, end - begin);
      const content::TextPiece piece = Piece(bytes, begin, begin == 0, end == text.size());
      stage ? scanner.Stage(state, piece, &reader, reader) : scanner.Scan(state, piece, reader);
      begin = end;
    }
    return reader.told;
  }

  std::shared_ptr<const RuleSet> rules_ = CompileOrDie(TestRules());
  Scanner scanner_{rules_, With(64), HashKey{1, 2}};
};

const std::string kFar(400, '.');

TEST_F(Excerpts, AreMasked) {
  const auto told = Read(scanner_, "Dear colleague, ssn 536-90-4399 of maria.garcia@mail.example.de, case 12345678.");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].offset, 20u);
  EXPECT_EQ(told[0].text, "Dear colleague, ssn 5·········9 of m················e, case 1······8.");
}

TEST_F(Excerpts, AreAsSeenWhereTheOperatorSaysSo) {
  Scanner raw(rules_, With(16, true), HashKey{1, 2});
  const auto told = Read(raw, kFar + " the ssn 536-90-4399, of whom else? " + kFar);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].text, "....... the ssn 536-90-4399, of whom else? ");
}

TEST_F(Excerpts, NobodyIsToldUnlessAsked) {
  Scanner off(rules_, Options{}, HashKey{1, 2});
  EXPECT_TRUE(Read(off, "ssn 536-90-4399").empty());
  Reader reader;
  reader.wants = false;
  TextState state;
  scanner_.Scan(state, Piece("ssn 536-90-4399", 0, true, true), reader);
  EXPECT_EQ(reader.findings.size(), 1u);
  EXPECT_TRUE(reader.told.empty());
  EXPECT_TRUE(Read(scanner_, "nothing of anybody, 1234567890").empty());
}

// Named by a column that stands far before, it says nothing by itself.
TEST_F(Excerpts, WhatAColumnNamesIsMaskedToo) {
  std::string rows = "order,name,email\n";
  for (int i = 0; i < 60; ++i) rows += "11,,\n";
  rows += "12,Hugo Moreau,hugo@example.org\n9,Anna Bell,anna@example.org\n";
  Reader reader;
  TextState state;
  Scanner wide(rules_, With(128), HashKey{1, 2});
  wide.Scan(state, Piece(rows, 0, true, true), reader);
  ASSERT_EQ(reader.told.size(), 1u);
  for (const char* value : {"Hugo", "Moreau", "hugo", "Anna", "Bell", "anna"}) {
    EXPECT_EQ(reader.told[0].text.find(value), std::string::npos) << reader.told[0].text;
  }
  EXPECT_NE(reader.told[0].text.find("\n9,"), std::string::npos) << reader.told[0].text;
}

// It waits for the card beside it, is told late and is too short for anybody to know it by its form.
TEST_F(Excerpts, ShortNumbersThatAColumnNamesAreMaskedToo) {
  std::vector<RuleSource> sources = TestRules();
  RuleSource code = MakeRule("xx.code", 40, ShapeKind::kField, "none");
  code.shape.templates = {"NNN"};
  code.shape.alphabet = "0-9";
  code.context = {"cvv"};
  code.needs_context = code.secret = true;
  code.needs = {"global.payment_card"};
  code.needs_within = 40;
  code.match = {"cvv: 123, card 4716461583322103"};
  code.no_match = {"cvv: 123"};
  sources.push_back(code);
  std::string rows = "order,card,cvv\n";
  for (int i = 0; i < 60; ++i) rows += "11,,\n";
  rows += "12,4716461583322103,491\n7,4716221051885662,357\n";
  Reader reader;
  TextState state;
  Scanner scanner(CompileOrDie(sources), With(64), HashKey{1, 2});
  scanner.Scan(state, Piece(rows, 0, true, true), reader);
  EXPECT_EQ(reader.findings.size(), 4u);
  ASSERT_EQ(reader.told.size(), 1u);
  EXPECT_EQ(reader.told[0].text.find("491"), std::string::npos) << reader.told[0];
  EXPECT_EQ(reader.told[0].text.find("357"), std::string::npos) << reader.told[0];
  EXPECT_NE(reader.told[0].text.find("\n7,"), std::string::npos) << reader.told[0];
}

// What a flow's earlier texts held back is told when a later one proves it; it may have stood at the same places.
TEST_F(Excerpts, OfTheTextThatProvesNotOfThoseThatWaited) {
  const auto text_with = [](const std::vector<std::string>& cards) {
    std::string text = kFar;
    for (const std::string& card : cards) text += " " + card + " " + kFar + kFar;
    return text;
  };
  const std::string texts[] = {text_with({"4716461583322103", "4716221051885662", "4716467293851679"}),
                               text_with({"4532015112830366", "5425233430109903", "4532017293847565"})};
  const auto read = [&](std::vector<std::size_t> cuts, bool stage) {
    TextState state;
    EXPECT_TRUE(ReadNext(scanner_, state, texts[0], cuts, stage).empty());
    return ReadNext(scanner_, state, texts[1], cuts, stage);
  };
  const auto whole = read({}, false);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].offset, kFar.size() + 1);
  for (std::size_t cut = 1; cut < texts[0].size(); cut += 3) {
    ASSERT_EQ(read({cut}, cut % 2 == 0), whole) << "cut at " << cut;
  }
}

// A column's value is told when it ends, which may be behind all that is shown.
TEST_F(Excerpts, NoHalfOfAFieldAtTheEnd) {
  Scanner wide(rules_, With(256), HashKey{1, 2});
  for (std::size_t gap = 200; gap < 330; gap += 3) {
    std::string text = "ssn,note,name\n536-90-4399," + std::string(gap, '.') + ",Anna Maria Bell-Moreau\n";
    text += kFar + "\n";
    const auto whole = Read(wide, text);
    ASSERT_EQ(whole.size(), 1u);
    for (const char* part : {"Anna", "Maria", "Bell", "Moreau"}) {
      EXPECT_EQ(whole[0].text.find(part), std::string::npos) << whole[0];
    }
    for (std::size_t cut = 1; cut < text.size(); cut += 2) {
      ASSERT_EQ(Read(wide, text, {cut}), whole) << "gap " << gap << ", cut at " << cut;
    }
  }
}

// A value that an edge cuts in two is known by no rule: wherever the edge comes to lie, none of its halves is shown.
TEST_F(Excerpts, NoHalfOfAValueAtTheEdges) {
  for (const std::string value : {"4716 2210 5188 5662", "4716221051885662", "anna.bell@example.org", "ssn 536-90-4399",
                                  "DE89 3704 0044 0532 0130 00", "+49 152 720 43033"}) {
    for (std::size_t gap = 20; gap < 75; ++gap) {
      const std::string between(gap, '.');
      const std::string text =
          kFar + " 4716 2210 5188 5662 " + between + " ssn 536-90-4398 " + between + " " + value + " " + kFar;
      const auto told = Read(scanner_, text);
      ASSERT_EQ(told.size(), 1u);
      EXPECT_EQ(told[0].offset, text.find("536-90-4398"));
      EXPECT_LE(std::count_if(told[0].text.begin(), told[0].text.end(), [](char c) { return c >= '0' && c <= '9'; }), 6)
          << told[0];  // the ends of masks
      EXPECT_EQ(told[0].text.find("bell"), std::string::npos) << told[0];
      EXPECT_EQ(told[0].text.find("exam"), std::string::npos) << told[0];
    }
  }
}

TEST_F(Excerpts, EveryCutOfAText) {
  const std::string text = kFar + "\nname,card,email\nHugo Moreau,4716 2210 5188 5662,hugo@example.org\nAnna Bell," +
                           "4716461583322103,anna@example.org\nssn 536-90-4399 and some words " + kFar;
  const auto whole = Read(scanner_, text);
  ASSERT_EQ(whole.size(), 1u);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    ASSERT_EQ(Read(scanner_, text, {cut}), whole) << "cut at " << cut;
    ASSERT_EQ(Read(scanner_, text, {cut}, true), whole) << "staged, cut at " << cut;
  }
}

TEST_F(Excerpts, ManyCutsOfLongTexts) {
  std::mt19937 random(3);
  const char* const parts[] = {"some words and a time 12:30:05 ", "ssn 536-90-4399 ", "maria.garcia@mail.example.de, ",
                               "card 4716461583322103\n", "4716 2210 5188 5662 ", "214740617;", "+49 152 720 43033\t",
                               "{\"name\":\"Hugo Moreau\"} ", "card 𝟒𝟕𝟏𝟔\u00ad४६१५ 8332－2103 ",
                               "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N "};
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 700, '-');
    const std::size_t size = 500 + random() % 20000;
    while (text.size() < size) text += parts[random() % std::size(parts)];
    const auto whole = Read(scanner_, text);
    ASSERT_EQ(whole.size(), 1u);
    std::vector<std::size_t> cuts;
    const std::size_t step = 1 + random() % 2000;
    for (std::size_t at = 1 + random() % step; at < text.size(); at += 1 + random() % step) cuts.push_back(at);
    ASSERT_EQ(Read(scanner_, text, cuts, round % 2 == 0), whole) << "round " << round;
  }
}

TEST_F(Excerpts, OfWhatWasStagedInTheNameOfItsOwner) {
  Reader reader;
  TextState first, second;
  int a = 0, b = 0;
  scanner_.Stage(first, Piece("ssn 536-90-4399 and more ", 0, true, false), &a, reader);
  scanner_.Stage(second, Piece("card 4716461583322103 ", 0, true, false), &b, reader);
  scanner_.Stage(second, Piece("end", 22, false, true), &b, reader);
  scanner_.Stage(first, Piece("end", 25, false, true), &a, reader);
  ASSERT_EQ(reader.told.size(), 2u);
  EXPECT_EQ(reader.owners, (std::vector<void*>{&b, &a}));
  EXPECT_EQ(reader.told[0].text, "card 4··············3 end");
  EXPECT_EQ(reader.told[1].text, "ssn 5·········9 and more end");
}

// Masking in the middle of a scan changes nothing of what is found, nor of what is counted.
TEST_F(Excerpts, FindingsStayWhatTheyWere) {
  Scanner off(rules_, Options{}, HashKey{1, 2});
  std::string text;
  for (int i = 0; i < 900; ++i) text += "ssn 536-90-4399, 4716 2210 5188 5662; anna@example.org ... ";
  Reader with, without;
  TextState one, other;
  for (std::size_t at = 0; at < text.size(); at += 700) {
    const std::string_view piece = std::string_view(text).substr(at, 700);
    scanner_.Scan(one, Piece(piece, at, at == 0, at + 700 >= text.size()), with);
    off.Scan(other, Piece(piece, at, at == 0, at + 700 >= text.size()), without);
  }
  EXPECT_EQ(with.told.size(), 1u);
  EXPECT_EQ(Describe(*rules_, with.findings), Describe(*rules_, without.findings));
  for (const auto& name : Counters::kNames) {
    EXPECT_EQ(scanner_.counters().*(name.cell), off.counters().*(name.cell)) << name.name;
  }
}

}  // namespace
}  // namespace gander::identify
