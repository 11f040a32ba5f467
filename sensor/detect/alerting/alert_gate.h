// SPDX-License-Identifier: Apache-2.0
// What is said once and when it is said again (DETECTION.md §3 "Dedup"). A key is active from its first alert until
// its count has stayed below half the threshold for two windows; an active key speaks again on ten times the count,
// after `reraise_s`, or at once when the severity has risen; never twice in `dedup_s` for any other reason.
#ifndef GANDER_DETECT_ALERTING_ALERT_GATE_H_
#define GANDER_DETECT_ALERTING_ALERT_GATE_H_

#include <map>
#include <string>

#include "base/snapshot_io.h"
#include "base/time.h"
#include "detect/alert.h"
#include "detect/options.h"

namespace gander::detect {

class AlertGate {
 public:
  AlertGate(const Options& options, Duration window) : options_(options), window_(window) {}

  struct Answer {
    bool raise = false;
    bool again = false;             // it was active before
    std::uint64_t suppressed = 0;   // offers held back since the last notice of this key
  };
  // `low` is the lower bound of the count. Precondition: the detector's condition holds when low >= threshold.
  Answer Offer(const std::string& key, Timestamp now, std::uint64_t low, std::uint64_t threshold, Severity severity);
  // Forgets what has been quiet; once an epoch.
  void Expire(Timestamp now);
  bool active(const std::string& key) const { return keys_.contains(key); }
  std::size_t size() const noexcept { return keys_.size(); }

  // So that a restart says nothing twice.
  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

 private:
  struct State {
    Timestamp raised, last_high;
    std::uint64_t count = 0, suppressed = 0;
    Severity severity = Severity::kInfo;
  };
  Options options_;
  Duration window_;
  std::map<std::string, State> keys_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ALERTING_ALERT_GATE_H_
