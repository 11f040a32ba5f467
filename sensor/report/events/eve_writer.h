// SPDX-License-Identifier: Apache-2.0
// Renders events as EVE JSON lines (one object a line, UTF-8, keys in Suricata's names).
#ifndef GANDER_REPORT_EVENTS_EVE_WRITER_H_
#define GANDER_REPORT_EVENTS_EVE_WRITER_H_

#include <string>

#include "detect/alert.h"
#include "detect/alerting/suppressions.h"
#include "detect/transfer_summary.h"
#include "report/events/event.h"

namespace gander::report {

struct EveOptions {
  std::string sensor_name;            // `host`; empty = left out (offline runs stay byte-equal everywhere)
  bool community_id = true;
};

class EveWriter {
 public:
  explicit EveWriter(EveOptions options);
  // Appends one line, newline included. Invalid UTF-8 becomes U+FFFD.
  void Append(const Event& event, std::string& out) const;

 private:
  EveOptions options_;
};

// The aggregator's own kinds as events. ECOSYSTEM.md §3 has the layout.
// `policy` is what judged: its name, version and digest stand in the context. May be null.
// `suppressed`: why it is told to nobody but the evidence log.
Event ToEvent(const detect::Alert& alert, const policy::Policy* policy = nullptr,
              const detect::Suppression* suppressed = nullptr);
// The id in alert.context.id: the same for the same alert, wherever it is told.
std::string AlertId(const detect::Alert& alert);
Event ToEvent(const detect::TransferSummary& transfer, const policy::Policy& policy, Timestamp now);

// The order in which events leave: (time, tuple, sequence, type).
bool Before(const Event& a, const Event& b) noexcept;

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_EVE_WRITER_H_
