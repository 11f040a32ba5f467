// SPDX-License-Identifier: Apache-2.0
// The event of a stretch in which the sensor did not see all: one when it begins, one with its cost when it ends.
// Shorter than an epoch, it has the second alone.
#ifndef GANDER_REPORT_EVENTS_BLIND_SPOT_EVENT_H_
#define GANDER_REPORT_EVENTS_BLIND_SPOT_EVENT_H_

#include <optional>
#include <string>

#include "report/events/event.h"
#include "report/run_state.h"

namespace gander::report {

struct BlindSpot {
  Shedding shedding;    // a worker left something out; or, where `port` is set,
  std::string port;     // this port does not work, and why;
  std::string problem;  // "" once it works again
  std::optional<RestartGap> restart;  // or the sensor died and another took over
  std::optional<PoisonFlow> flow;     // or a flow is not read, since it killed sensors
};

Event ToEvent(const BlindSpot& spot, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_BLIND_SPOT_EVENT_H_
