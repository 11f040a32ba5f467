// SPDX-License-Identifier: Apache-2.0
// What of rules and configuration a sensor takes from its fleet.
#ifndef GANDER_BUNDLE_OPTIONS_H_
#define GANDER_BUNDLE_OPTIONS_H_

#include <string>
#include <vector>

namespace gander::bundle {

struct Options {
  std::vector<std::string> trust;  // files of public keys (PEM, Ed25519); empty = rules are the machine's own
  std::string directory;           // where applied bundles lie; `current` in it is the one in force
  std::string ring;                // of this sensor, for roll-outs by name; empty = by percentage alone
  std::string sensor;              // as FleetOptions::sensor; not a setting of its own
};

}  // namespace gander::bundle

#endif  // GANDER_BUNDLE_OPTIONS_H_
