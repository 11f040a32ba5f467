// SPDX-License-Identifier: Apache-2.0
// The words of an alert on a volume tier of law: how many people, since when, of how many, and what is then due, as the
// policy says it.
#ifndef GANDER_DETECT_D21_REGISTER_LEGAL_ALERT_H_
#define GANDER_DETECT_D21_REGISTER_LEGAL_ALERT_H_

#include "detect/alerting/compose.h"
#include "detect/d21_register/legal_counts.h"
#include "detect/legal_reading.h"

namespace gander::detect {

// People from which on a tier is near: `share` of it, rounded up.
std::uint64_t NearOf(const policy::LegalTier& tier, double share) noexcept;

struct TierSaid {
  const policy::LegalMeter& meter;
  const policy::LegalTier& tier;
  const LegalKey& key;
  bool reached = false;
  std::uint64_t near = 0;
};
// Of a key that `counts` has. `figures` must outlive what is returned.
Saying SayingOfTier(const TierSaid& said, const PeopleFigures& figures, const LegalCounts& counts);

// The same for summaries, said or not.
LegalReading ReadingOfTier(const TierSaid& said, const PeopleFigures& figures, const LegalCounts& counts);

}  // namespace gander::detect

#endif  // GANDER_DETECT_D21_REGISTER_LEGAL_ALERT_H_
