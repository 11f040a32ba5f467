// SPDX-License-Identifier: Apache-2.0
// Every error of a set is named, and what is allowed and yet a mistake is warned of.
#include "identify/rule_lint.h"

#include <gmock/gmock.h>

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

using ::testing::HasSubstr;

RuleSource ExpressionRule(const std::string& expression) {
  RuleSource r = MakeRule("xx.expression", 60, ShapeKind::kExpression, "none");
  r.chance = 1e-6;
  r.shape.expression = expression;
  r.match = {"a"};
  r.no_match = {"b", "c"};
  r.references = {"a document"};
  return r;
}

std::string Warnings(const RuleSource& source) {
  std::string all;
  for (const Error& e : LintRules({source})) all += e.ToString() + "\n";
  return all;
}

TEST(CompileAll, NamesEveryRuleThatIsWrong) {
  std::vector<RuleSource> sources = TestRules();
  const std::size_t good = sources.size() - 2;
  sources[0].validator = "nosuch";
  sources[1].match = {"card 4716461583322104"};
  sources.push_back(sources[2]);  // the id a second time
  sources.back().line = 77;
  RuleSource broken = ExpressionRule("abc[0-9");
  broken.line = 78;
  sources.push_back(broken);
  const RuleReport report = CompileAll(sources, "off");
  ASSERT_EQ(report.errors.size(), 4u);
  EXPECT_FALSE(report.stopped);
  std::string all;
  for (const Error& e : report.errors) all += e.ToString() + "\n";
  EXPECT_THAT(all, HasSubstr("nosuch"));
  EXPECT_THAT(all, HasSubstr("its match example"));
  EXPECT_THAT(all, HasSubstr("test.yaml:77"));
  EXPECT_THAT(all, HasSubstr("test.yaml:78"));
  ASSERT_NE(report.rules, nullptr);
  EXPECT_EQ(report.rules->size(), good);
}

TEST(CompileAll, AGoodSetHasNone) {
  const RuleReport report = CompileAll(TestRules(), "off");
  EXPECT_TRUE(report.errors.empty());
  EXPECT_EQ(report.examples, 2 * TestRules().size());
}

TEST(LintRules, ExpressionsThatAreSlowOrHaveNoEnd) {
  EXPECT_THAT(Warnings(ExpressionRule("abc[0-9]+")), HasSubstr("without a bound (`+`)"));
  EXPECT_THAT(Warnings(ExpressionRule("abc.*def")), HasSubstr("without a bound (`*`)"));
  EXPECT_THAT(Warnings(ExpressionRule("abc[0-9]{3,}")), HasSubstr("`{3,}`"));
  EXPECT_THAT(Warnings(ExpressionRule("abc.{0,80}def")), HasSubstr("up to 80"));
  EXPECT_THAT(Warnings(ExpressionRule("abc[^,]{0,80}def")), HasSubstr("up to 80"));
  EXPECT_THAT(Warnings(ExpressionRule("\\babc[0-9]{4}")), HasSubstr("begins with \\b"));
  EXPECT_THAT(Warnings(ExpressionRule("[^ ]{2}abc")), HasSubstr("begins with almost anything"));
  EXPECT_EQ(Warnings(ExpressionRule("abc-[0-9]{4,80}[+*]\\+")), "");
}

TEST(LintRules, WeakChecksAndThinTests) {
  RuleSource weak = CardRule();
  weak.context.clear();
  EXPECT_THAT(Warnings(weak), HasSubstr("no word can name it"));
  RuleSource never = CardRule();
  never.chance = 1;
  EXPECT_THAT(Warnings(never), HasSubstr("needs_context: true"));
  RuleSource sure = CardRule();
  sure.self_evident = true;
  sure.chance = 0.5;
  EXPECT_THAT(Warnings(sure), HasSubstr("self_evident"));
  EXPECT_THAT(Warnings(CardRule()), HasSubstr("proves little"));
  EXPECT_THAT(Warnings(SsnRule()), HasSubstr("test.yaml:1: rule us.ssn"));
  RuleSource wordy = SsnRule();
  wordy.context.push_back("number");
  EXPECT_THAT(Warnings(wordy), HasSubstr("`number` stands beside any number"));
  RuleSource good = SsnRule();
  good.no_match.push_back("ssn 000-90-4399");
  EXPECT_THAT(Warnings(good), HasSubstr("no reference"));
  good.references = {"SSA POMS RM 10201"};
  good.languages = {"de", "sw"};
  EXPECT_THAT(Warnings(good), HasSubstr("in no language of US"));
  good.languages = {"de", "es"};
  EXPECT_EQ(Warnings(good), "");
}

}  // namespace
}  // namespace gander::identify
