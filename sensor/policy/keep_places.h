// SPDX-License-Identifier: Apache-2.0
// A policy for a run that another has judged until now: zones, assets, entries and meters keep their numbers by id, so
// that what was counted before and what is judged since name the same things.
#ifndef GANDER_POLICY_KEEP_PLACES_H_
#define GANDER_POLICY_KEEP_PLACES_H_

#include "policy/policy.h"

namespace gander::policy {

// Reorders `next`; what only `before` had stays in its place, `retired`.
void KeepPlaces(const Policy& before, PolicySource& next);

}  // namespace gander::policy

#endif  // GANDER_POLICY_KEEP_PLACES_H_
