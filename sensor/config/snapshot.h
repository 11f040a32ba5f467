// SPDX-License-Identifier: Apache-2.0
// The doorway of config/: everything a run is judged by, built and validated aside, then published as one pointer.
#ifndef GANDER_CONFIG_SNAPSHOT_H_
#define GANDER_CONFIG_SNAPSHOT_H_

#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/signed_rules.h"
#include "detect/alerting/suppressions.h"
#include "identify/rule_set.h"
#include "policy/policy.h"

namespace gander::config {

struct Snapshot {
  Settings settings;
  std::shared_ptr<const identify::RuleSet> rules;
  std::shared_ptr<const policy::Policy> policy;
  detect::Suppressions suppressions;
  std::vector<Error> warnings;  // what a person should know but need not mend now
  BundleInForce bundle;          // that all of it came with
  std::uint64_t generation = 0;  // counts what judged in this run: rules or policy read anew make the next
};

// Reads the packs and the policy that `settings` names. `shipped_rules` is where the packs lie when
// `settings.rule_paths` is empty. Errors as CheckSigned, LoadRulePacks, RuleSet::Compile, LoadPolicy, Policy::Build.
// `now` warns of register entries that have ended by then; left out where the traffic is not of today.
Result<std::shared_ptr<const Snapshot>> BuildSnapshot(Settings settings, const std::string& shipped_rules,
                                                      Timestamp now = kDistantPast);

// The rules alone: packs and own lists. Errors as LoadRulePacks, LoadOwnLists, RuleSet::Compile.
// With `before`, for a run that they are to replace it in (identify::KeepPlaces).
Result<std::shared_ptr<const identify::RuleSet>> BuildRules(const Settings& settings, const std::string& shipped_rules,
                                                            const identify::RuleSet* before = nullptr);
// The policy that `settings` names, or DefaultPolicy(), with classes checked against those that `rules` find. One error
// tells all that are known.
// With `before`, for a run that it is to replace it in (policy::KeepPlaces).
Result<std::shared_ptr<const policy::Policy>> BuildPolicy(const Settings& settings, const identify::RuleSet& rules,
                                                          Timestamp now, std::vector<Error>* warnings,
                                                          const policy::Policy* before = nullptr);
// The data classes that `rules` find, each once, sorted.
std::vector<std::string> ClassesOf(const identify::RuleSet& rules);

// Rules and policy read anew, each by itself: where one of them is wrong, that one stays. Suppressions go with the
// policy. Settings stay.
struct Rebuilt {
  std::shared_ptr<const Snapshot> snapshot;   // what is to judge; never null
  Result<bool> rules = true, policy = true;   // why one stayed
  std::uint64_t rules_ms = 0, policy_ms = 0;  // what reading and building took
};
Rebuilt Rebuild(const Snapshot& before, const std::string& shipped_rules, Timestamp now);

// What stands in for a policy when the operator gave none: one zone of private addresses, jurisdiction unknown.
policy::PolicySource DefaultPolicy();

}  // namespace gander::config

#endif  // GANDER_CONFIG_SNAPSHOT_H_
