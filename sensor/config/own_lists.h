// SPDX-License-Identifier: Apache-2.0
// The operator's own lists: registers of hashed values that are findings, and what is allowed and no finding.
#ifndef GANDER_CONFIG_OWN_LISTS_H_
#define GANDER_CONFIG_OWN_LISTS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "identify/own/allow_list.h"
#include "identify/rule_source.h"
#include "policy/source.h"

namespace gander::config {

struct OwnLists {
  std::vector<identify::RuleSource> rules;  // one a register
  identify::AllowList allowed;
  std::optional<HashKey> key;  // that all of them were hashed with
};

// Reads the file that `identify.registers` names, and all registers it names; paths in it are relative to its folder.
// rules/README.md, "Own lists", says what stands in it. Errors: as of YAML; a register that is damaged, of another
// version or made with another key; a canary whose fingerprints are so short that chance would raise the alarm.
Result<OwnLists> LoadOwnLists(const std::string& path);

// Adds the canaries among the assets of a policy, read from `policy_file`. Errors as above, and a `tag_file` without a
// key in `lists`.
Result<bool> AddCanaries(const std::string& policy_file, const std::vector<policy::Asset>& assets, OwnLists& lists);

}  // namespace gander::config

#endif  // GANDER_CONFIG_OWN_LISTS_H_
