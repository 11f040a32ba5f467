// SPDX-License-Identifier: Apache-2.0
// `checks` of a rule to identify::CheckSource; what each key means is described in rules/README.md.
#ifndef GANDER_CONFIG_RULE_CHECKS_H_
#define GANDER_CONFIG_RULE_CHECKS_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "config/yaml_reader.h"
#include "identify/check_source.h"

namespace gander::config {

// `node` is a list of checks, or one. Errors: unknown key, wrong type, a check that says what it is twice or not at
// all.
Result<bool> ReadChecks(const std::string& file, const YAML::Node& node, const std::string& what,
                        std::vector<identify::CheckSource>& out);

// A node as YAML writes it in one line.
std::string OneLine(const YAML::Node& node);

}  // namespace gander::config

#endif  // GANDER_CONFIG_RULE_CHECKS_H_
