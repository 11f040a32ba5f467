// SPDX-License-Identifier: Apache-2.0
// What the aggregator publishes each epoch and at the end: the ground of stats events, /metrics, the summary on
// the terminal and the HTML page.
#ifndef GANDER_REPORT_RUN_STATE_H_
#define GANDER_REPORT_RUN_STATE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ledger.h"
#include "base/time.h"
#include "detect/alert.h"
#include "detect/transfer_summary.h"

namespace gander::report {

// One named counter of one room, already summed over workers.
struct NamedCounter {
  std::string group;  // decoder, flow, tcp, app_layer, content, identify, capture, sink
  std::string name;   // snake_case
  std::string help;
  std::uint64_t value = 0;
};

struct RunState {
  std::string source;           // "demo.pcap", "eth0", "dpdk: 2 ports"
  bool offline = true, finished = false;
  std::uint32_t workers = 1;
  Timestamp first_packet, last_packet;
  ByteLedger ledger;
  std::uint64_t capture_received = 0, kernel_drops = 0, interface_drops = 0;  // packets
  std::uint64_t flows_active = 0, flows_total = 0;
  std::vector<NamedCounter> counters;
  std::map<std::string, std::uint64_t> app_flows;                   // app_proto -> flows
  // (rule id, counted | unproven | test) -> findings
  std::map<std::pair<std::string, std::string>, std::uint64_t> findings;
  std::map<std::pair<std::string, std::string>, std::uint64_t> alerts;  // (detector, severity) -> raised
  std::vector<detect::TransferSummary> transfers;                   // largest first, bounded
  std::uint64_t transfers_not_shown = 0;
  std::vector<detect::Alert> raised;                                // newest last, bounded
  std::uint64_t events_written = 0, events_dropped = 0;
  std::uint64_t rules_loaded = 0;
  std::string policy_name, policy_digest, rules_digest, version;
  int policy_version = 0;
  std::vector<std::string> warnings;                                // "demo.pcap: cut at packet 12, byte 3456"
  // Policy's names for zones, for whoever draws: ZoneId -> name ("outside" for none).
  std::vector<std::string> zone_names;
  std::vector<bool> zone_own;  // beside zone_names: part of the operator's network (policy::Zone::own); empty = all

  // "outside" for no zone and for one this state does not name.
  std::string ZoneName(policy::ZoneId id) const {
    return id < zone_names.size() ? zone_names[id] : std::string("outside");
  }
  bool IsOwn(policy::ZoneId id) const {
    return id < zone_names.size() && (id >= zone_own.size() || zone_own[id]);
  }
};

}  // namespace gander::report

#endif  // GANDER_REPORT_RUN_STATE_H_
