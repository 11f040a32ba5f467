// SPDX-License-Identifier: Apache-2.0
// What D14 calls the secrets it sees, and how much one of a kind is worth.
#ifndef GANDER_DETECT_D14_SECRET_LEAK_SECRET_KINDS_H_
#define GANDER_DETECT_D14_SECRET_LEAK_SECRET_KINDS_H_

#include <string>
#include <string_view>

#include "detect/alert.h"
#include "detect/state/fields.h"
#include "identify/rule_set.h"

namespace gander::detect {

struct SecretKind {
  std::string id;     // of a rule or a login; a login that a rule finds too has the login's
  std::string title;  // "HTTP Basic login"
  Severity worth = Severity::kMedium;  // of one that leaves its zone

  static auto Saved(auto& k) { return Fields(k.id, k.title, k.worth); }
};
// Keys that stay good until somebody changes them are high; what ends with a session is low.
SecretKind KindOfRule(const identify::RuleInfo& rule);
SecretKind KindOfLogin(std::string_view kind, bool well_known);

}  // namespace gander::detect

#endif  // GANDER_DETECT_D14_SECRET_LEAK_SECRET_KINDS_H_
