// SPDX-License-Identifier: Apache-2.0
// One stretch of text that several rules fit is reported once, as what the evidence says it is; and the forms that
// templates and tokens can have.
#include "identify/support_rules.h"
#include "identify/value_template.h"

namespace gander::identify {
namespace {

CheckSource WeightsOf(std::vector<int> weights) {
  CheckSource s;
  s.kind = CheckSource::Kind::kWeights;
  s.weights = std::move(weights);
  s.moduli = {11};
  return s;
}

CheckSource FirstPlace(std::string chars) {
  CheckSource s;
  s.at = "1";
  s.chars = std::move(chars);
  return s;
}

RuleSource NationalNumber(std::string id, std::uint32_t sid, double chance, std::vector<std::string> context) {
  RuleSource r = MakeRule(std::move(id), sid, ShapeKind::kTemplate, "none");
  r.region = r.id.substr(0, 2) == "aa" ? "AA" : "BB";
  r.chance = chance;
  r.shape.templates = {"N{9}"};
  r.context = std::move(context);
  r.needs_context = true;
  r.match = {r.context[0] + " 123456789"};
  r.no_match = {"123456789"};
  return r;
}

RuleSource Shaped(std::string form, std::string match, std::string no_match) {
  RuleSource r = MakeRule("xx.shaped", 30, ShapeKind::kTemplate, "none");
  r.chance = 0.0001;
  r.shape.templates = {std::move(form)};
  r.shape.separators = {"", " "};
  r.match = {std::move(match)};
  r.no_match = {std::move(no_match)};
  return r;
}

class Readings : public ScannerTest {
 protected:
  std::vector<std::string> ScanWith(std::vector<RuleSource> rules, std::string_view text) {
    rules_ = CompileOrDie(std::move(rules));
    Scanner scanner{rules_, Options{}, HashKey{1, 2}};
    TextState state;
    return Describe(*rules_, ScanDocument(scanner, state, text));
  }
  std::vector<std::string> ScanTwo(std::string_view text) {
    return ScanWith({NationalNumber("aa.number", 20, 0.5, {"alpha number", "card"}),
                     NationalNumber("bb.number", 21, 0.1, {"beta number", "card", "alpha"})},
                    text);
  }
  using Found = std::vector<std::string>;
};

TEST_F(Readings, TheNearestWordDecides) {
  EXPECT_EQ(ScanTwo("beta number or alpha number 123456789"), Found{"aa.number@28+9"});
  EXPECT_EQ(ScanTwo("alpha number or beta number 123456789"), Found{"bb.number@28+9"});
}

TEST_F(Readings, TheLongerWordDecidesWhereOneLiesInTheOther) {
  EXPECT_EQ(ScanTwo("alpha number 123456789"), Found{"aa.number@13+9"});
  EXPECT_EQ(ScanTwo("alpha 123456789"), Found{"bb.number@6+9"});
}

TEST_F(Readings, TheStrongerTestDecidesBetweenEquals) {
  EXPECT_EQ(ScanTwo("card 123456789"), Found{"bb.number@5+9"});
}

TEST_F(Readings, TheCountrySpokenOfBeforeDecidesBetweenEquals) {
  EXPECT_EQ(ScanTwo("alpha number 987654321\ncard 123456789"), (Found{"aa.number@13+9", "aa.number@28+9"}));
}

TEST_F(Readings, WithoutAWordNoneOfThem) { EXPECT_EQ(ScanTwo("order 123456789"), Found{}); }

TEST_F(Readings, ALongerWordNamesWhatTheShorterInItsFrontNames) {
  EXPECT_EQ(ScanWith({NationalNumber("aa.number", 20, 0.5, {"alpha"}),
                      NationalNumber("bb.number", 21, 0.1, {"alpha code"})},
                     "alpha code is not needed; alpha code\n"),
            Found{});
  RuleSource other = NationalNumber("bb.number", 21, 0.1, {"alpha code"});
  other.shape.templates = {"N{8}"};
  other.match = {"alpha code 12345678"};
  EXPECT_EQ(ScanWith({NationalNumber("aa.number", 20, 0.5, {"alpha"}), other}, "alpha code 123456789"),
            Found{"aa.number@11+9"});
}

TEST_F(Readings, TimesAreNoNumbersOfPeopleUnlessAWordSaysSo) {
  RuleSource number = NationalNumber("aa.number", 20, 0.001, {"alpha"});
  number.needs_context = false;
  number.shape.templates = {"N{10}"};
  number.match = {"alpha 1707849145"};
  number.no_match = {"alpha 170784914"};
  EXPECT_EQ(ScanWith({number}, "t 1707849145, t 1707849152, t 1707849176, t 1707849199"), Found{});
  EXPECT_EQ(ScanWith({number}, "t 9707849145, t 9707849152, t 9707849176, t 9707849199").size(), 4u);
  EXPECT_EQ(ScanWith({number}, "1707849145"), Found{"aa.number@0+10"});
}

TEST_F(Readings, ChecksOfAPackAreRun) {
  RuleSource bsn = NationalNumber("nl.bsn", 22, 0.09, {"bsn"});
  bsn.checks = {WeightsOf({9, 8, 7, 6, 5, 4, 3, 2, -1})};
  bsn.match = {"bsn 465588505"};
  bsn.no_match = {"bsn 465588506"};
  EXPECT_EQ(ScanWith({bsn}, "bsn 465588505, bsn 465588506"), Found{"nl.bsn@4+9"});
}

TEST_F(Readings, OneValueManyTimesProvesNothingButManyDo) {
  RuleSource bsn = NationalNumber("nl.bsn", 22, 0.09, {"bsn"});
  bsn.needs_context = false;
  bsn.checks = {WeightsOf({9, 8, 7, 6, 5, 4, 3, 2, -1})};
  bsn.match = {"bsn 465588505"};
  bsn.no_match = {"bsn 465588506"};
  EXPECT_EQ(ScanWith({bsn}, "a 465588505, a 465588505, a 465588505, a 465588505, a 465588505, a 465588505"), Found{});
  EXPECT_EQ(ScanWith({bsn}, "a 945807302, a 229262193, a 100233077, a 465228173, a 877901260").size(), 5u);
}

TEST_F(Readings, WhatWasProvenOftenKeepsItsWordBesideARivals) {
  RuleSource free = NationalNumber("aa.number", 20, 0.01, {"card"});
  free.needs_context = false;
  free.no_match = {"12345678"};
  RuleSource rival = NationalNumber("bb.number", 21, 0.1, {"card", "beta number"});
  rival.match = {"beta number 123456789"};
  std::string rows = "name,card\n";
  for (int i = 0; i < 12; ++i) rows += "x," + std::to_string(135792468 + 1111 * i) + "\n";
  const Found found = ScanWith({free, rival}, rows);
  EXPECT_EQ(found.size(), 12u);
  for (const std::string& f : found) EXPECT_EQ(f.substr(0, 10), "aa.number@");
}

TEST_F(Readings, AFindingSaysWhy) {
  const auto reason_of = [&](const char* text) {
    const auto findings = ScanDocument(scanner_, state_, text);
    state_.Reset();
    return findings.empty() ? "" : std::string(NameOf(findings[0].reason));
  };
  EXPECT_EQ(reason_of("ssn 536-90-4399"), "a word beside it names it");
  EXPECT_EQ(reason_of("4716461583322103"), "the text is nothing but this value");
  EXPECT_EQ(reason_of("to DE89 3704 0044 0532 0130 00 now"), "its form is rare enough");
  EXPECT_EQ(reason_of("4716461583322103, 4929185433711420, 5500005555555559, 4556737586899855, 4024007103939509"),
            "more values like it pass than chance explains");
}

TEST_F(Readings, AWordNamesATokenToo) {
  RuleSource r = MakeRule("xx.plate", 31, ShapeKind::kToken, "none");
  r.chance = 0.5;
  r.shape.prefixes = {"京"};
  r.shape.alphabet = "A-Z0-9";
  r.shape.min_length = r.shape.max_length = 6;
  r.context = {"车牌", "plate"};
  r.needs_context = true;
  r.match = {"车牌: 京A12345"};
  r.no_match = {"京A12345"};
  EXPECT_EQ(ScanWith({r}, "{\"plate\":\"京A12345\"}"), Found{"xx.plate@10+9"});
  EXPECT_EQ(ScanWith({r}, "name,plate\nx,京A12345\ny,京B12345\n"), (Found{"xx.plate@13+9", "xx.plate@25+9"}));
  EXPECT_EQ(ScanWith({r}, "name,road\nx,京A12345\n"), Found{});
}

// Spaced as the writer liked: a key must name it, and check digits must prove it.
TEST_F(Readings, LooselySpacedValuesBehindTheirKey) {
  RuleSource r = NationalNumber("aa.number", 20, 0.1, {"alpha number"});
  r.checks = {WeightsOf({1, 2, 3, 4, 5, 6, 7, 8, 9})};  // 123456784: 240 = 11 * 21 + 9
  r.checks[0].rest = 9;
  r.match = {"alpha number 123456784"};
  r.no_match = {"alpha number 123456785"};
  const auto read = [&](const char* text) { return ScanWith({r}, text); };
  EXPECT_EQ(read("alpha number: 1 2 3 4 5 6 7 8 4"), Found{"aa.number@14+17"});
  EXPECT_EQ(read("alpha number: 12345678 - 4"), Found{"aa.number@14+12"});
  EXPECT_EQ(read("alpha_number=12 345.678-4\n"), Found{"aa.number@13+12"});
  EXPECT_EQ(read("alpha number: 12345678  4 of it"), Found{"aa.number@14+11"});
  EXPECT_EQ(read("alpha number: 1 2 3 4 5 6 7 8 5"), Found{}) << "a wrong check digit";
  EXPECT_EQ(read("alpha number 1 2 3 4 5 6 7 8 4"), Found{}) << "no key";
  EXPECT_EQ(read("other number: 1 2 3 4 5 6 7 8 4"), Found{});
  EXPECT_EQ(read("1 2 3 4 5 6 7 8 4"), Found{}) << "it needs its word";
  r.chance = 0.5;
  EXPECT_EQ(read("alpha number: 12345678 - 4"), Found{}) << "its check proves too little";
  r.chance = 0.1;
  r.needs_context = false;
  r.no_match = {"123456785"};
  EXPECT_EQ(read("1 2 3 4 5 6 7 8 4"), Found{"aa.number@0+17"}) << "nothing else in the text";
  EXPECT_EQ(read("x 1 2 3 4 5 6 7 8 4"), Found{});
}

// "passport" is any country's: whose language it is comes first.
TEST_F(Readings, AForeignWordSaysLess) {
  const auto read = [&](const char* text) {
    RuleSource own = NationalNumber("aa.number", 20, 0.9, {"paper"});
    RuleSource other = NationalNumber("bb.number", 21, 0.2, {"papier", "paper"});
    other.foreign = {"paper"};
    return ScanWith({own, other}, text);
  };
  EXPECT_EQ(read("paper: 123456789"), Found{"aa.number@7+9"});
  EXPECT_EQ(read("papier: 123456789"), Found{"bb.number@8+9"});
}

TEST_F(Readings, AFieldMayBeATextOfItsOwn) {
  RuleSource r = MakeRule("xx.register", 33, ShapeKind::kField, "none");
  r.chance = 0.1;
  r.checks = {FirstPlace("A")};
  r.context = {"register"};
  r.match = {"register: A-12"};
  r.no_match = {"register: B-12"};
  EXPECT_EQ(ScanWith({r}, "A-12"), Found{});
  r.stands_alone = true;
  EXPECT_EQ(ScanWith({r}, "A-12"), Found{"xx.register@0+4"});
  EXPECT_EQ(ScanWith({r}, "B-12"), Found{});
}

// Two numbers that pass a test by chance stand in many a list of a hundred rules; three do not.
TEST_F(Readings, TwoInARowProveOnlyWhatIsRare) {
  const auto read = [&](double chance, const char* text) {
    RuleSource r = NationalNumber("aa.number", 20, chance, {"alpha number"});
    r.needs_context = false;
    r.no_match = {"12345678"};
    return ScanWith({r}, text).size();
  };
  EXPECT_EQ(read(0.01, "limit = 123456789\nlimit = 135792468\n"), 0u);
  EXPECT_EQ(read(0.01, "limit = 123456789\nlimit = 135792468\nlimit = 246813579\n"), 3u);
  EXPECT_EQ(read(0.001, "limit = 123456789\nlimit = 135792468\n"), 2u);
}

// Two countries share a scheme: which one is told by what their numbers begin with as a rule.
TEST_F(Readings, WhatIsTypicalDecidesBetweenEquals) {
  const auto read = [&](const std::string& text) {
    RuleSource one = NationalNumber("aa.number", 20, 0.01, {"alpha number"});
    RuleSource two = NationalNumber("bb.number", 21, 0.01, {"beta number"});
    for (RuleSource* r : {&one, &two}) {
      r->needs_context = false;
      r->no_match = {"12345678"};
    }
    two.match = {"beta number 723456789"};
    two.typical = {FirstPlace("7-9")};
    return ScanWith({one, two}, text);
  };
  EXPECT_EQ(read("123456789"), Found{"aa.number@0+9"});
  EXPECT_EQ(read("723456789"), Found{"bb.number@0+9"});
  EXPECT_EQ(read("alpha number 723456789"), Found{"aa.number@13+9"}) << "a word says more";
}

// New numbers of a scheme have no check digit: without a word only old ones are known.
TEST_F(Readings, AWordSparesAValueSomeChecks) {
  RuleSource r = NationalNumber("aa.number", 20, 0.001, {"alpha number"});
  r.needs_context = false;
  r.unnamed_checks = {FirstPlace("1")};
  r.no_match = {"223456789"};
  EXPECT_EQ(ScanWith({r}, "123456789"), Found{"aa.number@0+9"});
  EXPECT_EQ(ScanWith({r}, "223456789"), Found{});
  EXPECT_EQ(ScanWith({r}, "alpha number 223456789"), Found{"aa.number@13+9"});
  r.shape.kind = ShapeKind::kField;
  EXPECT_FALSE(RuleSet::Compile({r})) << "only of templates";
}

TEST_F(Readings, ASentenceMayNameItsValueBehindIt) {
  const auto rules = [] { return std::vector{NationalNumber("aa.number", 20, 0.5, {"alpha number"})}; };
  EXPECT_EQ(ScanWith(rules(), "123456789 is my alpha number."), Found{"aa.number@0+9"});
  // What is behind a colon is named by it, not what is before it.
  EXPECT_EQ(ScanWith(rules(), "total 123456789 of alpha number: 987654321"), Found{"aa.number@33+9"});
  EXPECT_EQ(ScanWith(rules(), "total 123456789 of\nalpha number"), Found{});
}

TEST_F(Readings, ALetterWhoseFirstLineHasACommaIsNoTable) {
  EXPECT_EQ(ScanTwo("Dear Anna, my card was lost\nalpha number: 123456789\n"), Found{"aa.number@42+9"});
  EXPECT_EQ(ScanTwo("alpha number,beta number\n123456789,987654321\n"),
            (Found{"aa.number@25+9", "bb.number@35+9"}));
}

TEST_F(Readings, AWordThatEndsInLettersBesideTheValueIsRead) {
  RuleSource lettered = NationalNumber("bb.number", 21, 0.1, {"beta"});
  lettered.shape.templates = {"AA N{9}"};
  lettered.match = {"beta AB 123456789"};
  EXPECT_EQ(ScanWith({NationalNumber("aa.number", 20, 0.5, {"alpha-id"}), lettered}, "alpha-ID 123456789"),
            Found{"aa.number@9+9"});
}

TEST_F(Readings, AsManyRulesAsAWorldNeeds) {
  std::vector<RuleSource> rules;
  for (std::uint32_t i = 0; i < 600; ++i) {
    const std::string word = {'w', 'o', 'r', 'd', static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26)};
    rules.push_back(NationalNumber("aa.number_" + std::to_string(i), 100 + i, 0.1, {word}));
  }
  EXPECT_EQ(ScanWith(rules, "wordza 111222333, wordaw 444555666, wordmm 777888999"),
            (Found{"aa.number_25@7+9", "aa.number_572@25+9", "aa.number_324@43+9"}));
}

TEST_F(Readings, FormsWithFixedLettersOptionalPartsAndCounts) {
  EXPECT_EQ(ScanWith({Shaped("che-NNN.NNN.NNN[ mwst]", "CHE-123.456.789", "CHF-123.456.789")}, "che-123.456.789 MWST"),
            Found{"xx.shaped@0+20"});
  EXPECT_EQ(ScanWith({Shaped("N{2,3}/N{6}", "12/123456", "1/123456")}, "123/123456"), Found{"xx.shaped@0+10"});
  // Letters in the middle part what would be two chains of words with digits.
  EXPECT_EQ(ScanWith({Shaped("NN NNNNNN A NNN", "65 180267 B 002", "65 180267 2 002")}, "no. 65 180267 B 002."),
            Found{"xx.shaped@4+15"});
  EXPECT_EQ(ScanWith({Shaped("ANNNNNN(X)", "A123456(3)", "A123456[3]")}, "id A123456(3), A123456(34)"),
            Found{"xx.shaped@3+10"});
  EXPECT_EQ(ScanWith({Shaped("AN NAA", "M1 1AA", "M1 1A1")}, "to M1 1AA now"), Found{"xx.shaped@3+6"});
}

TEST_F(Readings, AFieldsFormsTellWhereItsValueEnds) {
  RuleSource plate = MakeRule("xx.plate", 31, ShapeKind::kField, "none");
  plate.shape.templates = {"A{1,3}-A[A] N{1,4}"};
  plate.context = {"plate"};
  plate.region = "XX";  // in running text only names of one country's numbers are looked for
  plate.match = {"plate: B-AB 12"};
  plate.no_match = {"plate: broken"};
  EXPECT_EQ(ScanWith({plate}, "plate: B-AB 1234 seen"), Found{"xx.plate@7+9"});
  EXPECT_EQ(ScanWith({plate}, "the plate HH-A 1 was seen"), Found{"xx.plate@10+6"});
  EXPECT_EQ(ScanWith({plate}, "{\"plate\": \"HH-A 1\", \"n\": 5}"), Found{"xx.plate@11+6"});
}

TEST(ExpandTemplate, RefusesWhatIsNotWrittenSo) {
  for (const char* bad : {"N[N", "N]", "{3}", "N{0}", "N{3,2}", "N{3", "N{99}", "(N)", "N(N", "N(N)N",
                          "[N][N][N][N][N][N][N][N][N]"}) {
    std::vector<std::string> forms;
    EXPECT_NE(ExpandTemplate(bad, {}, forms), "") << bad;
  }
}

RuleSource PaymentAddress() {
  RuleSource r = MakeRule("xx.address", 31, ShapeKind::kToken, "none");
  r.self_evident = true;
  r.shape.prefixes = {"@upi", "@okbank"};
  r.shape.alphabet = "A-Za-z0-9-";
  r.shape.lead = "A-Za-z0-9._-";
  r.shape.min_lead = 3;
  r.shape.max_lead = 8;
  r.match = {"ada@upi"};
  r.no_match = {"@upi"};
  return r;
}

TEST_F(Readings, WhatLeadsATokenBelongsToIt) {
  const auto scan = [&](std::string_view text) { return ScanWith({PaymentAddress()}, text); };
  EXPECT_EQ(scan("pay a.b-c@okbank, please"), Found{"xx.address@4+12"});
  EXPECT_EQ(scan("to ada_1@upi."), Found{"xx.address@3+9"});
  EXPECT_EQ(scan("..ada@upi"), Found{"xx.address@2+7"});
  EXPECT_TRUE(scan("ad@upi ab@okbank").empty()) << "too short";
  EXPECT_TRUE(scan("ada45678x@upi").empty()) << "too long";
  EXPECT_TRUE(scan("ada@upi.example ada@upi-1 ada@upix").empty()) << "goes on";
}

TEST_F(Readings, ATokenSaysHowMuchMayLeadIt) {
  for (const auto& [low, high] : {std::pair{0u, 8u}, {9u, 8u}, {1u, 65u}}) {
    RuleSource r = PaymentAddress();
    r.shape.min_lead = low;
    r.shape.max_lead = high;
    EXPECT_FALSE(RuleSet::Compile({r})) << low << ".." << high;
  }
}

}  // namespace
}  // namespace gander::identify
