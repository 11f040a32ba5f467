// SPDX-License-Identifier: Apache-2.0
// What Compile refuses, and what it says then.
#include <gmock/gmock.h>

#include "identify/literal_set.h"
#include "identify/support_rules.h"

namespace gander::identify {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(std::vector<RuleSource> rules) {
  auto result = RuleSet::Compile(std::move(rules));
  return result ? "compiled" : result.error().ToString();
}

std::string ErrorWith(void (*change)(RuleSource&)) {
  RuleSource r = SsnRule();
  change(r);
  return ErrorOf({CardRule(), r});
}

TEST(RuleCompiler, NamesFileLineRuleAndRemedy) {
  const std::string e = ErrorWith([](RuleSource& r) { r.validator = "us_sns"; });
  EXPECT_THAT(e, HasSubstr("test.yaml:1: rule us.ssn: there is no validator 'us_sns'"));
  EXPECT_THAT(e, HasSubstr("remedy: "));
}

TEST(RuleCompiler, RefusesWhatIsWrong) {
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.id = "global.payment_card"; }),
              HasSubstr("the id is taken by test.yaml:2"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.sid = 2; }),
              HasSubstr("sid 2 is taken by global.payment_card"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.match.clear(); }), HasSubstr("no match example"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.no_match.clear(); }), HasSubstr("no no_match example"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.match = {"ssn 666-90-4399"}; }),
              HasSubstr("'ssn 666-90-4399' is not found"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.no_match = {"ssn 536-90-4399"}; }),
              HasSubstr("'ssn 536-90-4399' is found"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.context.clear(); }), HasSubstr("lists no words"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.shape.templates = {"NNN#NN"}; }),
              HasSubstr("template 'NNN#NN'"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.shape.separators = {"#"}; }), HasSubstr("separator '#'"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.shape.templates.clear(); }),
              HasSubstr("there are no templates"));
  EXPECT_THAT(ErrorWith([](RuleSource& r) { r.chance = 0; }), HasSubstr("chance is not within 0..1"));
}

RuleSource Expression(const std::string& text) {
  RuleSource r = MakeRule("local.badge", 9, ShapeKind::kExpression, "none");
  r.chance = 0.0001;
  r.shape.expression = text;
  r.match = {"badge GND-123456 ok"};
  r.no_match = {"badge GND-12 ok"};
  return r;
}

TEST(RuleCompiler, RunsOperatorsExpressions) {
  const auto rules = CompileOrDie({Expression("GND-[0-9]{6}")});
  Scanner scanner(rules, Options{}, HashKey{});
  TextState state;
  EXPECT_EQ(Describe(*rules, ScanDocument(scanner, state, "badge GND-123456 ok")),
            std::vector<std::string>{"local.badge@6+10"});
}

TEST(RuleCompiler, RefusesExpressionsThatAreWrongSlowOrEndless) {
  EXPECT_THAT(ErrorOf({Expression("GND-[0-9")}), HasSubstr("expression /GND-[0-9/"));
  EXPECT_THAT(ErrorOf({Expression("[0-9]{6}")}), HasSubstr("too slow"));
  EXPECT_THAT(ErrorOf({Expression("GND-[0-9]+")}), HasSubstr("more than 128 bytes"));
}

TEST(RuleCompiler, RequiredLiteralIsWhatEveryMatchHolds) {
  EXPECT_EQ(RequiredLiteral("GND-[0-9]{6}"), 4u);
  EXPECT_EQ(RequiredLiteral("abc|xyz"), 0u);
  EXPECT_EQ(RequiredLiteral("(abc|xyz)[0-9]"), 0u);
  EXPECT_EQ(RequiredLiteral("ab?c"), 1u);
  EXPECT_EQ(RequiredLiteral("a\\.b\\d"), 3u);
  EXPECT_EQ(RequiredLiteral("x{3,4}yes"), 3u);
}

TEST(RuleCompiler, DigestFollowsWhatIsJudged) {
  const auto a = CompileOrDie({SsnRule()}), b = CompileOrDie({SsnRule()});
  RuleSource changed = SsnRule();
  changed.context.push_back("social");
  EXPECT_EQ(a->digest(), b->digest());
  EXPECT_EQ(a->digest().size(), 64u);
  EXPECT_NE(a->digest(), CompileOrDie({changed})->digest());
}

}  // namespace
}  // namespace gander::identify
