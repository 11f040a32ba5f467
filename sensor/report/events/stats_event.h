// SPDX-License-Identifier: Apache-2.0
// The run's counters as a `stats` event: Suricata's groups under `stats`, the byte ledger under `gander`.
#ifndef GANDER_REPORT_EVENTS_STATS_EVENT_H_
#define GANDER_REPORT_EVENTS_STATS_EVENT_H_

#include "report/events/event.h"
#include "report/run_state.h"

namespace gander::report {

// The event's body does not refer to `state`. Counters of one name are added up.
Event ToStatsEvent(const RunState& state, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_STATS_EVENT_H_
