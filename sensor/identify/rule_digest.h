// SPDX-License-Identifier: Apache-2.0
// What a set of rules is known by: the same for what finds the same, in whatever order it was loaded.
#ifndef GANDER_IDENTIFY_RULE_DIGEST_H_
#define GANDER_IDENTIFY_RULE_DIGEST_H_

#include "identify/rule_set.h"

namespace gander::identify {

// SHA-256 in hexadecimal, of the rules and of what the operator allows.
std::string DigestOf(const std::vector<RuleSource>& sources, const AllowList& allowed);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RULE_DIGEST_H_
