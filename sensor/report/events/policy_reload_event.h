// SPDX-License-Identifier: Apache-2.0
// The event of a policy read anew while the sensor runs: what judged before, what judges since and what differs, or why
// nothing changed.
#ifndef GANDER_REPORT_EVENTS_POLICY_RELOAD_EVENT_H_
#define GANDER_REPORT_EVENTS_POLICY_RELOAD_EVENT_H_

#include <cstdint>
#include <string>

#include "policy/difference.h"
#include "report/events/event.h"

namespace gander::report {

struct PolicyReload {
  bool good = false;
  std::string name;  // of the one that judges since
  int old_version = 0, version = 0;
  std::string old_digest, new_digest;
  std::uint64_t generation = 0;  // of the run: what judged, counted from 0
  std::uint64_t entries = 0, warnings = 0;
  policy::Difference difference;   // empty where it failed
  std::uint64_t build_ms = 0;      // to read and check it, aside
  std::uint64_t hand_over_ms = 0;  // until the last worker had taken it
  std::string problem;             // files, lines, causes and remedies where it failed
};

// Of each list in the difference the first `kMostListed` are named; the counts are of all.
inline constexpr std::size_t kMostListed = 100;
Event ToEvent(const PolicyReload& reload, Timestamp now);

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_POLICY_RELOAD_EVENT_H_
