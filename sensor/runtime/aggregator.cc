// SPDX-License-Identifier: Apache-2.0
#include "runtime/aggregator.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/hash.h"
#include "detect/state/baseline_requests.h"
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

constexpr std::size_t kBatchSize = std::size_t{256} << 10;
constexpr std::uint64_t kNoFlow = std::uint64_t{1} << 63;  // keys of what concerns no single flow
constexpr HashKey kRecipientKey{0x67616e6465722d6bULL, 0x65792d7265636970ULL};

// What concerns a recipient keeps its order; so does what concerns nobody.
std::uint64_t KeyOf(const report::Event& event) {
  if (event.flow_id != 0 || !event.has_tuple) return event.flow_id;
  const auto& octets = event.tuple.destination.octets;
  return kNoFlow | SipHash24(kRecipientKey, {reinterpret_cast<const std::byte*>(octets.data()), octets.size()});
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
      writer_(report::EveOptions{snapshot_->settings.report.sensor_name, true}),
      evidence_(options_.evidence, snapshot_->settings.evidence.types, config::DigestOf(snapshot_->settings)),
      transfers_(std::make_unique<detect::TransferMeter>(ForSum(snapshot_->settings.detect, options_.workers),
                                                         options_.fleet)),
      traffic_(std::make_unique<detect::TrafficMeter>(ForSum(snapshot_->settings.detect, options_.workers))),
      detect_options_(snapshot_->settings.detect),
      book_(snapshot_->settings.detect, *snapshot_->policy, *snapshot_->rules),
      fleet_(snapshot_->settings, options_.fleet, options_.state_key != nullptr),
      outer_flows_(Duration::Seconds(snapshot_->settings.flow.udp_established_s)),
      deaths_(options_.past) {
  detect_options_.repeatable = options_.offline;
  detect_options_.tag_key = options_.tag_key;
  MakeDetectors();
}

void Aggregator::MakeDetectors() {
  detectors_.clear();
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    Running r{&info, info.create(detect_options_), nullptr};
    r.merged = r.detector->NewMeter();
    detectors_.push_back(std::move(r));
  }
}

Aggregator::~Aggregator() = default;

