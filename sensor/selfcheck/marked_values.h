// SPDX-License-Identifier: Apache-2.0
// Values to plant: one of each rule that can be found in a short text, drawn anew for each check, so that an output that
// holds one can have it from nowhere else.
#ifndef GANDER_SELFCHECK_MARKED_VALUES_H_
#define GANDER_SELFCHECK_MARKED_VALUES_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "identify/rule_source.h"

namespace gander::selfcheck {

struct MarkedValue {
  std::string rule;   // id
  std::string value;  // as it stands in `text`
  std::string text;   // the rule's example around it: the words that prove it
  bool secret = false;
  bool drawn = false;  // anew; else the example's own, whose check digits no draw met
};

// A few values of each rule in `sources`, proven by a scanner of `rules`. The same for the same `seed`.
std::vector<MarkedValue> DrawValues(const std::vector<identify::RuleSource>& sources,
                                    const std::shared_ptr<const identify::RuleSet>& rules, std::uint64_t seed);

}  // namespace gander::selfcheck

#endif  // GANDER_SELFCHECK_MARKED_VALUES_H_
