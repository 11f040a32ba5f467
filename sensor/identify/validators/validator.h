// SPDX-License-Identifier: Apache-2.0
// Validators: pure functions that say whether a normalised value (letters and digits only, upper case) can be
// real.
#ifndef GANDER_IDENTIFY_VALIDATORS_VALIDATOR_H_
#define GANDER_IDENTIFY_VALIDATORS_VALIDATOR_H_

#include <span>
#include <string>
#include <string_view>

namespace gander::identify {

using ValidatorFunction = bool (*)(std::string_view value) noexcept;

struct Validator {
  const char* name;
  ValidatorFunction check;
  const char* help;  // one clause for `gander rules explain`
  bool raw = false;  // takes the value as it stands, whatever the rule's shape
};

// Every validator a pack may name. A new one is a function in a file of its family and a row in registry.cc.
std::span<const Validator> Validators() noexcept;
// nullptr when there is none of that name.
const Validator* FindValidator(std::string_view name) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALIDATORS_VALIDATOR_H_
