// SPDX-License-Identifier: Apache-2.0
// Where fleet.trust names keys, rules, policy and lists are read from the applied bundle or not at all.
#ifndef GANDER_CONFIG_SIGNED_RULES_H_
#define GANDER_CONFIG_SIGNED_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"

namespace gander::config {

// The bundle that what judges came with.
struct BundleInForce {
  std::string name, content;  // "" = none: fleet.trust is empty
  std::uint64_t serial = 0;
};

// Errors: no bundle applied, its manifest not by a trusted key, a file of it changed, missing or added, a path of the
// configuration that leads elsewhere. None, and no error, where fleet.trust is empty.
// A bundle whose time is over by `now` is a warning: what it brought stays in force.
Result<BundleInForce> CheckSigned(const Settings& settings, Timestamp now, std::vector<Error>* warnings);

// Whether every path that judges lies below `folder`: what the configuration names, and what those files name.
Result<bool> CheckWithin(const Settings& settings, const std::string& folder);

// `path` below `folder` where it lies below <fleet.directory>/current, else as it is.
std::string MovedBelow(const Settings& settings, const std::string& path, const std::string& folder);
// The same settings with paths below <fleet.directory>/current below `folder` instead, to try what is not in force yet.
Settings ReadFrom(const Settings& settings, const std::string& folder);

}  // namespace gander::config

#endif  // GANDER_CONFIG_SIGNED_RULES_H_
