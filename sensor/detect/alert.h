// SPDX-License-Identifier: Apache-2.0
// What a detector says, with the figures behind it.
#ifndef GANDER_DETECT_ALERT_H_
#define GANDER_DETECT_ALERT_H_

#include <string>
#include <vector>

#include "base/net.h"
#include "base/record.h"
#include "base/time.h"

namespace gander::detect {

// EVE knows severity 1 (high) to 4; AlertSeverity to EVE: critical, high = 1, medium = 2, low = 3, info = 4.
enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
constexpr Severity LastOf(Severity) noexcept { return Severity::kCritical; }
const char* NameOf(Severity s) noexcept;
bool ParseSeverity(std::string_view text, Severity& out) noexcept;
int EveSeverity(Severity s) noexcept;

struct Alert {
  const char* detector = "";         // "D02"
  const char* detector_name = "";    // "bulk_transfer"
  std::uint32_t sid = 0;             // EVE signature_id: 2,090,000 + detector number
  std::uint32_t revision = 1;
  std::string signature;             // one line: "GANDER Bulk transfer of records: 412 people, national_id, ..."
  std::string category;              // EVE alert.category
  Severity severity = Severity::kMedium;
  std::string explanation;           // why it fired, in words, with the figures and the threshold
  std::vector<std::string> mitre;    // technique ids
  FiveTuple tuple;                   // one representative flow; ports 0 where many
  const char* app_proto = "";
  std::uint64_t flow_id = 0;         // 0 when many
  Timestamp time, first_seen, last_seen;
  std::string dedup_key;             // stable; what is raised once
  // alert.context: objects "pii", "transfer", "evidence" as ECOSYSTEM.md §3 lays them out, and "why".
  Record context;
};

class AlertSink {
 public:
  virtual ~AlertSink() = default;
  virtual void OnAlert(Alert alert) = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERT_H_
