// SPDX-License-Identifier: Apache-2.0
// What this sensor tells the fleet of a window, as a `sketch` event: its schema is a contract with the engines that merge
// (report/schema/eve.schema.json, "sketch"). No value, no tag, no hash of a single person stands in it.
#ifndef GANDER_REPORT_EVENTS_SKETCH_EVENT_H_
#define GANDER_REPORT_EVENTS_SKETCH_EVENT_H_

#include "detect/fleet/fleet_sketch.h"
#include "report/events/event.h"

namespace gander::report {

Event ToEvent(const detect::FleetSketch& sketch, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_SKETCH_EVENT_H_
