// SPDX-License-Identifier: Apache-2.0
// Notes when rules, policy and saved state of a live run were last made anew, and how far judging is. One thread.
#ifndef GANDER_RUNTIME_UPKEEP_BOOK_H_
#define GANDER_RUNTIME_UPKEEP_BOOK_H_

#include "policy/policy.h"
#include "report/upkeep.h"

namespace gander::runtime {

class UpkeepBook {
 public:
  // What judges at the start was read just now.
  UpkeepBook();
  void TookRules();
  void TookPolicy();
  void SavedState(bool good);
  // One epoch was judged, up to packet time `end`; `took` of the wall clock.
  void Judged(Timestamp end, Duration took);
  // As things stand at the end of the last epoch.
  report::Upkeep Describe(const policy::Policy& policy) const;

 private:
  report::Upkeep upkeep_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_UPKEEP_BOOK_H_
