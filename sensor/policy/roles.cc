// SPDX-License-Identifier: Apache-2.0
#include "policy/roles.h"

#include <array>

namespace gander::policy {
namespace {

// In the order of Role.
constexpr std::array<const char*, kRoles> kNames = {"collector", "processor", "relay",  "tunnel",     "update_host",
                                                    "resolver",  "monitor",   "backup", "remote_exit"};

}  // namespace

const char* NameOf(Role role) noexcept { return kNames[static_cast<std::size_t>(role)]; }

bool ParseRole(std::string_view text, Role& out) noexcept {
  for (std::size_t i = 0; i < kRoles; ++i) {
    if (text != kNames[i]) continue;
    out = static_cast<Role>(i);
    return true;
  }
  return false;
}

std::string KnownRoles() {
  std::string all;
  for (const char* name : kNames) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

}  // namespace gander::policy
