// SPDX-License-Identifier: Apache-2.0
// Rule packs (rules/**.yaml) to identify::RuleSource.
#ifndef GANDER_CONFIG_RULE_PACKS_H_
#define GANDER_CONFIG_RULE_PACKS_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "identify/rule_source.h"

namespace gander::config {

// Reads every *.yaml below each directory (or each file named), in path order.
// Errors: nothing there, not YAML, unknown key, wrong type; with file and line.
Result<std::vector<identify::RuleSource>> LoadRulePacks(const std::vector<std::string>& paths);

}  // namespace gander::config

#endif  // GANDER_CONFIG_RULE_PACKS_H_
