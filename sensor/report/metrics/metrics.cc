// SPDX-License-Identifier: Apache-2.0
// One RunState as Prometheus families. Names and labels are listed for readers in dashboards/METRICS.md; a test holds
// that list and this file together.
#include "report/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <map>
#include <utility>

#include "report/metrics/metric_table.h"
#include "report/metrics/metrics_live.h"
#include "report/metrics/metrics_sinks.h"
#include "report/metrics/metrics_supervision.h"
#include "report/metrics/metrics_transfers.h"
#include "report/metrics/metrics_upkeep.h"
#include "report/metrics/process_state.h"
#include "report/packet_loss.h"

namespace gander::report {
namespace {

constexpr std::size_t kMaxFamily = 5000;      // series of one family (ECOSYSTEM.md §4)

void AddRun(const RunState& s, MetricTable& table) {
  static const MetricSpec kBuild{"gander_build_info", "Version of this sensor; always 1", kGauge, {"version"}};
  static const MetricSpec kPolicy{"gander_policy_info",
                                  "Policy and rules that judge, by name and SHA-256; always 1", kGauge,
                                  {"name", "version", "policy_digest", "rules_digest"}};
  static const MetricSpec kWorkers{"gander_workers", "Worker threads", kGauge, {}};
  static const MetricSpec kRules{"gander_rules_loaded", "Identification rules in use", kGauge, {}};
  static const MetricSpec kReloads{
      "gander_rules_reloads_total", "Rules read anew while running, by how it went", kCounter, {"result"}};
  static const MetricSpec kPolicyReloads{
      "gander_policy_reloads_total", "Policies read anew while running, by how it went", kCounter, {"result"}};
  static const MetricSpec kWarnings{"gander_warnings", "Warnings of this run, as the summary lists them", kGauge, {}};
  static const MetricSpec kLast{"gander_last_packet_timestamp_seconds", "Capture time of the newest packet", kGauge,
                                {}};
  static const MetricSpec kEvents{"gander_sink_events_total", "Events by what became of them", kCounter, {"result"}};
  table.Add(kBuild, {s.version}, 1);
  table.Add(kPolicy, {s.policy_name, std::to_string(s.policy_version), s.policy_digest, s.rules_digest}, 1);
  table.Add(kWorkers, s.workers);
  table.Add(kRules, static_cast<double>(s.rules_loaded));
  for (const auto& [result, n] : s.rules_reloads) table.Add(kReloads, {result}, static_cast<double>(n));
  for (const auto& [result, n] : s.policy_reloads) table.Add(kPolicyReloads, {result}, static_cast<double>(n));
  table.Add(kWarnings, static_cast<double>(s.warnings.size()));
  if (s.ledger.packets > 0) table.Add(kLast, static_cast<double>(s.last_packet.ns) / kNanosPerSecond);
  table.Add(kEvents, {"written"}, static_cast<double>(s.events_written));
  table.Add(kEvents, {"dropped"}, static_cast<double>(s.events_dropped));
}

void AddCapture(const RunState& s, MetricTable& table) {
  static const MetricSpec kPackets{"gander_capture_packets_total", "Packets that reached the workers", kCounter, {}};
  static const MetricSpec kBytes{"gander_capture_bytes_total", "Bytes on the wire of those packets", kCounter, {}};
  static const MetricSpec kReceived{"gander_capture_source_packets_total",
                                    "Packets received, in the capture driver's own count", kCounter, {}};
  static const MetricSpec kDropped{"gander_dropped_packets_total", "Packets lost before a worker saw them", kCounter,
                                   {"stage", "reason"}};
  table.Add(kPackets, static_cast<double>(s.ledger.packets));
  table.Add(kBytes, static_cast<double>(s.ledger.received));
  table.Add(kReceived, static_cast<double>(s.capture_received));
  for (const PacketLoss& loss : PacketLosses(s)) {
    table.Add(kDropped, {loss.stage, loss.reason}, static_cast<double>(loss.packets));
  }
}

void AddDetectors(const RunState& s, MetricTable& table) {
  static const MetricSpec kBytes{"gander_detect_memory_bytes", "Held by the tables of the detectors", kGauge, {}};
  static const MetricSpec kCeiling{"gander_detect_memory_ceiling_bytes", "What they may hold: detect.memory", kGauge,
                                   {}};
  static const MetricSpec kKeys{"gander_detect_keys", "Senders, receivers and pairs that are counted", kGauge, {}};
  static const MetricSpec kRefused{"gander_detect_keys_refused_total",
                                   "Sightings of new keys that a full table did not let in", kCounter, {}};
  static const MetricSpec kLost{"gander_detect_keys_lost_total",
                                "Keys with evidence behind them that a full table gave up", kCounter, {}};
  table.Add(kBytes, static_cast<double>(s.detect_bytes));
  table.Add(kCeiling, static_cast<double>(s.detect_ceiling));
  table.Add(kKeys, static_cast<double>(s.detect_keys));
  table.Add(kRefused, static_cast<double>(s.detect_refused));
  static const MetricSpec kFlood{"gander_detect_flood_keys",
                                 "Distinct keys that found no room, of the one network that made up most", kGauge, {}};
  table.Add(kLost, static_cast<double>(s.detect_lost));
  table.Add(kFlood, static_cast<double>(s.detect_flood_keys));
}

void AddLedger(const ByteLedger& ledger, MetricTable& table) {
  static const MetricSpec kBytes{"gander_ledger_bytes_total", "Every byte received, by its one fate", kCounter,
                                 {"category", "reason"}};
  static const MetricSpec kOpen{"gander_ledger_open_bytes",
                                "Bytes received without a fate yet (held for reassembly); 0 when a run has ended",
                                kGauge, {}};
  static const MetricSpec kGapBytes{"gander_stream_gap_bytes_total",
                                    "Bytes TCP acknowledges but this port never saw; outside the ledger's sum",
                                    kCounter, {}};
  static const MetricSpec kGaps{"gander_stream_gaps_total", "Holes in TCP streams", kCounter, {}};
  static const MetricSpec kCoverage{"gander_coverage_ratio",
                                    "Share of all bytes, gaps included, that was read or is known to be a repeat",
                                    kGauge, {}};
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = NameOf(static_cast<ByteFate>(i));
    table.Add(kBytes, {name.category, name.reason}, static_cast<double>(ledger.bytes[i]));
  }
  table.Add(kOpen, static_cast<double>(ledger.received) - static_cast<double>(ledger.Sum()));
  table.Add(kGapBytes, static_cast<double>(ledger.gap_bytes));
  table.Add(kGaps, static_cast<double>(ledger.gaps));
  table.Add(kCoverage, ledger.Coverage());
}

void AddWhatWasSeen(const RunState& s, MetricTable& table) {
  static const MetricSpec kFlows{"gander_flows", "Flows in the table", kGauge, {"state"}};
  static const MetricSpec kSeen{"gander_flows_seen_total", "Flows since the start", kCounter, {}};
  static const MetricSpec kApp{"gander_app_flows_total", "Flows by application protocol", kCounter, {"proto"}};
  static const MetricSpec kFunctions{
      "gander_industrial_functions_total",
      "Messages of control protocols by function and by what it does: read, write, control",
      kCounter,
      {"proto", "function", "category"}};
  static const MetricSpec kFindings{
      "gander_findings_total",
      "Identifiers found: counted, unproven (chance explains them) or published test values",
      kCounter,
      {"rule", "result"}};
  static const MetricSpec kAlerts{"gander_alerts_total", "Alerts raised", kCounter, {"detector", "severity"}};
  table.Add(kFlows, {"active"}, static_cast<double>(s.flows_active));
  table.Add(kSeen, static_cast<double>(s.flows_total));
  for (const auto& [protocol, flows] : s.app_flows) {
    table.Add(kApp, {protocol.empty() ? "unknown" : protocol}, static_cast<double>(flows));
  }
  for (const auto& [key, n] : s.functions) table.Add(kFunctions, {key[0], key[1], key[2]}, static_cast<double>(n));
  for (const auto& [key, n] : s.findings) table.Add(kFindings, {key.first, key.second}, static_cast<double>(n));
  static const MetricSpec kSuppressed{"gander_alerts_suppressed_total",
                                      "Alerts not told of: suppressed in the configuration or acknowledged", kCounter,
                                      {"detector"}};
  for (const auto& [detector, n] : s.suppressed) table.Add(kSuppressed, {detector}, static_cast<double>(n));
  for (const auto& [key, n] : s.alerts) table.Add(kAlerts, {key.first, key.second}, static_cast<double>(n));
}

void AddEvidence(const EvidenceState& e, MetricTable& table) {
  static const MetricSpec kRecords{"gander_evidence_records_total",
                                   "Records for the evidence log: written, lost because its queue was full", kCounter,
                                   {"result"}};
  static const MetricSpec kRefused{"gander_evidence_write_failures_total",
                                   "Times the disk refused a record; it is tried again", kCounter, {}};
  static const MetricSpec kCheckpoints{"gander_evidence_checkpoints_total", "Checkpoints signed", kCounter, {}};
  static const MetricSpec kDeleted{"gander_evidence_records_deleted_total",
                                   "Records deleted because their time was over", kCounter, {}};
  static const MetricSpec kBytes{"gander_evidence_bytes", "Size of the evidence log", kGauge, {}};
  static const MetricSpec kLast{"gander_evidence_last_checkpoint_timestamp_seconds",
                                "When the last checkpoint of this run was signed", kGauge, {}};
  if (!e.on) return;
  table.Add(kRecords, {"written"}, static_cast<double>(e.records));
  table.Add(kRecords, {"lost"}, static_cast<double>(e.lost));
  table.Add(kRefused, static_cast<double>(e.refused));
  table.Add(kCheckpoints, static_cast<double>(e.checkpoints));
  table.Add(kDeleted, static_cast<double>(e.deleted));
  table.Add(kBytes, static_cast<double>(e.log_bytes));
  if (e.last_checkpoint.ns > 0) table.Add(kLast, static_cast<double>(e.last_checkpoint.ns / kNanosPerSecond));
}

// Rooms' counters: gander_<group>_<name>_total. One whose name is taken by a metric above says the same in a room's
// own words and gets `room_` in front.
void AddRoomCounters(const RunState& s, MetricTable& table) {
  std::map<std::pair<std::string, std::string>, std::pair<std::string, std::uint64_t>> sums;
  for (const NamedCounter& c : s.counters) {
    auto& sum = sums[{c.group, c.name}];
    sum.first = c.help;
    sum.second += c.value;
  }
  for (const auto& [key, sum] : sums) {
    const std::string stem = key.first + "_" + key.second + "_total";
    if (!table.AddNamed("gander_" + stem, sum.first, sum.second)) {
      table.AddNamed("gander_room_" + stem, sum.first, sum.second);
    }
  }
}

}  // namespace

std::string RenderMetrics(const RunState& state, const MetricsOptions& options, const ProcessState* process) {
  static const MetricSpec kFolded{"gander_metric_series_dropped_total",
                                  "Series folded into `other` at this scrape because of the series cap", kCounter, {}};
  MetricTable table;
  AddRun(state, table);
  AddCapture(state, table);
  AddLive(state, table);
  AddDetectors(state, table);
  AddLedger(state.ledger, table);
  AddWhatWasSeen(state, table);
  AddTransfers(state, table);
  AddUpkeep(state, table);
  AddSupervision(state, table);
  AddEvidence(state.evidence, table);
  AddSinks(state, table);
  if (process != nullptr) AddProcess(*process, table);
  AddRoomCounters(state, table);
  std::uint64_t folded = 0;
  std::vector<prometheus::MetricFamily> families = table.Families(options.max_series, kMaxFamily, folded);
  MetricTable last;
  last.Add(kFolded, static_cast<double>(folded));
  for (auto& family : last.Families(1, 1, folded)) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serializer::Serialize(families);
}

}  // namespace gander::report