void Aggregator::OnEpoch(std::span<const std::unique_ptr<SealedEpoch>> parts, const capture::SourceCounters& port) {
  Timestamp begin{INT64_MAX}, end{INT64_MIN};
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
  WriteLines(parts);
  WriteOwnEvents(end, final);
  SaveStateWhenDue(end, fleet_.MustSave() || final);
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

std::vector<detect::SavedPart> Aggregator::SavedParts() const {
  std::vector<detect::SavedPart> parts;
  for (const Running& r : detectors_) parts.push_back({r.info->id, r.detector.get()});
  fleet_.AddPart(parts);
  return parts;
}

void Aggregator::TakeUp(const std::string& state) {
  if (!state.empty()) LoadState(state);
  TakeBaselineRequests(taken_up_);
}

void Aggregator::LoadState(const std::string& state) {
  const std::string& file = snapshot_->settings.snapshot.file;
  const auto loaded = detect::LoadState(state, book_, SavedParts());
  if (!loaded) {
    book_ = detect::TransferBook(detect_options_, *snapshot_->policy, *snapshot_->rules);
    MakeDetectors();
    fleet_.Restart();
    AddWarning(file + ": " + loaded.error().ToString());
    return;
  }
  taken_up_ = loaded->until;
  const auto refused = [&](const char* id) {
    return std::find(loaded->refused.begin(), loaded->refused.end(), id) != loaded->refused.end();
  };
  if (refused(detect::FleetBook::kId)) {
    fleet_.Restart();
    AddWarning(file + ": the window at hand of the fleet's sketches cannot be read, or was counted under another key; it "
                      "begins anew");
  }
  for (Running& r : detectors_) {
    if (!refused(r.info->id)) continue;
    r.detector = r.info->create(detect_options_);
    AddWarning(file + ": the state of " + r.info->id + " cannot be read; that detector begins without it");
  }
}

// In this thread: packets are the workers' business, and they go on.
void Aggregator::SaveStateWhenDue(Timestamp end, bool now) {
  if (options_.state_key == nullptr) return;
  const auto interval = Duration::Seconds(snapshot_->settings.snapshot.interval_s);
  if (last_saved_.ns == INT64_MIN) last_saved_ = end;
  if (!now && end - last_saved_ < interval) return;
  last_saved_ = end;
  TakeBaselineRequests(end);
  const auto written = detect::WriteSnapshot(snapshot_->settings.snapshot.file, *options_.state_key,
                                             detect::SaveState(end, book_, SavedParts()));
  upkeep_.SavedState(written.has_value());
  if (!written && !save_failed_) AddWarning(written.error().ToString());
  save_failed_ = !written;
}

void Aggregator::TakeBaselineRequests(Timestamp now) {
  if (options_.state_key == nullptr) return;
  const auto requests = detect::TakeBaselineRequests(snapshot_->settings.snapshot, *options_.state_key);
  if (!requests) return AddWarning(requests.error().ToString());
  for (const detect::BaselineRequest& request : *requests) {
    report::BaselineChange change{NameOf(request.action), request.detector, "", 0};
    if (request.hosts_only) change.hosts = request.hosts.ToString();
    for (const Running& r : detectors_) {
      const bool meant = request.detector.empty() || request.detector == r.info->id;
      if (meant) change.baselines += r.detector->Obey(request, now);
    }
    baseline_changes_.push_back(std::move(change));
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

// Whatever report.types says: who reads the events learns who was let at what they leave out.
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
  for (Running& r : detectors_) {
    if (r.merged != nullptr) r.merged->Clear();
  }
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
    for (std::size_t i = 0; i < detectors_.size(); ++i) {
      if (detectors_[i].merged != nullptr) detectors_[i].merged->Merge(*part->meters[i]);
    }
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
  // Without a snapshot, nothing but the supervisor knows of the time before.
  if (!began_ && taken_up_.ns == INT64_MIN && options_.past.last.read_until_ns != 0) {
    taken_up_ = {options_.past.last.read_until_ns};
  }
  if (taken_up_.ns != INT64_MIN) {
    if (begin > taken_up_) health.absent.push_back({taken_up_, begin});
    taken_up_ = {INT64_MIN};
  }
  port_ = port;
  std::uint64_t keys_lost = book_.keys_lost() + fleet_.keys_lost();
  for (const Running& r : detectors_) keys_lost += r.detector->keys_lost();
  const std::uint32_t alive = options_.workers - std::min(options_.workers, health_.stalled());
  const detect::EpochView view{begin,           end,          final,  *snapshot_->policy, *snapshot_->rules,
                               epoch_ledger,    totals_.ledger, health, host_names_,        *transfers_,
                               alive,           options_.workers, &book_, keys_lost,       traffic_.get()};
  book_.OnEpoch(view);
  fleet_.OnEpoch(view, *this);
  for (Running& r : detectors_) r.detector->OnEpoch(r.merged.get(), view, *this);
}

bool Aggregator::WantedBySink(std::string_view type) const {
  const auto& types = snapshot_->settings.report.types;
  return outputs_ != nullptr && outputs_->Wants(type) &&
         (type == "audit" || types.empty() || std::find(types.begin(), types.end(), type) != types.end());
}

bool Aggregator::Wanted(std::string_view type) const { return WantedBySink(type) || evidence_.Wants(type); }

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
    if (!evidence_.Wants("alert")) return;
    std::string line;
    writer_.Append(report::ToEvent(alert, snapshot_->policy.get(), &*by), line);
    evidence_.Add("alert", line);
    return;
  }
  ++alerts_by_[{alert.detector, detect::NameOf(alert.severity)}];
  if (Wanted("alert")) {
    if (KeepsExcerpts()) excerpts_.Seal(alert, *options_.quarantine);
    own_.push_back(report::ToEvent(alert, snapshot_->policy.get()));
  }
  if (raised_.size() < snapshot_->settings.report.shown_alerts) raised_.push_back(std::move(alert));
}

// Batches are small, and of one priority each.
void Aggregator::Put(report::EventBatch& batch, std::string_view line, const report::EventLine& about) {
  const bool full = batch.text.size() + line.size() > kBatchSize;
  if (!batch.lines.empty() && (full || batch.high != about.high)) outputs_->Push(std::exchange(batch, {}));
  batch.Add(line, about);
}

// Lines of all parts in one order that does not depend on who made them.
void Aggregator::WriteLines(std::span<const std::unique_ptr<SealedEpoch>> parts) {
  struct Place {
    const EventLines* from;
    const EventLines::Line* line;
  };
  std::vector<Place> order;
  for (const auto& part : parts) {
    for (const EventLines::Line& line : part->events.lines) order.push_back({&part->events, &line});
    dropped_ += part->events.dropped;
  }
  if (outputs_ == nullptr || order.empty()) return;
  std::stable_sort(order.begin(), order.end(), [](const Place& a, const Place& b) {
    const auto& x = *a.line;
    const auto& y = *b.line;
    if (x.time != y.time) return x.time < y.time;
    if (x.tuple != y.tuple) return x.tuple < y.tuple;
    return x.sequence < y.sequence;
  });
  report::EventBatch batch;
  for (const Place& p : order) {
    const EventLines::Line& line = *p.line;
    Put(batch, std::string_view(p.from->text).substr(line.offset, line.length), {line.time, line.type, line.flow_id});
  }
  events_ += order.size();
  outputs_->Push(std::move(batch));
}

