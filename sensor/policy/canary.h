// SPDX-License-Identifier: Apache-2.0
// Planted records that the policy declares as assets: the rule that knows each, and where it may lie.
#ifndef GANDER_POLICY_CANARY_H_
#define GANDER_POLICY_CANARY_H_

#include <string>
#include <string_view>

#include "policy/policy.h"

namespace gander::policy {

// Id of the rule that finds the values of a canary asset's `tag_file`.
std::string CanaryRule(const Asset& canary);

// Whether both ends are among the hosts of the canary that `rule` finds: its store and what backs it up.
bool AtHome(const Policy& policy, std::string_view rule, const IpAddress& sender, const IpAddress& recipient);

}  // namespace gander::policy

#endif  // GANDER_POLICY_CANARY_H_
