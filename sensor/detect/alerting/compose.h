// SPDX-License-Identifier: Apache-2.0
// An alert put together from its parts, in the order of words and context objects that all detectors keep.
#ifndef GANDER_DETECT_ALERTING_COMPOSE_H_
#define GANDER_DETECT_ALERTING_COMPOSE_H_

#include <string>

#include "detect/account/moved_sums.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"

namespace gander::detect {

struct Saying {
  std::string dedup;
  std::string signature;   // behind "GANDER "
  std::string what;        // sentences: what was seen, consistent with what, against which threshold
  std::string verdict;     // a sentence; empty = of ends.judgement
  std::string remedy;      // a clause behind "What to do: "
  Weighed weighed;
  EndFigures ends;
  const PeopleFigures* people = nullptr;  // null where nobody's identifiers were seen
  FlowSample sample;
  const char* app_proto = "";             // static
  Timestamp first_seen, last_seen;
  AlertGate::Answer answer;
  Record extra;            // further objects of the context
};
Alert Compose(const Topic& topic, const Saying& saying, const EpochView& epoch);

// Severity that figures alone decide.
Weighed Plainly(Severity severity, const std::string& because);

// What the open sessions of the book say of bytes and flows between the ends of `sums`. A side that is several
// addresses is any; nothing is said where both are. May look at every session: for an alert, not for each epoch.
void AddVolume(const TransferBook& book, const MovedSums& sums, EndFigures& ends);

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_COMPOSE_H_