void Aggregator::WriteOwnEvents(Timestamp end, bool final) {
  const Timestamp now = final && last_packet_.ns != INT64_MIN ? last_packet_ : end;
  TellReloads(now);
  for (const report::BaselineChange& change : std::exchange(baseline_changes_, {})) {
    if (Wanted("baseline")) own_.push_back(report::ToEvent(change, now));
  }
  TellAudits(now, final);
  std::vector<report::BlindSpot> news = health_.TakeNews();
  for (report::BlindSpot& spot : deaths_.TakeNews(first_packet_, last_packet_, now, final)) news.push_back(std::move(spot));
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
      interval > 0 && (last_stats_.ns == INT64_MIN || now - last_stats_ >= Duration::Seconds(interval));
  if (Wanted("stats") && (final || stats_due)) {
    last_stats_ = now;
    own_.push_back(report::ToStatsEvent(State(final), now));
  }
  if (!options_.offline) {  // when a checkpoint is signed is the disk's business: a scan tells the last one only
    for (report::Event& event : evidence_.TakeCheckpoints(now, false)) own_.push_back(std::move(event));
  }
  Render();
  if (evidence_.HasNews()) evidence_.Commit(State(false), now);
}

// Each of own_ once: to the outputs and to the evidence log.
void Aggregator::Render() {
  report::EventBatch batch;
  std::string line;
  for (const report::Event& event : std::exchange(own_, {})) {
    line.clear();
    writer_.Append(event, line);
    evidence_.Add(event.type, line);
    if (!WantedBySink(event.type)) continue;
    const bool high = std::strcmp(event.type, "flow") != 0;
    Put(batch, line, {event.time, event.type, KeyOf(event), 0, 0, event.severity, high});
    ++events_;
  }
  if (!batch.lines.empty()) outputs_->Push(std::move(batch));
}

report::RunState Aggregator::State(bool finished) const {
  report::RunState s;
  s.source = options_.source_name;
  s.offline = options_.offline;
  s.finished = finished;
  s.workers = options_.workers;
  if (last_packet_.ns != INT64_MIN) {
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
  s.detect_lost = book_.keys_lost() + fleet_.keys_lost();
  for (const Running& r : detectors_) {
    use.Add(r.detector->use());
    s.detect_lost += r.detector->keys_lost();
    if (const auto* law = dynamic_cast<const detect::ReadsLaw*>(r.detector.get())) {
      for (detect::LegalReading& reading : law->Readings()) s.meters.push_back(std::move(reading));
    }
  }
  s.detect_bytes = use.bytes;
  s.detect_keys = use.keys;
  s.detect_refused = use.refused;
  s.detect_flood_keys = use.flood_keys;
  s.detect_ceiling = detect_options_.memory;
  s.transfers = book_.Summaries(snapshot_->settings.report.shown_transfers, &s.transfers_not_shown);
  s.raised = raised_;
  s.events_written = events_;
  s.events_dropped = dropped_;
  evidence_.Describe(s);
  if (outputs_ != nullptr) s.sinks = outputs_->States();
  for (const report::SinkState& sink : s.sinks) s.events_dropped += sink.lost_events();
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
  s.version = GANDER_VERSION;
  s.warnings = warnings_;
  if (!options_.offline) s.upkeep = upkeep_.Describe(*snapshot_->policy);
  s.supervision = deaths_.Describe();
  for (const policy::Zone& z : snapshot_->policy->zones()) {
    s.zone_names.push_back(z.id);
    s.zone_own.push_back(z.own);
  }
  return s;
}

report::RunState Aggregator::Finish() {
  const Timestamp now = last_packet_.ns != INT64_MIN ? last_packet_ : Timestamp{0};
  for (report::Event& event : evidence_.TakeCheckpoints(now, true)) {
    own_.clear();  // the last one holds for all before it
    own_.push_back(std::move(event));
  }
  Render();
  if (outputs_ != nullptr) outputs_->Close();
  return State(true);
}

}  // namespace gander::runtime
