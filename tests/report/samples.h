// SPDX-License-Identifier: Apache-2.0
// A run's state, an alert and transfers for the tests of this room. All names and addresses are reserved for
// documentation (RFC 5737, RFC 3849, RFC 2606).
#ifndef GANDER_TESTS_REPORT_SAMPLES_H_
#define GANDER_TESTS_REPORT_SAMPLES_H_

#include <stdexcept>
#include <string>
#include <vector>

#include "report/run_state.h"

namespace gander::report::test {

inline constexpr Timestamp kStart{1'795'512'600'000'000'000};  // 2026-11-24T09:30:00Z

inline IpAddress Address(const std::string& text) {
  IpAddress a;
  if (!IpAddress::Parse(text, a)) throw std::invalid_argument(text);
  return a;
}

inline FiveTuple Tuple(const std::string& source, std::uint16_t source_port, const std::string& destination,
                       std::uint16_t destination_port, std::uint8_t protocol) {
  return {Address(source), Address(destination), source_port, destination_port, protocol};
}

inline detect::Alert SampleAlert() {
  detect::Alert a;
  a.detector = "D02";
  a.detector_name = "bulk_transfer";
  a.sid = 2090002;
  a.signature = "GANDER Bulk transfer of records: 412 people, no.fnr, to collector.example";
  a.category = "Personal data leaving";
  a.severity = detect::Severity::kHigh;
  a.explanation =
      "412 people in one session of 12.4 MB; the threshold is 100. No register entry names the recipient.";
  a.mitre = {"T1020", "T1048"};
  a.tuple = Tuple("10.20.4.8", 0, "203.0.113.9", 0, ip_proto::kTcp);
  a.app_proto = "http";
  a.time = kStart + Duration::Seconds(20);
  a.first_seen = kStart;
  a.last_seen = kStart + Duration::Seconds(18);
  a.dedup_key = "D02|10.20.4.8|203.0.113.9";
  a.context.BeginObject("pii").BeginObject("subjects").Integer("estimate", 412).EndObject().EndObject();
  return a;
}

inline detect::TransferSummary SampleTransfer(policy::Verdict verdict = policy::Verdict::kUnregistered,
                                              std::uint64_t people = 412) {
  detect::TransferSummary t;
  t.sender = Address("10.20.4.8");
  t.recipient = Address("203.0.113.9");
  t.from = {0, {{'N', 'O'}}, policy::Party::Source::kZone};
  t.to = {policy::kOutside, {{'D', 'E'}}, policy::Party::Source::kDatabase};
  t.recipient_domain = "collector.example";
  t.data_class = "national_id";
  t.types = {{"email", {people / 2, people / 2, people / 2}, people},
             {"no.fnr", {people, people, people}, people + 9}};
  t.subjects = {people, people, people};
  t.subject_jurisdiction = {{'N', 'O'}};
  t.bytes = 12'400'000;
  t.flows = 31;
  t.first_seen = kStart;
  t.last_seen = kStart + Duration::Seconds(18);
  t.app_proto = "http";
  t.verdict = verdict;
  t.why = "no register entry names this recipient";
  return t;
}

// Sixty wards' machines report twenty people each to one receiver: two classes of data in one flow each.
inline std::vector<detect::TransferSummary> Collected(int senders = 60) {
  std::vector<detect::TransferSummary> out;
  for (int i = 0; i < senders; ++i) {
    detect::TransferSummary t = SampleTransfer(policy::Verdict::kUnregistered, 20);
    t.sender = Address("10.20.1." + std::to_string(i));
    t.recipient = Address("203.0.113.80");
    t.to.jurisdiction = {{'U', 'S'}};
    t.recipient_domain = "collect.example";
    t.bytes = 2'678;
    t.flows = 1;
    t.data_class = "contact";
    t.types = {{"email", {20, 20, 20}, 20}};
    out.push_back(t);
    t.data_class = "national_id";
    t.types = {{"fr.nir", {20, 20, 20}, 20}};
    out.push_back(t);
  }
  return out;
}

// A finished run over a file: two transfers, one alert, a ledger that balances.
inline RunState SampleState() {
  RunState s;
  s.source = "demo.pcap";
  s.finished = true;
  s.version = "0.1.0";
  s.workers = 2;
  s.first_packet = kStart;
  s.last_packet = kStart + Duration::Seconds(72);
  s.ledger.packets = 12'345;
  s.ledger.Add(ByteFate::kHeaders, 700'000);
  s.ledger.Add(ByteFate::kInspected, 6'500'000);
  s.ledger.Add(ByteFate::kEncrypted, 900'000);
  s.ledger.Add(ByteFate::kOpaqueBinary, 12'000);
  s.ledger.Add(ByteFate::kDuplicate, 4'000);
  s.ledger.Add(ByteFate::kLostTruncated, 456);
  s.ledger.received = s.ledger.Sum();
  s.ledger.gaps = 2;
  s.ledger.gap_bytes = 2'920;
  s.capture_received = 12'345;
  s.flows_total = 123;
  s.counters = {{"tcp", "sessions", "TCP sessions seen", 88}, {"decoder", "ipv4", "IPv4 packets", 12'300}};
  s.app_flows = {{"http", 40}, {"tls", 12}};
  s.functions = {{{"modbus", "WrSingleCoil", "write"}, 3}};
  s.findings = {{{"no.fnr", "counted"}, 421}, {{"email", "counted"}, 300}, {{"pan", "unproven"}, 3}};
  s.alerts = {{{"D02", "high"}, 1}};
  s.transfers = {SampleTransfer(), SampleTransfer(policy::Verdict::kRegistered, 24)};
  s.transfers[1].recipient = Address("198.51.100.20");
  s.transfers[1].recipient_domain = "lab.example";
  s.transfers[1].entry_id = "lab-billing";
  s.transfers[1].basis = "contract DPA-2291";
  s.transfers[1].why = "register entry lab-billing: contract DPA-2291, until 2027-03-31";
  s.transfers[1].bytes = 88'000;
  s.transfers[1].flows = 1;
  s.raised = {SampleAlert()};
  s.events_written = 210;
  SinkState& sink = s.sinks.emplace_back();
  sink.name = "siem";
  sink.type = "syslog";
  sink.layout = "ocsf";
  sink.written = 200;
  sink.written_bytes = 90'000;
  sink.lost[static_cast<std::size_t>(Loss::kNotConnected)] = {1, 9};
  sink.queue_bytes_limit = 64 << 20;
  sink.connected = true;
  sink.connects = 2;
  s.rules_loaded = 64;
  s.rules_reloads = {{"success", 2}, {"failure", 1}};
  s.policy_reloads = {{"success", 1}, {"failure", 1}};
  s.policy_name = "hospital-edge";
  s.policy_version = 12;
  s.policy_digest = "9f1c0000";
  s.rules_digest = "77aa0000";
  s.warnings = {"demo.pcap: cut at packet 12345, byte 8116000"};
  s.zone_names = {"wards"};
  return s;
}

// The same of a live run with two workers on one port: losses of every kind, one of them shedding, a second port gone.
inline RunState LiveState() {
  RunState s = SampleState();
  s.source = "eth0, eth1";
  s.offline = false;
  s.warnings.clear();
  s.queues = {{"eth0", 0, 0, 6'000, 4'000'000, 7, 11, 13, 17, 1, 40, 19, false},
              {"eth0", 1, 1, 6'345, 4'116'456, 0, 0, 0, 0, 0, 0, 0, true},
              {"eth1", 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, true}};
  s.interface_drops = 7, s.no_buffer = 11, s.kernel_drops = 13, s.nic_errors = 17, s.ring_full = 19;
  s.shed_levels = {"none", "large_bodies"};
  s.shedding = {
      {0, kStart, kStart + Duration::Seconds(12), "all_but_first", 900, 3'400'000, 5, true},
      {1, kStart + Duration::Seconds(60), kStart + Duration::Seconds(72), "large_bodies", 80, 70'000, 0, false}};
  s.shedding_seconds = 24;
  s.broken_ports = {{"eth1", "the interface broke off"}};
  s.upkeep.rules_loaded = s.upkeep.policy_loaded = kStart;
  s.upkeep.snapshot_written = kStart + Duration::Seconds(60);
  s.upkeep.snapshots_written = 4, s.upkeep.snapshots_failed = 1;
  s.upkeep.epoch_end = kStart + Duration::Seconds(72);
  s.upkeep.epochs = 15, s.upkeep.judging = Duration::Millis(750);
  s.upkeep.entries = {{"permitting", 3}, {"denying", 1}, {"future", 0}, {"ended", 2}};
  s.supervision.on = true;
  s.supervision.restarts = {{"crash", 2}, {"killed", 0}, {"watchdog", 1}, {"exit", 0}};
  s.supervision.last_death = kStart + Duration::Seconds(30);
  s.supervision.poison_flows = 1;
  s.evidence.on = true;
  s.evidence.records = 40, s.evidence.lost = 2, s.evidence.refused = 3, s.evidence.checkpoints = 5;
  s.evidence.log_records = 1040, s.evidence.log_bytes = 500'000;
  s.evidence.last_checkpoint = kStart + Duration::Seconds(70);
  s.upkeep.next_entry_end = {1'803'513'600'000'000'000};  // 2027-02-25T00:00:00Z
  return s;
}

}  // namespace gander::report::test

#endif  // GANDER_TESTS_REPORT_SAMPLES_H_
