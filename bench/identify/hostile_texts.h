// SPDX-License-Identifier: Apache-2.0
// Texts made to be slow: what a finder must look at everywhere and find nothing in.
#ifndef GANDER_BENCH_IDENTIFY_HOSTILE_TEXTS_H_
#define GANDER_BENCH_IDENTIFY_HOSTILE_TEXTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "identify/rule_source.h"

namespace gander::bench {

struct HostileText {
  std::string name;
  std::string text;
};

// Of signs, digits and forms, whatever the rules are; `bytes` each.
std::vector<HostileText> PlainHostileTexts(std::size_t bytes);

// Of the rules' own examples: what must not match, what must with one character changed, and context words beside
// numbers; all rules in turn.
std::vector<HostileText> RuleHostileTexts(const std::vector<identify::RuleSource>& rules, std::size_t bytes);

// The near-misses of one rule alone; empty when it has no examples.
std::string NearMisses(const identify::RuleSource& rule, std::size_t bytes);

}  // namespace gander::bench

#endif  // GANDER_BENCH_IDENTIFY_HOSTILE_TEXTS_H_
