// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics_upkeep.h"

namespace gander::report {
namespace {

// A moment that has not come has no series.
void AddMoment(const MetricSpec& spec, Timestamp moment, MetricTable& table) {
  if (moment.ns > 0) table.Add(spec, static_cast<double>(moment.ns) / kNanosPerSecond);
}

void AddJudges(const Upkeep& u, MetricTable& table) {
  static const MetricSpec kRules{"gander_rules_loaded_timestamp_seconds", "When the rules in use were read", kGauge,
                                 {}};
  static const MetricSpec kPolicy{"gander_policy_loaded_timestamp_seconds", "When the policy in use was read", kGauge,
                                  {}};
  static const MetricSpec kEntries{"gander_register_entries", "Entries of the transfer register by what they are now",
                                   kGauge, {"state"}};
  static const MetricSpec kNext{"gander_register_next_end_timestamp_seconds",
                                "When the first of the permissions in force ends", kGauge, {}};
  AddMoment(kRules, u.rules_loaded, table);
  AddMoment(kPolicy, u.policy_loaded, table);
  for (const auto& [state, n] : u.entries) table.Add(kEntries, {state}, static_cast<double>(n));
  AddMoment(kNext, u.next_entry_end, table);
}

}  // namespace

void AddUpkeep(const RunState& s, MetricTable& table) {
  static const MetricSpec kSaved{"gander_snapshot_timestamp_seconds", "When the state of the detectors was last saved",
                                 kGauge, {}};
  static const MetricSpec kSaves{"gander_snapshot_writes_total", "Times that state was to be saved", kCounter,
                                 {"result"}};
  static const MetricSpec kEnd{"gander_epoch_end_timestamp_seconds", "Packet time up to which everything is judged",
                               kGauge, {}};
  static const MetricSpec kEpochs{"gander_epochs_total", "Epochs judged", kCounter, {}};
  static const MetricSpec kJudging{"gander_epoch_judging_seconds_total", "Time spent on judging them", kCounter, {}};
  if (s.offline) return;
  const Upkeep& u = s.upkeep;
  AddJudges(u, table);
  AddMoment(kSaved, u.snapshot_written, table);
  table.Add(kSaves, {"success"}, static_cast<double>(u.snapshots_written));
  table.Add(kSaves, {"failure"}, static_cast<double>(u.snapshots_failed));
  AddMoment(kEnd, u.epoch_end, table);
  table.Add(kEpochs, static_cast<double>(u.epochs));
  table.Add(kJudging, u.judging.seconds());
}

}  // namespace gander::report
