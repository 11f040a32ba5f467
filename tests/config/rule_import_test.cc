// SPDX-License-Identifier: Apache-2.0
// Rules of other tools, written for these tests: what is taken, as what, and what is said of the rest.
#include "config/rule_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/foreign_expression.h"
#include "config/rule_packs.h"
#include "identify/document.h"

namespace gander::config {
namespace {

using ::testing::HasSubstr;

std::string WhyNot(const RuleImport& import, const std::string& name) {
  for (const auto& l : import.left) {
    if (l.name == name) return l.why;
  }
  return "taken";
}

TEST(ForeignExpressions, AreBoundedAndSampled) {
  const auto read = ReadForeignExpression(R"(case-\d{6}(?:-[A-F]+)?\b)", false);
  EXPECT_EQ(read.refused, "");
  EXPECT_EQ(read.bounded, R"(case-\d{6}(?:-[A-F]{1,32})?\b)");
  EXPECT_TRUE(read.narrowed);
  EXPECT_THAT(read.sample, ::testing::MatchesRegex("case-[0-9][0-9][0-9][0-9][0-9][0-9]-[A-F]"));
  EXPECT_EQ(ReadForeignExpression("(?i)Foo|bar", false).bounded, "(?i)Foo|bar");
  EXPECT_EQ(ReadForeignExpression("(?P<name>ab)c", false).bounded, "(?:ab)c");
}

TEST(ForeignExpressions, TokensAreSeen) {
  const auto read = ReadForeignExpression(R"(\b((?:qva|qvb)_[A-Z0-9]{16,20})\b)", false);
  EXPECT_EQ(read.prefixes, (std::vector<std::string>{"qva_", "qvb_"}));
  EXPECT_EQ(read.alphabet, "0-9A-Z");
  EXPECT_EQ(read.min_length, 16u);
  EXPECT_EQ(read.max_length, 20u);
  EXPECT_FALSE(ReadForeignExpression("ab[0-9]{8}", false).is_token()) << "two bytes are no beginning";
  EXPECT_FALSE(ReadForeignExpression("abc[0-9]{8}", true).is_token()) << "case matters in a token";
  EXPECT_FALSE(ReadForeignExpression("abc[0-9]{8}xyz", false).is_token());
}

TEST(ForeignExpressions, RefusalsSayWhy) {
  for (const char* text : {"(?=a)b", "(?<!a)b", R"((a)\1)", "a++", "(a", "a)", "[a", "a{2", "*a", R"(\p{L})", "", "(?>a)",
                           "[[:foo:]]", "((((x{200}){200}){200}){200}){200}", "((((^{200}){200}){200}){200}){200}",
                           "(", "(?", "(?<", "(?P<", "[", "[^", "[a-", "[[:", "\\", "\\x", "\\x{", "a{1,"}) {
    EXPECT_NE(ReadForeignExpression(text, false).refused, "") << text;
  }
  EXPECT_NE(ReadForeignExpression(std::string(100, '(') + "a" + std::string(100, ')'), false).refused, "");
}

// Whatever is cut, nothing crashes and a refusal has words.
TEST(ForeignExpressions, EveryCut) {
  const std::string text = R"((?i)\b(?:ab[^c-e\d]{2,}|\x41[[:alpha:]]+)(?P<x>y?)\.{3})";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto read = ReadForeignExpression(text.substr(0, cut), false);
    EXPECT_TRUE(!read.refused.empty() || !read.sample.empty()) << cut;
  }
}

constexpr char kSnort[] = R"(# written for this test
alert tcp $HOME_NET any -> any any (msg:"Member card in clear"; flow:established; sd_pattern:"member-\d{4}-\d{4}", threshold 2; sid:1000001;)
alert tcp any any -> any any (msg:"Cards"; sd_pattern:2,credit_card; sid:1000002;)
alert http any any -> any any (msg:"Dossier number"; content:"dossier"; pcre:"/dossier-[0-9]{5,}/iU"; sid:1000003; rev:2;)
alert tcp any any -> any any (msg:"Marker\; with semicolon"; content:"TOP |53 45|CRET-MARKER"; nocase; sid:1000004;)
alert tcp any any -> any any (msg:"Two contents"; content:"abcdefgh"; content:"ijklmnop"; distance:0; sid:1000005;)
alert tcp any any -> any any (msg:"Relative"; content:"abcdefgh"; pcre:"/x[0-9]{4}/R"; sid:1000006;)
alert tcp any any -> any any (msg:"Looks around"; pcre:"/(?<=abcd)[0-9]{8}/"; sid:1000007;)
alert tcp any any -> any any (msg:"Absent"; content:!"abcdefgh"; sid:1000008;)
alert tcp any any -> any any (msg:"Short"; content:"abc"; sid:1000009;)
alert ip any any -> any any (msg:"Reputation"; sid:1000010;)
alert tcp any any -> any any ( \
  msg:"Over lines"; \
  content:"PATIENT-RECORD"; sid:1000011;)
)";

