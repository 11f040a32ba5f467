// SPDX-License-Identifier: Apache-2.0
// What is wrong with rules, all of it in one pass, and what is allowed and yet a mistake as a rule.
#ifndef GANDER_IDENTIFY_RULE_LINT_H_
#define GANDER_IDENTIFY_RULE_LINT_H_

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::identify {

struct RuleReport {
  std::shared_ptr<const RuleSet> rules;  // what is left without those that are wrong; null when nothing is
  std::vector<Error> errors;             // one a rule that is wrong
  std::size_t examples = 0;              // texts that were tried, of rules that passed
  bool stopped = false;                  // more errors than kMaxErrors
  static constexpr std::size_t kMaxErrors = 50;
};

// Compiles `sources` without each rule in turn that is wrong by itself, so that every one is named.
RuleReport CompileAll(std::vector<RuleSource> sources, const std::string& cache);

// A chance of more than this, without any word that could name the value, reports strangers (DETECTION.md §3).
inline constexpr double kWeakChance = 0.01;

// By file and line: unbounded or wide repeats and slow beginnings of expressions; weak checks without context; few
// counter-examples; chance that a named check makes impossible; secrets that count as people.
std::vector<Error> LintRules(const std::vector<RuleSource>& sources);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_LINT_H_
