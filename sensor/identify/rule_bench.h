// SPDX-License-Identifier: Apache-2.0
// How fast a rule set runs on this processor, and which of its expressions make it slow. For `gander rules
// bench`.
#ifndef GANDER_IDENTIFY_RULE_BENCH_H_
#define GANDER_IDENTIFY_RULE_BENCH_H_

#include <memory>
#include <string>
#include <vector>

#include "identify/rule_set.h"
#include "identify/rule_source.h"

namespace gander::identify {

// Bytes a second below which an expression of its own makes itself felt. Those with a literal that Hyperscan
// can search for run at 1e9 and more; a leading \b or a wide class before the literal makes it 1e8.
inline constexpr double kSlowExpression = 0.5e9;

struct ExpressionRate {
  IdType rule = 0;
  double rate = 0;  // bytes a second of thread CPU time, alone: the pass and the begin of each match
  bool slow() const noexcept { return rate < kSlowExpression; }
};

struct RuleBench {
  std::string text;      // on which all of it was measured
  double scan_rate = 0;  // the whole scanner, all rules
  std::vector<ExpressionRate> expressions;
};

// Takes some 10 ms, and for each expression a few ms, 200 for a very slow one.
RuleBench MeasureRules(const std::shared_ptr<const RuleSet>& rules);

// What a rule adds to a scan of `text` that looks for nothing else: processor time for each 1024 bytes. Rules that
// share work (the same words, lengths or letters) add less together than apart.
struct RuleCost {
  std::size_t source = 0;  // index
  double ns = 0;
};
struct RuleCosts {
  double floor_ns = 0;  // of the scan itself
  std::vector<RuleCost> rules;  // without those that find nothing when others are not there (records of several values)
};
// Compiles each rule by itself: some 50 ms a rule.
RuleCosts MeasureEach(const std::vector<RuleSource>& sources, const std::string& text);
// More than so many times what rules cost on average is more than a share; less than so many ns never is.
inline constexpr double kShares = 20, kLeastShare = 20;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_BENCH_H_
