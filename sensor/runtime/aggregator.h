// SPDX-License-Identifier: Apache-2.0
// Merges the workers' epochs, runs the detectors, keeps the book of transfers, writes events. One thread.
#ifndef GANDER_RUNTIME_AGGREGATOR_H_
#define GANDER_RUNTIME_AGGREGATOR_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "detect/account/transfer_book.h"
#include "detect/alerting/suppressions.h"
#include "detect/state/snapshot_file.h"
#include "report/events/policy_reload_event.h"
#include "report/events/rules_reload_event.h"
#include "report/metrics/metrics.h"
#include "report/quarantine/quarantine.h"
#include "report/run_state.h"
#include "report/sink/outputs.h"
#include "runtime/death_book.h"
#include "runtime/detector_set.h"
#include "runtime/event_desk.h"
#include "runtime/evidence_feed.h"
#include "runtime/excerpt_book.h"
#include "runtime/fleet_desk.h"
#include "runtime/health_book.h"
#include "runtime/sealed_epoch.h"
#include "runtime/state_desk.h"
#include "runtime/upkeep_book.h"
#include "supervise/past_run.h"

namespace gander::runtime {

class Aggregator final : public detect::AlertSink {
 public:
  struct Options {
    std::string source_name;
    bool offline = true;
    std::uint32_t workers = 1;
    report::Quarantine* quarantine = nullptr;  // may be null
    const detect::SnapshotKey* state_key = nullptr;  // null: no snapshot is written
    evidence::Recorder* evidence = nullptr;          // may be null
    const detect::Acknowledgements* acknowledged = nullptr;        // may be null
    std::function<void(std::shared_ptr<const report::RunState>)> on_state;  // after each epoch; may be empty
    supervise::PastRun past = {};  // of a supervisor
    const detect::FleetKey* fleet = nullptr;  // null: no sketches are told
    HashKey tag_key = detect::Options{}.tag_key;  // of this run, as its workers have it
  };
  // `outputs` and `metrics` may be null.
  Aggregator(std::shared_ptr<const config::Snapshot> snapshot, Options options, report::Outputs* outputs,
             report::MetricsServer* metrics);

  // Before the first epoch, as StateDesk has it.
  void TakeUp(const std::string& state) { state_.TakeUp(state, *snapshot_); }

  // One epoch, one part a worker (at least one). `port` is cumulative. The parts are cleared for another use.
  void OnEpoch(std::span<const std::unique_ptr<SealedEpoch>> parts, const capture::SourceCounters& port);

  void AddWarning(std::string text) { warnings_.push_back(std::move(text)); }
  // Live: a worker gives no answer, or does again.
  void SetStalled(std::uint32_t worker, bool stalled) { health_.SetStalled(worker, stalled); }
  // From any thread: told with the next epoch.
  void AddReload(report::RulesReload rules, report::PolicyReload policy);
  // After the final epoch. Ends the evidence log, whose last checkpoint goes out as the last event.
  report::RunState Finish();

 private:
  void OnAlert(detect::Alert alert) override;
  std::optional<detect::Suppression> SuppressedBy(const detect::Alert& alert) const;
  void MergeParts(std::span<const std::unique_ptr<SealedEpoch>> parts);
  void Judge(Timestamp begin, Timestamp end, bool final, const ByteLedger& epoch_ledger, Duration step_back,
             const capture::SourceCounters& port);
  void AdoptLatest(std::span<const std::unique_ptr<SealedEpoch>> parts);
  void TellReloads(Timestamp now);
  void TellAudits(Timestamp now, bool final);
  void WriteOwnEvents(Timestamp end, bool final);
  report::RunState State(bool finished) const;
  void DescribeTraffic(report::RunState& s) const;
  void DescribeDetection(report::RunState& s) const;
  void DescribeRules(report::RunState& s) const;
  bool Wanted(std::string_view type) const { return desk_.Wanted(type, snapshot_->settings); }
  bool KeepsExcerpts() const;
  void WriteOwn();

  std::shared_ptr<const config::Snapshot> snapshot_;
  Options options_;
  report::Outputs* outputs_;
  report::MetricsServer* metrics_;
  EvidenceFeed evidence_;
  EventDesk desk_;

  std::unique_ptr<detect::TransferMeter> transfers_;
  std::unique_ptr<detect::TrafficMeter> traffic_;
  DetectorSet detectors_;
  detect::TransferBook book_;
  FleetDesk fleet_;
  OuterFlowBook outer_flows_;
  DeathBook deaths_;
  ExcerptBook excerpts_;
  detect::HostNames host_names_;

  // Sums over workers, as of the last epoch.
  ByteLedger ledger_;
  WorkerTotals totals_;
  std::vector<WorkerTotals> of_worker_;  // as each said last: one that is late keeps its sums
  HealthBook health_;
  UpkeepBook upkeep_;
  std::vector<std::string> warnings_;
  StateDesk state_;
  capture::SourceCounters port_;
  Timestamp first_packet_ = kDistantFuture, last_packet_ = kDistantPast, last_stats_ = kDistantPast;
  std::map<std::pair<std::string, std::string>, std::uint64_t> alerts_by_;
  std::map<std::string, std::uint64_t> suppressed_;  // by detector
  std::vector<detect::Alert> raised_;
  std::vector<report::Event> own_;  // of this epoch
  bool began_ = false;
  std::uint64_t reloads_good_ = 0, reloads_failed_ = 0, policies_good_ = 0, policies_failed_ = 0;
  std::mutex reloads_mutex_;
  std::vector<std::pair<report::RulesReload, report::PolicyReload>> reloads_;  // not told yet
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_AGGREGATOR_H_
