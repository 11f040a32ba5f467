// SPDX-License-Identifier: Apache-2.0
// What `gander rules bench` measures. How fast is a matter of the machine; that everything is measured is
// not.
#include "identify/rule_bench.h"

#include "identify/support_rules.h"

namespace gander::identify {
namespace {

TEST(RuleBench, MeasuresTheScanAndEachExpressionInOrder) {
  std::vector<RuleSource> sources = TestRules();
  for (const char* id : {"local.one", "local.two"}) {
    RuleSource r =
        MakeRule(id, 80 + static_cast<std::uint32_t>(sources.size()), ShapeKind::kExpression, "none");
    r.chance = 0.0001;
    r.shape.expression = std::string(id + 6) + "-[0-9]{6}";
    r.match = {r.shape.expression.substr(0, 4) + "123456"};
    r.no_match = {"nothing"};
    sources.push_back(r);
  }
  const auto rules = CompileOrDie(sources);
  const RuleBench bench = MeasureRules(rules);
  EXPECT_GT(bench.text.size(), 100'000u);
  EXPECT_GT(bench.scan_rate, 0);
  ASSERT_EQ(bench.expressions.size(), 2u);
  EXPECT_EQ(rules->info(bench.expressions[0].rule).id, "local.one");
  EXPECT_EQ(rules->info(bench.expressions[1].rule).id, "local.two");
  for (const ExpressionRate& e : bench.expressions) {
    EXPECT_GT(e.rate, 0);
    EXPECT_EQ(e.slow(), e.rate < kSlowExpression);
  }
}

TEST(RuleBench, AnExpressionThatMatchesEverywhereCostsMoreThanOneThatIsRare) {
  const auto expression = [](const char* id, std::uint32_t sid, const char* text, const char* match) {
    RuleSource r = MakeRule(id, sid, ShapeKind::kExpression, "none");
    r.chance = 0.0001;
    r.shape.expression = text;
    r.match = {match};
    r.no_match = {"0"};
    return r;
  };
  const auto rules =
      CompileOrDie({expression("local.rare", 80, "QZX-[0-9]{6}", "QZX-123456"),
                    expression("local.common", 81, "[a-z ]{1,40}the[a-z ]{1,40}", "in the house")});
  const RuleBench bench = MeasureRules(rules);
  ASSERT_EQ(bench.expressions.size(), 2u);
  // Some ten thousand times: no load of the machine turns this round.
  EXPECT_GT(bench.expressions[0].rate, 10 * bench.expressions[1].rate);
}

}  // namespace
}  // namespace gander::identify
