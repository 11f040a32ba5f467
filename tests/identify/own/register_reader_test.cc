// SPDX-License-Identifier: Apache-2.0
// What an operator's registers find in texts, what an allow-list leaves out, and that neither changes anything else.
#include <algorithm>
#include <random>

#include "identify/own/register_maker.h"
#include "identify/support_rules.h"

namespace gander::identify {
namespace {

using Found = std::vector<std::string>;

std::shared_ptr<const Register> RegisterOf(const std::vector<std::string>& values, RegisterForm form = RegisterForm::kId,
                                           std::uint32_t width = 8) {
  RegisterMaker maker({.column = "v", .form = form, .width = width, .file = ""}, HashKey{3, 4});
  maker.OnRecord({"v"}, 1);
  for (const std::string& value : values) maker.OnRecord({value}, 2);
  return std::make_shared<const Register>(*Register::Parse(maker.Finish()->Serialise(), HashKey{3, 4}, "own.bin"));
}

RuleSource Own(std::string id, std::uint32_t sid, std::shared_ptr<const Register> values) {
  RuleSource r = MakeRule(std::move(id), sid, ShapeKind::kRegister, "none");
  r.chance = std::max(values->density(), values->error_rate());
  r.own = std::move(values);
  return r;
}

class OwnScan {
 public:
  explicit OwnScan(std::vector<RuleSource> own, AllowList allowed = {}) {
    std::vector<RuleSource> sources = TestRules();
    std::move(own.begin(), own.end(), std::back_inserter(sources));
    auto rules = RuleSet::Compile(std::move(sources), "off", std::move(allowed));
    if (!rules) throw std::runtime_error(rules.error().ToString());
    rules_ = *rules;
    scanner_ = std::make_unique<Scanner>(rules_, Options{}, HashKey{1, 2});
  }
  Found Scan(std::string_view text) {
    auto found = Describe(*rules_, ScanDocument(*scanner_, state_, text));
    std::sort(found.begin(), found.end());
    return found;
  }
  Found ScanCut(std::string_view text, std::size_t cut) {
    Collector sink;
    state_.Reset();
    const std::string front(text.substr(0, cut)), back(text.substr(cut));
    content::TextPiece piece;
    piece.text = AsBytes(front);
    piece.last = false;
    scanner_->Scan(state_, piece, sink);
    piece.text = AsBytes(back);
    piece.offset = cut;
    piece.first = false;
    piece.last = true;
    scanner_->Scan(state_, piece, sink);
    auto found = Describe(*rules_, sink.findings);
    std::sort(found.begin(), found.end());
    return found;
  }
  Scanner& scanner() { return *scanner_; }
  const RuleSet& rules() const { return *rules_; }

