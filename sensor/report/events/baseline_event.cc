// SPDX-License-Identifier: Apache-2.0
#include "report/events/baseline_event.h"

namespace gander::report {

Event ToEvent(const BaselineChange& change, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "baseline";
  Record& body = event.body;
  body.BeginObject("baseline").String("action", change.action);
  if (!change.detector.empty()) body.String("detector", change.detector);
  if (!change.hosts.empty()) body.String("hosts", change.hosts);
  body.Integer("baselines", static_cast<std::int64_t>(change.baselines)).EndObject();
  return event;
}

}  // namespace gander::report
