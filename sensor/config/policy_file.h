// SPDX-License-Identifier: Apache-2.0
// The policy document (DETECTION.md §2) to policy::PolicySource.
#ifndef GANDER_CONFIG_POLICY_FILE_H_
#define GANDER_CONFIG_POLICY_FILE_H_

#include <string>

#include "base/result.h"
#include "config/yaml_reader.h"
#include "policy/policy.h"

namespace gander::config {

// The document's keys: policy, zones, overrides, agreements, transfers (and later assets, collectors). Errors carry
// file and line: unknown key, bad prefix, unknown country, missing end date.
Result<policy::PolicySource> ReadPolicy(const YamlFile& file);
Result<policy::PolicySource> LoadPolicy(const std::string& path);

}  // namespace gander::config

#endif  // GANDER_CONFIG_POLICY_FILE_H_