TEST(SnortImport, TakesWhatHasMeaningAndSaysTheRest) {
  const RuleImport import = ImportSnort(kSnort, "local.rules");
  EXPECT_EQ(import.seen, 11u);
  ASSERT_EQ(import.rules.size(), 4u) << WritePack(import, "local.rules");
  EXPECT_EQ(import.rules[0].id, "imported.member_card_in_clear");
  EXPECT_EQ(import.rules[0].shape.expression, R"(member-\d{4}-\d{4})");
  EXPECT_EQ(import.rules[0].references, std::vector<std::string>{"sid 1000001 of local.rules"});
  EXPECT_EQ(import.rules[1].shape.expression, "(?i)dossier-[0-9]{5,32}");
  EXPECT_EQ(import.rules[2].title, "Marker; with semicolon");
  EXPECT_EQ(import.rules[3].line, 12);
  EXPECT_THAT(WhyNot(import, "Cards"), HasSubstr("global.payment_card"));
  EXPECT_THAT(WhyNot(import, "Two contents"), HasSubstr("several contents"));
  EXPECT_THAT(WhyNot(import, "Relative"), HasSubstr("where another match ended"));
  EXPECT_THAT(WhyNot(import, "Looks around"), HasSubstr("looks around"));
  EXPECT_THAT(WhyNot(import, "Absent"), HasSubstr("must not be there"));
  EXPECT_THAT(WhyNot(import, "Short"), HasSubstr("less than eight"));
  EXPECT_THAT(WhyNot(import, "Reputation"), HasSubstr("no value"));
  EXPECT_FALSE(import.changed.empty());
}

TEST(SnortImport, LeavesWhatIsNoTextOrNotClosed) {
  std::string text = R"(include other.rules
alert tcp any any -> any any (msg:"Latin"; pcre:"/stra@e-[0-9]{6}/"; sid:1;)
alert tcp any any -> any any (msg:"Escaped"; pcre:"/abcd\\\;[0-9]{6}/"; sid:2;)
alert tcp any any -> any any (msg:"Open"; pcre:"/dossier)";
  text[text.find('@')] = '\xdf';
  const RuleImport import = ImportSnort(text, "local.rules");
  EXPECT_EQ(import.seen, 3u);
  EXPECT_THAT(WhyNot(import, "Latin"), HasSubstr("no text"));
  EXPECT_THAT(WhyNot(import, "rule without msg"), HasSubstr("not closed"));
  ASSERT_EQ(import.rules.size(), 1u);
  EXPECT_EQ(import.rules[0].shape.prefixes, std::vector<std::string>{"abcd\\;"});
}

TEST(RuleImports, TwoOfOneFormatDoNotShareSids) {
  const RuleImport one = ImportSnort(kSnort, "one.rules"), two = ImportSnort(kSnort, "two.rules");
  const auto far = [](std::uint32_t a, std::uint32_t b) { return (a > b ? a - b : b - a) >= 1000; };
  EXPECT_TRUE(far(one.rules[0].sid, two.rules[0].sid));
  EXPECT_EQ(one.rules[3].sid, FirstSidOf("one.rules") + 3);
  EXPECT_EQ(ImportSnort(kSnort, "one.rules").rules[0].sid, one.rules[0].sid) << "the same again";
  EXPECT_EQ(ImportSnort(kSnort, "one.rules", 3'100'000).rules[1].sid, 3'100'001u);
  for (const char* file : {"", "a", "b", "local.rules", "gitleaks.toml"}) {
    EXPECT_GE(FirstSidOf(file), 3'500'000u) << file;
    EXPECT_LE(FirstSidOf(file), 1'003'499'000u) << file;
  }
}

// None of it can be taken, so nothing is compiled.
TEST(SnortImport, CutAtEveryByte) {
  const std::string text = R"(alert any (msg:"a\;b"; sd_pattern:3,(?=a); content:!"x|41 4|"; pcre:"/(?=b)\"\;\//iR"; sid:1;)";
  for (std::size_t n = text.find('(') + 1; n < text.size(); ++n) {
    const RuleImport import = ImportSnort(text.substr(0, n) + ")", "local.rules");
    EXPECT_EQ(import.seen, 1u) << n;
    EXPECT_EQ(import.left.size(), 1u) << n;
  }
}

constexpr char kGitleaks[] = R"(title = "written for this test"
[[rules]]
id = "quux-token"
description = "Quux access token"
regex = '''\b(quux_[a-zA-Z0-9]{32})\b'''
entropy = 3.5
keywords = ["quux_"]
[[rules]]
id = "quux-hook"
regex = '''https://hooks\.quux\.example/services/T[A-Z0-9]{8,}'''
[rules.allowlist]
regexes = ['''EXAMPLE''']
[[rules]]
id = "by-name"
path = '''\.p12$'''
[[rules]]
id = "anything"
description = "No literal"
regex = '''[a-z]{20}'''
)";

