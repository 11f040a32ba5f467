// SPDX-License-Identifier: Apache-2.0
// What the aggregator publishes each epoch and at the end: the ground of stats events, /metrics, the summary on
// the terminal and the HTML page.
#ifndef GANDER_REPORT_RUN_STATE_H_
#define GANDER_REPORT_RUN_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ledger.h"
#include "base/time.h"
#include "detect/alert.h"
#include "detect/legal_reading.h"
#include "detect/transfer_summary.h"
#include "report/sink/sink_state.h"
#include "report/supervision.h"
#include "report/upkeep.h"

namespace gander::report {

// One named counter of one room, already summed over workers.
struct NamedCounter {
  std::string group;  // decoder, flow, tcp, app_layer, content, identify, capture, sink
  std::string name;   // snake_case
  std::string help;
  std::uint64_t value = 0;
};

// One receive queue, the worker that reads it, and every place on the way where a packet can be lost. Packets, since
// the start.
struct QueueState {
  std::string port;
  std::uint32_t queue = 0, worker = 0;
  std::uint64_t received = 0, received_bytes = 0;
  std::uint64_t nic_missed = 0, no_buffer = 0, kernel_drops = 0, nic_errors = 0, outages = 0;
  // Packets its worker passed on to another, and those lost on that way; told at the worker's first queue.
  std::uint64_t handed_over = 0, ring_full = 0;
  bool stalled = false;           // no answer from its worker for several epochs
};

// A worker left something out (base/shed.h).
struct Shedding {
  std::uint32_t worker = 0;
  Timestamp begin, end;      // packet time; `end` moves on while it lasts
  std::string highest;       // level
  std::uint64_t packets = 0, bytes = 0, lost_packets = 0;  // read meanwhile, left out, lost before the worker
  bool over = false;
};

// The evidence log (evidence/recorder.h). Since the start, but for the log's own size.
struct EvidenceState {
  bool on = false;
  std::uint64_t records = 0, lost = 0, refused = 0, checkpoints = 0, deleted = 0;  // refused: attempts to write
  std::uint64_t log_records = 0, log_bytes = 0;  // of the log, earlier runs included
  Timestamp last_checkpoint;                     // wall clock; 0 = none in this run
};

// What changed how the sensor judges or what it keeps, in words; from events read back (history/).
struct Change {
  Timestamp time;
  std::string text;
};

// Where a state was read back from event lines: what those lines can and cannot say.
struct PastGround {
  Timestamp from = kDistantPast, to = kDistantFuture;  // asked for
  std::uint64_t runs = 0;                    // whose counters were found
  bool counted = false;                      // false: no `stats` event, so nothing is known of bytes and flows
  bool stretch = false;                      // counters of a run that began before
  std::uint64_t files = 0, lines = 0, damaged = 0;
};

struct RunState {
  std::string source;           // "demo.pcap", "eth0", "dpdk: 2 ports"
  bool offline = true, finished = false;
  std::uint32_t workers = 1;
  Timestamp first_packet, last_packet;
  ByteLedger ledger;
  std::uint64_t capture_received = 0, kernel_drops = 0, interface_drops = 0;  // packets
  std::uint64_t no_buffer = 0, nic_errors = 0, ring_full = 0;       // packets
  std::vector<QueueState> queues;                                   // live only
  std::vector<std::string> shed_levels;                             // by worker, at the moment; live only
  std::vector<Shedding> shedding;                                   // newest last, bounded
  std::map<std::string, std::string> broken_ports;                  // port -> what is wrong with it
  std::uint64_t shedding_seconds = 0;                               // packet time, all workers added up
  std::uint64_t flows_active = 0, flows_total = 0;
  std::vector<NamedCounter> counters;
  std::map<std::string, std::uint64_t> app_flows;                   // app_proto -> flows
  // (app_proto, function, category) of control protocols -> messages
  std::map<std::array<std::string, 3>, std::uint64_t> functions;
  // (rule id, counted | unproven | test) -> findings
  std::map<std::pair<std::string, std::string>, std::uint64_t> findings;
  std::map<std::pair<std::string, std::string>, std::uint64_t> alerts;  // (detector, severity) -> raised
  std::map<std::string, std::uint64_t> suppressed;                  // detector -> alerts not told of
  std::vector<detect::TransferSummary> transfers;                   // largest first, bounded
  // Beside `transfers`, where they were read back from events: sessions that each was put together of. Of several, `low`
  // is the largest session's and `high` the sum. Empty = each is of one.
  std::vector<std::uint32_t> sessions;
  std::uint64_t transfers_not_shown = 0;
  // Tables of the detectors: bytes and their ceiling, keys held, sightings of keys not let in, proven keys given up.
  std::uint64_t detect_bytes = 0, detect_ceiling = 0, detect_keys = 0, detect_refused = 0, detect_lost = 0;
  std::uint64_t detect_flood_keys = 0;  // distinct keys that one network made up for full tables
  std::vector<detect::Alert> raised;                                // newest last, bounded
  std::uint64_t events_written = 0, events_dropped = 0;  // rendered; lost before or in a sink, sinks added up
  std::vector<SinkState> sinks;                          // in the order of the configuration, layouts behind them
  EvidenceState evidence;
  std::uint64_t rules_loaded = 0;
  std::map<std::string, std::uint64_t> rules_reloads;               // success | failure -> times; live only
  std::map<std::string, std::uint64_t> policy_reloads;              // likewise
  std::string policy_name, policy_digest, rules_digest, version;
  int policy_version = 0;
  std::string bundle_name, bundle_content;  // that rules and policy came with; "" = none
  std::uint64_t bundle_serial = 0;
  std::vector<detect::LegalReading> meters;                         // tiers of law that somebody counts to
  std::vector<Change> changes;                                      // oldest first, bounded
  std::optional<PastGround> past;                                   // none: of a run itself
  std::vector<std::string> warnings;                                // "demo.pcap: cut at packet 12, byte 3456"
  Upkeep upkeep;                                                    // live only
  Supervision supervision;                                          // likewise
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
