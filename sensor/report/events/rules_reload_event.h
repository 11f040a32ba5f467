// SPDX-License-Identifier: Apache-2.0
// The event of rules read anew while the sensor runs: what judged before, what judges since, or why nothing changed.
#ifndef GANDER_REPORT_EVENTS_RULES_RELOAD_EVENT_H_
#define GANDER_REPORT_EVENTS_RULES_RELOAD_EVENT_H_

#include <cstdint>
#include <string>

#include "report/events/event.h"

namespace gander::report {

struct RulesReload {
  bool good = false;
  std::string old_digest, new_digest;  // of the sets that judged before and judge since
  std::uint64_t rules_before = 0, rules = 0;
  std::uint64_t added = 0, removed = 0;  // by id
  std::uint64_t build_ms = 0;            // to read, compile and try them, aside
  std::uint64_t hand_over_ms = 0;        // until the last worker had taken them
  std::string problem;                   // file, line, cause and remedy where it failed
};

Event ToEvent(const RulesReload& reload, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_RULES_RELOAD_EVENT_H_
