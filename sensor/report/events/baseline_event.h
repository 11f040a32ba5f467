// SPDX-License-Identifier: Apache-2.0
// The event of a request of `gander baseline` that the sensor took: what it freezes or forgets has to be seen.
#ifndef GANDER_REPORT_EVENTS_BASELINE_EVENT_H_
#define GANDER_REPORT_EVENTS_BASELINE_EVENT_H_

#include <cstdint>
#include <string>

#include "report/events/event.h"

namespace gander::report {

struct BaselineChange {
  std::string action;           // "freeze"
  std::string detector, hosts;  // empty = all
  std::uint64_t baselines = 0;  // concerned
};

Event ToEvent(const BaselineChange& change, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_BASELINE_EVENT_H_
