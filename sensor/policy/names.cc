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

bool ParseVerdict(std::string_view text, Verdict& out) noexcept {
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    if (text != NameOf(static_cast<Verdict>(i))) continue;
    out = static_cast<Verdict>(i);
    return true;
  }
  return false;
}

int Badness(Verdict v) noexcept {
  switch (v) {
    case Verdict::kInternal:
      return 0;
    case Verdict::kRegistered:
      return 1;
    case Verdict::kUnregistered:
      return 2;
    case Verdict::kUnknownParty:
      return 3;
    case Verdict::kExpired:
      return 4;
    case Verdict::kOverQuota:
      return 5;
    case Verdict::kWrongBasis:
      return 6;
    case Verdict::kThirdState:
      return 7;
    case Verdict::kDenied:
      return 8;
  }
  return 2;
}

bool Permits(Verdict v) noexcept { return v == Verdict::kInternal || v == Verdict::kRegistered; }

}  // namespace gander::policy