TEST(GitleaksImport, TakesTokensAndExpressions) {
  const auto import = ImportGitleaks(kGitleaks, "gitleaks.toml");
  ASSERT_TRUE(import) << import.error().ToString();
  EXPECT_EQ(import->seen, 4u);
  ASSERT_EQ(import->rules.size(), 2u) << WritePack(*import, "x");
  EXPECT_EQ(import->rules[0].id, "imported.quux_token");
  EXPECT_EQ(import->rules[0].shape.kind, identify::ShapeKind::kToken);
  EXPECT_EQ(import->rules[0].shape.prefixes, std::vector<std::string>{"quux_"});
  EXPECT_EQ(import->rules[0].validator, "high_entropy");
  EXPECT_TRUE(import->rules[0].secret);
  EXPECT_EQ(import->rules[1].shape.kind, identify::ShapeKind::kExpression);
  EXPECT_THAT(WhyNot(*import, "by-name"), HasSubstr("names of files"));
  EXPECT_NE(WhyNot(*import, "No literal"), "taken");
}

TEST(GitleaksImport, ErrorsNameTheLine) {
  const auto broken = ImportGitleaks("[[rules]]\nid = \n", "g.toml");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().ToString(), HasSubstr("g.toml:2"));
  EXPECT_FALSE(ImportGitleaks("title = 'x'\n", "g.toml"));
}

TEST(ImportedPacks, LoadAndFind) {
  std::string folder = (std::filesystem::temp_directory_path() / "gander-import-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  RuleImport import = ImportSnort(kSnort, "local.rules");
  const auto more = ImportGitleaks(kGitleaks, "gitleaks.toml");
  ASSERT_TRUE(more);
  import.rules.insert(import.rules.end(), more->rules.begin(), more->rules.end());
  std::ofstream(folder + "/p.yaml") << WritePack(import, "both");
  auto sources = LoadRulePacks({folder});
  ASSERT_TRUE(sources) << sources.error().ToString();
  const auto rules = identify::RuleSet::Compile(std::move(*sources));
  ASSERT_TRUE(rules) << rules.error().ToString();
  identify::Scanner scanner(*rules, {}, HashKey{1, 2});
  identify::TextState state;
  for (const char* text : {"x DOSSIER-123456 y", "top secret-marker", "quux_k7Qm2xW9bT4fZ3hR8dN5cJ6pV1gL0sYa end"}) {
    EXPECT_EQ(identify::ScanDocument(scanner, state, text).size(), 1u) << text;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gander::config
