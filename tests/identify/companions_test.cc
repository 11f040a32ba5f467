// SPDX-License-Identifier: Apache-2.0
// Values that count only beside another kind of value, and values that give way to another rule's reading.
#include "identify/companions.h"

#include <algorithm>
#include <gmock/gmock.h>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

using Found = std::vector<std::string>;

RuleSource Code() {
  RuleSource r = MakeRule("xx.code", 40, ShapeKind::kField, "none");
  r.shape.templates = {"NNN"};
  r.shape.alphabet = "0-9";
  r.context = {"cvv"};
  r.needs_context = true;
  r.identifies_person = false;
  r.secret = true;
  r.needs = {"global.payment_card", "xx.not_loaded"};
  r.needs_within = 40;
  r.match = {"cvv: 123, card 4716461583322103"};
  r.no_match = {"cvv: 123"};
  return r;
}

// Of no country; yields to `Country`.
RuleSource Paper() {
  RuleSource r = MakeRule("xx.paper", 41, ShapeKind::kField, "none");
  r.shape.templates = {"AN{8}", "N{9}"};
  r.context = {"passport"};
  r.needs_context = true;
  r.yields = true;
  r.match = {"passport: A12345678"};
  r.no_match = {"A12345678"};
  return r;
}

RuleSource Country() {
  RuleSource r = MakeRule("aa.paper", 42, ShapeKind::kTemplate, "none");
  r.shape.templates = {"N{9}"};
  r.context = {"passport"};
  r.needs_context = true;
  r.match = {"passport: 123456789"};
  r.no_match = {"123456789"};
  return r;
}

class CompanionsTest : public ScannerTest {
 protected:
  CompanionsTest() : set_(CompileOrDie(Sources())) {}
  static std::vector<RuleSource> Sources() {
    std::vector<RuleSource> sources = TestRules();
    for (const auto& r : {Paper(), Country(), Code()}) sources.push_back(r);
    return sources;
  }
  Found Of(std::string_view text, const char* beginning) {
    Scanner scanner(set_, Options{}, HashKey{1, 2});
    TextState state;
    Found found = Describe(*set_, ScanDocument(scanner, state, text));
    std::erase_if(found, [&](const std::string& f) { return !f.starts_with(beginning); });
    return found;
  }
  std::shared_ptr<const RuleSet> set_;
};

TEST_F(CompanionsTest, ACodeCountsBesideACardAlone) {
  EXPECT_EQ(Of("{\"cvv\":\"123\"}", "xx.code"), Found{});
  EXPECT_EQ(Of("{\"card\":\"4716461583322103\",\"cvv\":\"123\"}", "xx.code"), Found{"xx.code@34+3"});
  EXPECT_EQ(Of("{\"cvv\":\"123\",\"card\":\"4716461583322103\"}", "xx.code"), Found{"xx.code@8+3"});
  EXPECT_EQ(Of("{\"cvv\":\"123\",\"card\":\"4716461583322104\"}", "xx.code"), Found{}) << "no card: a digit is wrong";
  EXPECT_EQ(Of("{\"cvv\":\"123\",\"email\":\"a@example.org\"}", "xx.code"), Found{}) << "another kind of value";
}

TEST_F(CompanionsTest, NearIsWhatTheRuleSays) {
  const auto with_gap = [](std::size_t gap) {
    return "card 4716461583322103" + std::string(gap - 5, ' ') + "cvv: 123";
  };
  EXPECT_EQ(Of(with_gap(40), "xx.code").size(), 1u);
  EXPECT_EQ(Of(with_gap(41), "xx.code").size(), 0u);
}

TEST_F(CompanionsTest, ACardThatChanceExplainsWillDo) {
  // By itself the number would wait for more like it.
  EXPECT_EQ(Of("of 4716461583322103, cvv=123 it", "xx.code").size(), 1u);
}

TEST_F(CompanionsTest, TheReadingOfACountryIsTheOneThatIsReported) {
  EXPECT_EQ(Of("passport: 123456789", ""), Found{"aa.paper@10+9"});
  EXPECT_EQ(Of("passport: A12345678", ""), Found{"xx.paper@10+9"});
  EXPECT_EQ(Of("name,passport\nx,123456789\ny,A12345678\n", ""), (Found{"aa.paper@16+9", "xx.paper@28+9"}));
}

// Findings with their places, whatever the order in which they are told.
Found InPieces(const std::shared_ptr<const RuleSet>& rules, const std::string& text, std::size_t cut) {
  struct Sink final : FindingSink {
    void OnFinding(const Finding& f) noexcept override { findings.push_back(f); }
    std::vector<Finding> findings;
  } sink;
  Scanner scanner(rules, Options{}, HashKey{1, 2});
  TextState state;
  for (std::size_t at = 0; at < text.size(); at += cut) {
    const std::string part = text.substr(at, cut);
    content::TextPiece piece;
    piece.text = AsBytes(part);
    piece.offset = at;
    piece.first = at == 0;
    piece.last = at + part.size() == text.size();
    scanner.Scan(state, piece, sink);
  }
  Found found = Describe(*rules, sink.findings);
  std::sort(found.begin(), found.end());
  return found;
}

TEST_F(CompanionsTest, CutsChangeNothing) {
  std::string text = "name,passport,card,cvv\n";
  for (int i = 0; i < 40; ++i) {
    text += "x," + std::string(i % 3 == 0 ? "A12345678" : "123456789") + ",4716 4615 8332 2103," +
            std::to_string(100 + i) + "\n";
    if (i % 7 == 0) text += std::string(static_cast<std::size_t>(60 * i), '.') + "\n\"cvv\":\"987\"\n";
  }
  const Found whole = InPieces(set_, text, text.size());
  const auto codes = std::count_if(whole.begin(), whole.end(), [](const auto& f) { return f.starts_with("xx.code"); });
  EXPECT_GE(codes, 40);
  for (const std::size_t cut : {1u, 7u, 64u, 333u, 1000u}) EXPECT_EQ(InPieces(set_, text, cut), whole) << cut;
}

// More at once than a text may keep open: what comes on top is decided as it stands.
TEST_F(CompanionsTest, WhatWaitsIsBounded) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "cvv=123&";
  EXPECT_EQ(Of(text, "xx.code"), Found{});
  EXPECT_EQ(Of(text + "card 4716461583322103", "xx.code").size(), 5u);
}

TEST_F(CompanionsTest, MasksAskForNoCompanion) {
  Scanner scanner(set_, Options{}, HashKey{1, 2});
  std::string masked;
  scanner.MaskText("cvv=123", false, masked);
  EXPECT_EQ(masked.find("123"), std::string::npos) << masked;
}

TEST_F(CompanionsTest, WhatIsNeededMustBeThere) {
  RuleSource alone = Code();
  const auto of_none = RuleSet::Compile({alone});
  ASSERT_FALSE(of_none);
  EXPECT_THAT(of_none.error().ToString(), ::testing::HasSubstr("none of the rules it needs"));
  alone.needs_within = 257;
  std::vector<RuleSource> far = TestRules();
  far.push_back(alone);
  const auto too_far = RuleSet::Compile(far);
  ASSERT_FALSE(too_far);
  EXPECT_THAT(too_far.error().ToString(), ::testing::HasSubstr("needs_within"));
}

}  // namespace
}  // namespace gander::identify