 private:
  std::shared_ptr<const RuleSet> rules_;
  std::unique_ptr<Scanner> scanner_;
  TextState state_;
};

OwnScan Customers() {
  return OwnScan({Own("own.customers", 100, RegisterOf({"KD-44871203", "90017755", "a1b2c3d4e5f6a7b8", "12/345/67890"})),
               Own("own.phones", 101, RegisterOf({"+32 471 23 45 67"}, RegisterForm::kDigits)),
               Own("own.mail", 102, RegisterOf({"Ada.Lovelace@example.org"}, RegisterForm::kLower))});
}

TEST(RegisterReader, FindsNumbersPhonesAndMail) {
  OwnScan own = Customers();
  EXPECT_EQ(own.Scan("order of 90017755, paid"), Found{"own.customers@9+8"});
  EXPECT_EQ(own.Scan("order of 9001 7755, paid"), Found{"own.customers@9+9"});
  EXPECT_EQ(own.Scan("x KD44871203."), Found{"own.customers@2+10"});
  EXPECT_EQ(own.Scan("GET /kunde/90017755/akte"), Found{"own.customers@11+8"});
  EXPECT_EQ(own.Scan("tax 12/345/67890"), Found{"own.customers@4+12"});
  EXPECT_EQ(own.Scan("token A1B2C3D4E5F6A7B8!"), Found{"own.customers@6+16"});
  EXPECT_EQ(own.Scan("tel 32 471 234 567"), Found{"own.phones@4+14"});
  EXPECT_EQ(own.Scan("call +32 471 23 45 67 now"), (Found{"global.phone_e164@5+16", "own.phones@6+15"}));
  EXPECT_EQ(own.Scan("to ADA.lovelace@example.org"), (Found{"global.email@3+24", "own.mail@3+24"}));
}

TEST(RegisterReader, OnlyWholeValues) {
  OwnScan own = Customers();
  for (const char* text : {"190017755", "900177551", "90017755-1", "1.90017755", "90017756", "x90017755",
                           "bada.lovelace@example.org", "ada.lovelace@example.com"}) {
    const Found found = own.Scan(text);
    EXPECT_TRUE(std::none_of(found.begin(), found.end(), [](const auto& f) { return f.starts_with("own."); })) << text;
  }
}

TEST(RegisterReader, AListOfThem) {
  OwnScan own = Customers();
  std::string text;
  for (int i = 0; i < 40; ++i) text += "90017755 1234 56.78 ";
  EXPECT_EQ(own.Scan(text).size(), 40u);
}

TEST(RegisterReader, EveryCut) {
  OwnScan own = Customers();
  const std::string text = "id=90017755; 9001 7755 and 12/345/67890, KD44871203 ada.lovelace@example.org +32 471 23 45 67 end "
                           "1 2 3 4 5 6 7 8 9 10 11 12 13 90017755 14 15 16 17 18 19 20 21 22 9001-7755 23 24 25 26 27 28.";
  const Found whole = own.Scan(text);
  EXPECT_EQ(std::count_if(whole.begin(), whole.end(), [](const auto& f) { return f.starts_with("own."); }), 8);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) EXPECT_EQ(own.ScanCut(text, cut), whole) << cut;
}

// A register whose numbers are dense proves nothing by one match.
TEST(RegisterReader, DenseNumbersWaitForProof) {
  std::vector<std::string> values;
  for (int i = 0; i < 2'000'000; i += 20) values.push_back(std::to_string(1'000'000 + i));
  OwnScan own({Own("own.dense", 100, RegisterOf(values))});
  EXPECT_EQ(own.Scan("no 1000020 once in a text"), Found{});
  EXPECT_EQ(own.Scan("1000020, 1000040, 1000060, 1000080, 1000100 all at once").size(), 5u);
}

TEST(RegisterReader, AFindingNamesItsRegister) {
  OwnScan own = Customers();
  TextState state;
  const auto findings = ScanDocument(own.scanner(), state, "order of 90017755, paid");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(WhyOf(findings[0], own.rules()), "exact match with register own.customers");
}

TEST(RegisterReader, NamedFieldsOnly) {
  RuleSource source = Own("own.numbers", 100, RegisterOf({"4711", "Hugo Moreau", "90017755"}));
  source.context = {"customer no"};
  OwnScan own({source});
  EXPECT_EQ(own.Scan(R"({"customer_no":"4711","x":"4711"})"), Found{"own.numbers@16+4"});
  EXPECT_EQ(own.Scan("customer no: Hugo Moreau"), Found{"own.numbers@13+11"});
  EXPECT_EQ(own.Scan("customer no,x\n4711,90017755\n4712,4711\n"), Found{"own.numbers@14+4"});
  EXPECT_EQ(own.Scan("90017755"), Found{});
}

// Registers add their findings and take none away.
TEST(RegisterReader, ChangesNothingElse) {
  std::mt19937 random(9);
  const char* const parts[] = {"4716461583322103", "4716 2210 5188 5662", "ssn 536-90-4399", "DE89 3704 0044 0532 0130 00",
                               "+49 152 720 43033", "hugo@example.org", "90017755", "word", "\n", ",", " ", "12.5 ",
                               "KD44871203", "20240101", "\"name\":\"Hugo Moreau\""};
  OwnScan plain({}), own = Customers();
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += std::string(parts[random() % std::size(parts)]) + ",; \n\t-/."[random() % 8];
    Found rest = own.Scan(text);
    std::erase_if(rest, [](const auto& f) { return f.starts_with("own."); });
    ASSERT_EQ(rest, plain.Scan(text)) << text;
  }
}

TEST(AllowListTest, LeavesOutAndCounts) {
  AllowList::Source source;
  source.values = {"4716-4615-8332-2103", "+49 152 720 43033"};
  source.mail_domains = {"Example.ORG"};
  source.registers = {RegisterOf({"536-90-4399"})};
  OwnScan own({}, AllowList(std::move(source)));
  EXPECT_EQ(own.Scan("card 4716461583322103"), Found{});
  EXPECT_EQ(own.Scan("card 4716221051885662"), Found{"global.payment_card@5+16"});
  EXPECT_EQ(own.Scan("call +4915272043033"), Found{});
  EXPECT_EQ(own.Scan("ssn 536-90-4399"), Found{});
  EXPECT_EQ(own.Scan("a@example.org b@mail.EXAMPLE.org c@badexample.org d@example.org.evil.net"),
            (Found{"global.email@33+16", "global.email@50+22"}));
  EXPECT_EQ(own.scanner().counters().allowed, 5u);
}

// What is allowed is still nobody's business in an event's metadata.
TEST(AllowListTest, IsMaskedAllTheSame) {
  AllowList::Source source;
  source.mail_domains = {"example.org"};
  OwnScan own({}, AllowList(std::move(source)));
  std::string masked;
  own.scanner().MaskText("ada@example.org", false, masked);
  EXPECT_EQ(masked.find("ada@"), std::string::npos);
  EXPECT_EQ(own.Scan("ada@example.org"), Found{});
}

TEST(AllowListTest, SilencesNoCanary) {
  AllowList::Source source;
  source.values = {"90017755"};
  RuleSource canary = Own("own.canary", 100, RegisterOf({"90017755"}));
  canary.canary = true;
  OwnScan own({canary}, AllowList(std::move(source)));
  EXPECT_EQ(own.Scan("id 90017755 here"), Found{"own.canary@3+8"});
  EXPECT_TRUE(own.rules().rules().back().canary);
}

TEST(AllowListTest, IsPartOfTheDigest) {
  AllowList::Source source;
  source.values = {"90017755"};
  EXPECT_NE(OwnScan({}).rules().digest(), OwnScan({}, AllowList(std::move(source))).rules().digest());
  EXPECT_NE(OwnScan({Own("own.a", 100, RegisterOf({"90017755"}))}).rules().digest(),
            OwnScan({Own("own.a", 100, RegisterOf({"90017756"}))}).rules().digest());
}

}  // namespace
}  // namespace gander::identify
