// SPDX-License-Identifier: Apache-2.0
// What the evidence log tells outwards, and what it is told of the sensor. An `evidence` event carries a signed checkpoint
// to where the events go: kept there, it is a witness against whoever would make the log anew.
#ifndef GANDER_REPORT_EVENTS_EVIDENCE_EVENT_H_
#define GANDER_REPORT_EVENTS_EVIDENCE_EVENT_H_

#include <cstdint>
#include <string>

#include "report/events/event.h"
#include "report/run_state.h"

namespace gander::report {

// `note`: a signed checkpoint (evidence/checkpoint.h).
Event ToEvidenceEvent(const std::string& note, Timestamp now);

// As the kernel knows it (adjtimex(2)).
struct ClockState {
  Timestamp wall;
  bool synchronised = false;
  std::int64_t most_error_us = 0;  // the kernel's own bound
};

// JSON object for a `state` record: what judges and by which digests, the clock, the byte ledger, what was lost.
std::string SensorState(const RunState& state, const std::string& configuration_digest, const ClockState& clock,
                        Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_EVIDENCE_EVENT_H_
