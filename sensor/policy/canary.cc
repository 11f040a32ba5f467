// SPDX-License-Identifier: Apache-2.0
#include "policy/canary.h"

#include <algorithm>

namespace gander::policy {

std::string CanaryRule(const Asset& canary) { return "canary." + canary.id; }

bool AtHome(const Policy& policy, std::string_view rule, const IpAddress& sender, const IpAddress& recipient) {
  return std::any_of(policy.assets().begin(), policy.assets().end(), [&](const Asset& a) {
    const auto holds = [&](const IpAddress& address) {
      return std::any_of(a.hosts.begin(), a.hosts.end(), [&](const IpPrefix& host) { return host.Contains(address); });
    };
    return a.kind == "canary" && rule == CanaryRule(a) && holds(sender) && holds(recipient);
  });
}

}  // namespace gander::policy
