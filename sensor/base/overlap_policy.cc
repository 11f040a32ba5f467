// SPDX-License-Identifier: Apache-2.0
#include "base/overlap_policy.h"

#include <algorithm>
#include <array>

namespace gander {
namespace {

// In the order of OverlapPolicy.
constexpr std::array<const char*, 6> kNames = {"first", "last", "bsd", "linux", "solaris", "windows"};

}  // namespace

const char* NameOf(OverlapPolicy policy) noexcept { return kNames[static_cast<std::size_t>(policy)]; }

bool ParseOverlapPolicy(std::string_view name, OverlapPolicy& out) noexcept {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return false;
  out = static_cast<OverlapPolicy>(found - kNames.begin());
  return true;
}

bool LaterWins(OverlapPolicy policy, const Extent& earlier, const Extent& later) noexcept {
  switch (policy) {
    case OverlapPolicy::kLast: return true;
    case OverlapPolicy::kBsd: return later.begin < earlier.begin;
    case OverlapPolicy::kLinux:
      return later.begin < earlier.begin || (later.begin == earlier.begin && later.end > earlier.end);
    case OverlapPolicy::kSolaris:
      return later.begin <= earlier.begin ? later.end >= earlier.end : later.end > earlier.end;
    case OverlapPolicy::kFirst:
    case OverlapPolicy::kWindows: break;
  }
  return false;
}

OverlapPolicy HostPolicies::Of(const IpAddress& host) const noexcept {
  for (const Network& n : networks_) {
    if (n.prefix.Contains(host)) return n.policy;
  }
  return fallback;
}

bool HostPolicies::Add(std::string_view text) {
  const std::size_t space = text.find(' ');
  Network network{};
  if (space == std::string_view::npos || networks_.size() >= kMaxNetworks) return false;
  if (!IpPrefix::Parse(text.substr(0, space), network.prefix)) return false;
  if (!ParseOverlapPolicy(text.substr(space + 1), network.policy)) return false;
  const auto at = std::find_if(networks_.begin(), networks_.end(),
                               [&](const Network& n) { return n.prefix.length < network.prefix.length; });
  networks_.insert(at, network);
  return true;
}

std::vector<std::string> HostPolicies::Texts() const {
  std::vector<std::string> texts;
  for (const Network& n : networks_) texts.push_back(n.prefix.ToString() + ' ' + NameOf(n.policy));
  return texts;
}

}  // namespace gander
