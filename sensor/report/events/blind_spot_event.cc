// SPDX-License-Identifier: Apache-2.0
#include "report/events/blind_spot_event.h"

#include "report/events/record_shapes.h"

namespace gander::report {
namespace {

void AppendPort(const BlindSpot& spot, Record& body) {
  body.String("kind", "port")
      .String("state", spot.problem.empty() ? "ended" : "begun")
      .String("port", spot.port);
  if (!spot.problem.empty()) body.String("reason", spot.problem);
}

}  // namespace

Event ToEvent(const BlindSpot& spot, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "blind_spot";
  event.body.BeginObject("blind_spot");
  if (spot.port.empty()) {
    event.time = spot.shedding.over ? spot.shedding.end : spot.shedding.begin;
    event.body.String("kind", "shedding");
    AppendShedding(spot.shedding, event.body);
  } else {
    AppendPort(spot, event.body);
  }
  event.body.EndObject();
  return event;
}

}  // namespace gander::report
