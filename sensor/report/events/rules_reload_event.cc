// SPDX-License-Identifier: Apache-2.0
#include "report/events/rules_reload_event.h"

namespace gander::report {

Event ToEvent(const RulesReload& reload, Timestamp now) {
  const auto number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  Event event;
  event.time = now;
  event.type = "rules_reload";
  event.body.BeginObject("rules_reload");
  event.body.String("result", reload.good ? "success" : "failure");
  event.body.String("old_digest", reload.old_digest).String("new_digest", reload.new_digest);
  event.body.Integer("rules_before", number(reload.rules_before)).Integer("rules", number(reload.rules));
  event.body.Integer("added", number(reload.added)).Integer("removed", number(reload.removed));
  event.body.Integer("build_ms", number(reload.build_ms)).Integer("hand_over_ms", number(reload.hand_over_ms));
  if (!reload.problem.empty()) event.body.String("problem", reload.problem);
  event.body.EndObject();
  return event;
}

}  // namespace gander::report
