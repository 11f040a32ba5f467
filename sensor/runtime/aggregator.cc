// SPDX-License-Identifier: Apache-2.0
#include "runtime/aggregator.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocol/registry.h"
#include "report/events/audit_event.h"
#include "report/events/stats_event.h"
#include "runtime/state_counters.h"

namespace gander::runtime {
namespace {

void AddTo(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

detect::Options OfRun(detect::Options options, bool repeatable, const HashKey& tag_key) {
  options.repeatable = repeatable;
  options.tag_key = tag_key;
  return options;
}

// Tables in which what all workers may hold has room, so that no merge has to place everything anew. Memory is touched
// as it is used.
detect::Options ForSum(detect::Options options, std::uint32_t workers) {
  options.epoch_paths *= workers;
  options.epoch_strands *= workers;
  options.epoch_tags *= workers;
  options.epoch_registers *= workers;
  options.epoch_traffic *= workers;
  return options;
}

}  // namespace

Aggregator::Aggregator(std::shared_ptr<const config::Snapshot> snapshot, Options options, report::Outputs* outputs,
                       report::MetricsServer* metrics)
    : snapshot_(std::move(snapshot)),
      options_(std::move(options)),
      outputs_(outputs),
      metrics_(metrics),
      evidence_(options_.evidence, snapshot_->settings.evidence.types, config::DigestOf(snapshot_->settings)),
      desk_(outputs, evidence_, snapshot_->settings.report.sensor_name),
      transfers_(std::make_unique<detect::TransferMeter>(ForSum(snapshot_->settings.detect, options_.workers),
                                                         options_.fleet)),
      traffic_(std::make_unique<detect::TrafficMeter>(ForSum(snapshot_->settings.detect, options_.workers))),
      detectors_(OfRun(snapshot_->settings.detect, options_.offline, options_.tag_key)),
      book_(snapshot_->settings.detect, *snapshot_->policy, *snapshot_->rules),
      fleet_(snapshot_->settings, options_.fleet, options_.state_key != nullptr),
      outer_flows_(Duration::Seconds(snapshot_->settings.flow.udp_established_s)),
      deaths_(options_.past),
      state_(options_.state_key, {book_, detectors_, fleet_, upkeep_, warnings_}) {}

void Aggregator::OnEpoch(std::span<const std::unique_ptr<SealedEpoch>> parts, const capture::SourceCounters& port) {
  Timestamp begin = kDistantFuture, end = kDistantPast;
  bool final = true;
  ByteLedger epoch_ledger;
  Duration step_back;
  for (const auto& part : parts) {
    begin = std::min(begin, part->begin);
    end = std::max(end, part->end);
    final = final && part->final;
    epoch_ledger.Merge(part->epoch_ledger);
    step_back = std::max(step_back, part->step_back);
    if (part->totals.ledger.packets > 0) first_packet_ = std::min(first_packet_, part->first_packet);
    if (part->totals.ledger.packets > 0) last_packet_ = std::max(last_packet_, part->last_packet);
  }
  AdoptLatest(parts);
  MergeParts(parts);
  if (KeepsExcerpts()) excerpts_.Merge(parts, end);
  const auto started = std::chrono::steady_clock::now();
  Judge(begin, end, final, epoch_ledger, step_back, port);
  upkeep_.Judged(end, {std::chrono::nanoseconds(std::chrono::steady_clock::now() - started).count()});
  desk_.WriteLines(parts);
  WriteOwnEvents(end, final);
  state_.SaveWhenDue(*snapshot_, end, fleet_.MustSave() || final);
  if (metrics_ != nullptr || options_.on_state) {
    const auto state = std::make_shared<const report::RunState>(State(false));
    if (metrics_ != nullptr) metrics_->Publish(state);
    if (options_.on_state) options_.on_state(state);
  }
  for (const auto& part : parts) {
    part->events.Clear();
    part->lane.shed.clear();
    part->transfers->Clear();
    part->traffic->Clear();
    part->new_hosts.clear();
    part->outer_flows.clear();
    part->excerpts.Clear();
    for (auto& meter : part->meters) {
      if (meter != nullptr) meter->Clear();
    }
  }
}

// A worker that has newer rules and zones than the others counts by their numbers; those know the older ones' too.
void Aggregator::AdoptLatest(std::span<const std::unique_ptr<SealedEpoch>> parts) {
  for (const auto& part : parts) {
    if (part->snapshot == nullptr) continue;
    if (part->snapshot->generation > snapshot_->generation) snapshot_ = part->snapshot;
    part->snapshot.reset();
  }
}

void Aggregator::AddReload(report::RulesReload rules, report::PolicyReload policy) {
  const std::lock_guard lock(reloads_mutex_);
  reloads_.emplace_back(std::move(rules), std::move(policy));
}

void Aggregator::TellReloads(Timestamp now) {
  const std::lock_guard lock(reloads_mutex_);
  // Events are sorted by time: several of one epoch keep their order by a microsecond each.
  for (const auto& [rules, policy] : reloads_) {
    ++(rules.good ? reloads_good_ : reloads_failed_);
    ++(policy.good ? policies_good_ : policies_failed_);
    if (rules.good) upkeep_.TookRules();
    if (policy.good) upkeep_.TookPolicy();
    if (Wanted("rules_reload")) own_.push_back(report::ToEvent(rules, now));
    if (Wanted("policy_reload")) own_.push_back(report::ToEvent(policy, now + Duration{1000}));
    now = now + Duration{2000};
  }
  reloads_.clear();
}

void Aggregator::TellAudits(Timestamp now, bool final) {
  std::vector<report::Audit> audits;
  const bool first = !std::exchange(began_, true);
  if (first && snapshot_->settings.metadata == config::MetadataPrivacy::kRaw) {
    audits.push_back({"unmasking", "privacy.metadata", "sensor",
                      "set to raw: events carry names, mail addresses and paths as they were seen", 0, 0});
  }
  if (first && KeepsExcerpts() && snapshot_->settings.quarantine.excerpt == report::QuarantineExcerpt::kRaw) {
    audits.push_back({"unmasking", "quarantine.excerpt", "sensor",
                      "set to raw: sealed excerpts hold what was said as it was seen", 0, 0});
  }
  if (options_.quarantine != nullptr) {
    if (final) options_.quarantine->Close();  // nobody offers any more; what waits is kept and told
    for (report::Audit& audit : options_.quarantine->TakeAudits()) audits.push_back(std::move(audit));
  }
  for (const report::Audit& audit : audits) own_.push_back(report::ToEvent(audit, now));
}

void Aggregator::MergeParts(std::span<const std::unique_ptr<SealedEpoch>> parts) {
  transfers_->Clear();
  traffic_->Clear();
  detectors_.ClearMeters();
  WorkerTotals sum;
  of_worker_.resize(std::max<std::size_t>(of_worker_.size(), options_.workers));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t worker = options_.offline ? i : parts[i]->worker;
    if (worker >= of_worker_.size()) of_worker_.resize(worker + 1);
    of_worker_[worker] = parts[i]->totals;
    if (!options_.offline) health_.Take(parts[i]->worker, parts[i]->lane);
  }
  for (const auto& part : parts) {
    outer_flows_.Merge(part->outer_flows);
    transfers_->Merge(*part->transfers);
    traffic_->Merge(*part->traffic);
    detectors_.Merge(*part);
    for (auto& [tag, name] : part->new_hosts) host_names_.emplace(tag, name);
    deaths_.Take(part->poison);
  }
  for (const WorkerTotals& t : of_worker_) {
    sum.ledger.Merge(t.ledger);
    AddCounters(sum.decode, t.decode);
    AddCounters(sum.stream, t.stream);
    AddCounters(sum.sctp, t.sctp);
    AddCounters(sum.content, t.content);
    AddCounters(sum.identify, t.identify);
    AddCounters(sum.worker, t.worker);
    AddTo(sum.findings, t.findings);
    AddTo(sum.app_flows, t.app_flows);
    for (const auto& [function, n] : t.functions) sum.functions[function] += n;
    sum.flows_active += t.flows_active;
  }
  totals_ = std::move(sum);
}

void Aggregator::Judge(Timestamp begin, Timestamp end, bool final, const ByteLedger& epoch_ledger,
                       Duration step_back, const capture::SourceCounters& port) {
  detect::PortHealth health;
  health.received = port.received - port_.received;
  health.kernel_drops = port.kernel_drops - port_.kernel_drops;
  health.no_buffer = port.no_buffer - port_.no_buffer;
  health.interface_drops = port.interface_drops - port_.interface_drops;
  health.step_back = step_back;
  health_.Judge(final, health);
  Timestamp seen_until = state_.TakeSeenUntil();
  // Without a snapshot, nothing but the supervisor knows of the time before.
  const bool told = seen_until != kDistantPast;
  if (!began_ && !told && options_.past.last.read_until_ns != 0) seen_until = {options_.past.last.read_until_ns};
  if (seen_until != kDistantPast && begin > seen_until) health.absent.push_back({seen_until, begin});
  port_ = port;
  const std::uint64_t keys_lost = book_.keys_lost() + fleet_.keys_lost() + detectors_.keys_lost();
  const std::uint32_t alive = options_.workers - std::min(options_.workers, health_.stalled());
  const detect::EpochView view{begin,           end,          final,  *snapshot_->policy, *snapshot_->rules,
                               epoch_ledger,    totals_.ledger, health, host_names_,        *transfers_,
                               alive,           options_.workers, &book_, keys_lost,       traffic_.get()};
  traffic_->Place(*snapshot_->policy);
  book_.OnEpoch(view);
  fleet_.OnEpoch(view, *this);
  detectors_.OnEpoch(view, *this);
}

bool Aggregator::KeepsExcerpts() const {
  return options_.quarantine != nullptr && snapshot_->settings.quarantine.excerpt != report::QuarantineExcerpt::kOff;
}

std::optional<detect::Suppression> Aggregator::SuppressedBy(const detect::Alert& alert) const {
  for (const detect::Suppression& s : snapshot_->suppressions) {
    if (s.Covers(alert, alert.time)) return s;
  }
  return options_.acknowledged != nullptr ? options_.acknowledged->Find(alert, alert.time) : std::nullopt;
}

void Aggregator::OnAlert(detect::Alert alert) {
  if (const auto by = SuppressedBy(alert)) {
    ++suppressed_[alert.detector];
    if (evidence_.Wants("alert")) desk_.WriteAsEvidence(report::ToEvent(alert, snapshot_->policy.get(), &*by));
    return;
  }
  ++alerts_by_[{alert.detector, detect::NameOf(alert.severity)}];
  if (Wanted("alert")) {
    if (KeepsExcerpts()) excerpts_.Seal(alert, *options_.quarantine);
    own_.push_back(report::ToEvent(alert, snapshot_->policy.get()));
  }
  if (raised_.size() < snapshot_->settings.report.shown_alerts) raised_.push_back(std::move(alert));
}

void Aggregator::WriteOwnEvents(Timestamp end, bool final) {
  const Timestamp now = final && last_packet_ != kDistantPast ? last_packet_ : end;
  TellReloads(now);
  for (const report::BaselineChange& change : state_.TakeChanges()) {
    if (Wanted("baseline")) own_.push_back(report::ToEvent(change, now));
  }
  TellAudits(now, final);
  std::vector<report::BlindSpot> news = health_.TakeNews();
  for (report::BlindSpot& spot : deaths_.TakeNews(first_packet_, last_packet_, now, final)) {
    news.push_back(std::move(spot));
  }
  if (Wanted("blind_spot")) {
    for (const report::BlindSpot& spot : news) own_.push_back(report::ToEvent(spot, now));
  }
  const bool tells_transfers = Wanted("transfer");
  for (const detect::TransferSummary& t : book_.TakeClosed(final)) {
    if (tells_transfers) own_.push_back(report::ToEvent(t, *snapshot_->policy, t.last_seen));
  }
  fleet_.TakeDue(now, Wanted("sketch"), own_);
  if (Wanted("flow")) outer_flows_.TakeEnded(end, final, own_);
  std::stable_sort(own_.begin(), own_.end(), report::Before);
  const std::uint32_t interval = snapshot_->settings.runtime.stats_interval_s;
  const bool stats_due =
      interval > 0 && (last_stats_ == kDistantPast || now - last_stats_ >= Duration::Seconds(interval));
  if (Wanted("stats") && (final || stats_due)) {
    last_stats_ = now;
    own_.push_back(report::ToStatsEvent(State(final), now));
  }
  if (!options_.offline) {  // when a checkpoint is signed is the disk's business: a scan tells the last one only
    for (report::Event& event : evidence_.TakeCheckpoints(now, false)) own_.push_back(std::move(event));
  }
  WriteOwn();
  if (evidence_.HasNews()) evidence_.Commit(State(false), now);
}

void Aggregator::WriteOwn() {
  desk_.Write(own_, snapshot_->settings);
  own_.clear();
}

report::RunState Aggregator::State(bool finished) const {
  report::RunState s;
  s.source = options_.source_name;
  s.offline = options_.offline;
  s.finished = finished;
  s.workers = options_.workers;
  DescribeTraffic(s);
  DescribeDetection(s);
  DescribeRules(s);
  s.events_written = desk_.written();
  s.events_dropped = desk_.dropped();
  evidence_.Describe(s);
  if (outputs_ != nullptr) s.sinks = outputs_->States();
  for (const report::SinkState& sink : s.sinks) s.events_dropped += sink.lost_events();
  s.version = GANDER_VERSION;
  s.warnings = warnings_;
  if (!options_.offline) s.upkeep = upkeep_.Describe(*snapshot_->policy);
  s.supervision = deaths_.Describe();
  return s;
}

void Aggregator::DescribeTraffic(report::RunState& s) const {
  if (last_packet_ != kDistantPast) {
    s.first_packet = first_packet_;
    s.last_packet = last_packet_;
  }
  s.ledger = totals_.ledger;
  s.capture_received = port_.received;
  s.kernel_drops = port_.kernel_drops;
  s.no_buffer = port_.no_buffer;
  s.nic_errors = port_.errors;
  s.interface_drops = port_.interface_drops;
  health_.Describe(s);
  s.flows_active = totals_.flows_active;
  s.flows_total = totals_.worker.flows;
  s.counters = NamedCounters(totals_, options_.quarantine, KeepsExcerpts() ? &excerpts_.counters() : nullptr);
  const auto protocols = protocol::Protocols();
  for (std::size_t i = 0; i < totals_.app_flows.size(); ++i) {
    const char* name = i < protocols.size() ? protocols[i].name : protocol::PlainText().name;
    if (totals_.app_flows[i] > 0) s.app_flows[name] += totals_.app_flows[i];
  }
  for (const auto& [key, n] : totals_.functions) {
    s.functions[{std::string(key[0]), std::string(key[1]), std::string(key[2])}] = n;
  }
}

void Aggregator::DescribeDetection(report::RunState& s) const {
  static constexpr const char* kColumns[] = {"unproven", "counted", "test"};
  for (std::size_t i = 0; i < totals_.findings.size(); ++i) {
    if (totals_.findings[i] == 0) continue;
    s.findings[{snapshot_->rules->info(static_cast<identify::IdType>(i / 3)).id, kColumns[i % 3]}] =
        totals_.findings[i];
  }
  s.alerts = alerts_by_;
  s.suppressed = suppressed_;
  detect::StateUse use = book_.use();
  use.Add(fleet_.use());
  detectors_.AddUse(use);
  s.detect_lost = book_.keys_lost() + fleet_.keys_lost() + detectors_.keys_lost();
  s.meters = detectors_.Readings();
  s.detect_bytes = use.bytes;
  s.detect_keys = use.keys;
  s.detect_refused = use.refused;
  s.detect_flood_keys = use.flood_keys;
  s.detect_ceiling = snapshot_->settings.detect.memory;
  s.transfers = book_.Summaries(snapshot_->settings.report.shown_transfers, &s.transfers_not_shown);
  s.raised = raised_;
}

void Aggregator::DescribeRules(report::RunState& s) const {
  s.rules_loaded = snapshot_->rules->size();
  s.rules_reloads = {{"success", reloads_good_}, {"failure", reloads_failed_}};
  s.policy_reloads = {{"success", policies_good_}, {"failure", policies_failed_}};
  s.policy_name = snapshot_->policy->name();
  s.policy_version = snapshot_->policy->version();
  s.policy_digest = snapshot_->policy->digest();
  s.rules_digest = snapshot_->rules->digest();
  s.bundle_name = snapshot_->bundle.name;
  s.bundle_serial = snapshot_->bundle.serial;
  s.bundle_content = snapshot_->bundle.content;
  for (const policy::Zone& z : snapshot_->policy->zones()) {
    s.zone_names.push_back(z.id);
    s.zone_own.push_back(z.own);
  }
}

report::RunState Aggregator::Finish() {
  const Timestamp now = last_packet_ != kDistantPast ? last_packet_ : Timestamp{0};
  for (report::Event& event : evidence_.TakeCheckpoints(now, true)) {
    own_.clear();  // the last one holds for all before it
    own_.push_back(std::move(event));
  }
  WriteOwn();
  if (outputs_ != nullptr) outputs_->Close();
  return State(true);
}

}  // namespace gander::runtime
