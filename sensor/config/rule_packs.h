// SPDX-License-Identifier: Apache-2.0
// Rule packs (rules/**.yaml) to identify::RuleSource.
#ifndef GANDER_CONFIG_RULE_PACKS_H_
#define GANDER_CONFIG_RULE_PACKS_H_

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::config {

// Reads every *.yaml below each directory (or each file named), in path order.
// Errors: nothing there, not YAML, unknown key, wrong type; with file and line.
Result<std::vector<identify::RuleSource>> LoadRulePacks(const std::vector<std::string>& paths);
// The same for tools: reads on behind what is wrong, rule by rule, and appends every error to `errors`.
std::vector<identify::RuleSource> ReadRulePacks(const std::vector<std::string>& paths, std::vector<Error>& errors);
// Context words of a rule as its pack parts them; "" where it names no language. Empty when the pack is gone.
std::vector<std::pair<std::string, std::vector<std::string>>> ContextByLanguage(const identify::RuleSource& rule);

}  // namespace gander::config

#endif  // GANDER_CONFIG_RULE_PACKS_H_
