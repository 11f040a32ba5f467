// SPDX-License-Identifier: Apache-2.0
// How fast a rule set runs on this processor, and which of its expressions make it slow. For `gander rules
// bench`.
#ifndef GANDER_IDENTIFY_RULE_BENCH_H_
#define GANDER_IDENTIFY_RULE_BENCH_H_

#include <memory>
#include <vector>

#include "identify/rule_set.h"

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
  std::size_t sample_bytes = 0;
  double scan_rate = 0;  // the whole scanner, all rules
  std::vector<ExpressionRate> expressions;
};

// Takes some 10 ms, and for each expression a few ms, 200 for a very slow one.
RuleBench MeasureRules(const std::shared_ptr<const RuleSet>& rules);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_BENCH_H_
