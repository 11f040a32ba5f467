// SPDX-License-Identifier: Apache-2.0
// The `audit` event: somebody was let at what the sensor keeps or masks, or it was deleted. One for every unmasking,
// every file kept in or taken out of the quarantine, every export, every deletion by retention.
#ifndef GANDER_REPORT_EVENTS_AUDIT_EVENT_H_
#define GANDER_REPORT_EVENTS_AUDIT_EVENT_H_

#include <cstdint>
#include <string>

#include "base/result.h"
#include "report/events/event.h"

namespace gander::report {

struct Audit {
  // Nothing personal stands in any of them. `action` is of a closed list (the schema's examples):
  // unmasking, quarantine_keep, quarantine_release, quarantine_delete, retention_delete, evidence_export,
  // bundle_apply, bundle_refuse.
  const char* action = "";
  std::string object;            // what: a setting, a file's SHA-256, a path
  std::string actor = "sensor";  // who; of a command ActorOfThisProcess()
  std::string reason;
  std::uint64_t count = 0, bytes = 0;  // of what was kept, given out or deleted; 0 = left out
};

Event ToEvent(const Audit& audit, Timestamp now);

// For commands, which are not the sensor: appends the event as one line to `path` and has it on the disk before it
// returns, so call it before what it tells of. The file is made for its owner alone. Error: it cannot be written; then
// what it would tell of must not be done.
Result<bool> AppendAudit(const std::string& path, const Audit& audit, Timestamp now, const std::string& sensor_name);

// Where commands append: `configured` (privacy.audit_file) or, where that is empty, "<events>.audit". "" when events
// go to no file either.
std::string AuditPath(const std::string& configured, const std::string& events);

// "anna (uid 1000)"; behind sudo who called it, too.
std::string ActorOfThisProcess();

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_AUDIT_EVENT_H_
