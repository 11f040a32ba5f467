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

void AppendRestart(const RestartGap& gap, Record& body) {
  body.String("kind", "restart").String("state", "ended").String("reason", gap.cause);
  if (!gap.signal.empty()) body.String("signal", gap.signal);
  if (!gap.flow.empty()) body.String("flow_hash", gap.flow);
  body.Integer("restarts", Signed(gap.restarts));
  body.String("begin", FormatEveTime(gap.begin)).String("end", FormatEveTime(gap.end));
  body.Real("seconds", (gap.end - gap.begin).seconds());
}

void AppendFlow(const PoisonFlow& flow, Event& event) {
  event.time = flow.time;
  event.has_tuple = true;
  event.tuple = flow.tuple;
  event.community_id = flow.community_id;
  event.body.String("kind", "flow")
      .String("state", "begun")
      .String("flow_hash", flow.flow)
      .Integer("deaths", Signed(flow.deaths))
      .String("reason", "this flow was in hand when the sensor died: it is not read any more");
}

}  // namespace

Event ToEvent(const BlindSpot& spot, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "blind_spot";
  event.body.BeginObject("blind_spot");
  if (spot.restart) {
    AppendRestart(*spot.restart, event.body);
  } else if (spot.flow) {
    AppendFlow(*spot.flow, event);
  } else if (spot.port.empty()) {
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
