// SPDX-License-Identifier: Apache-2.0
// The words for verdicts, as events, metrics and alerts carry them.
#include "policy/policy.h"

namespace gander::policy {

const char* NameOf(Verdict v) noexcept {
  switch (v) {
    case Verdict::kInternal: return "internal";
    case Verdict::kRegistered: return "registered";
    case Verdict::kOverQuota: return "over_quota";
    case Verdict::kExpired: return "expired";
    case Verdict::kWrongBasis: return "wrong_basis";
    case Verdict::kDenied: return "denied";
    case Verdict::kThirdState: return "third_state";
    case Verdict::kUnregistered: return "unregistered";
    case Verdict::kUnknownParty: return "unknown_party";
  }
  return "unregistered";
}

bool Permits(Verdict v) noexcept { return v == Verdict::kInternal || v == Verdict::kRegistered; }

}  // namespace gander::policy
