// SPDX-License-Identifier: Apache-2.0
// The policy document (DETECTION.md §2) to policy::PolicySource.
#ifndef GANDER_CONFIG_POLICY_FILE_H_
#define GANDER_CONFIG_POLICY_FILE_H_

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/yaml_reader.h"
#include "policy/policy.h"

namespace gander::config {

// The document's keys: policy, zones, overrides, assets, recipients, agreements, classes, purposes, meters,
// advisories, transfers, collectors. Errors carry file and line: unknown key, bad prefix, unknown country, no basis ...
// The first of them is returned.
Result<policy::PolicySource> ReadPolicy(const YamlFile& file);
// With all errors: an item that is wrong is left out and the next one read.
policy::PolicySource ReadPolicy(const YamlFile& file, std::vector<Error>& errors);
Result<policy::PolicySource> LoadPolicy(const std::string& path);

// What a policy is read for.
struct PolicyReading {
  Timestamp now = kDistantPast;  // PolicySource::read_at
  std::vector<std::string> known_classes;  // PolicySource::known_classes
  const policy::Policy* before = nullptr;  // what judges a run that this one is to take over (policy::KeepPlaces)
};
// Reads and builds. Null where there are errors; all that can be told in one pass are told.
std::shared_ptr<const policy::Policy> BuildPolicy(const std::string& path, const PolicyReading& reading,
                                                  std::vector<Error>& errors, std::vector<Error>* warnings);
std::shared_ptr<const policy::Policy> BuildPolicy(const YamlFile& file, const PolicyReading& reading,
                                                  std::vector<Error>& errors, std::vector<Error>* warnings);

// Several errors as one that prints them all.
Error Joined(const std::vector<Error>& errors);

}  // namespace gander::config

#endif  // GANDER_CONFIG_POLICY_FILE_H_
