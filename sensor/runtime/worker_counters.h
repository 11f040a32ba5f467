// SPDX-License-Identifier: Apache-2.0
// What the worker itself counts; Suricata's names where the meaning is the same.
#ifndef GANDER_RUNTIME_WORKER_COUNTERS_H_
#define GANDER_RUNTIME_WORKER_COUNTERS_H_

#include "base/counters.h"

namespace gander::runtime {

struct WorkerCounters {
  std::uint64_t flows, flows_tcp, flows_udp, flows_icmp, flows_other, flow_evicted, flow_refused, expected_flows,
      expected_dropped, unknown_link, events, events_dropped, files, anomalies, host_names_dropped, mirror_duplicates,
      outer_flows_dropped, poison_packets;

  static constexpr CounterName<WorkerCounters> kNames[] = {
      {"total", "flows seen", &WorkerCounters::flows},
      {"tcp", "TCP flows", &WorkerCounters::flows_tcp},
      {"udp", "UDP flows", &WorkerCounters::flows_udp},
      {"icmp", "ICMP flows", &WorkerCounters::flows_icmp},
      {"other", "flows of other IP protocols", &WorkerCounters::flows_other},
      {"evicted", "flows ended early because the table was full", &WorkerCounters::flow_evicted},
      {"refused", "packets without a flow because the table was full", &WorkerCounters::flow_refused},
      {"expected", "data connections announced by a control connection", &WorkerCounters::expected_flows},
      {"expected_dropped", "announcements dropped because the table was full", &WorkerCounters::expected_dropped},
      {"unknown_link", "packets of a link type without a decoder", &WorkerCounters::unknown_link},
      {"events", "events made", &WorkerCounters::events},
      {"events_dropped", "events beyond the epoch's cap", &WorkerCounters::events_dropped},
      {"files", "files seen", &WorkerCounters::files},
      {"anomalies", "things a protocol forbids", &WorkerCounters::anomalies},
      {"host_names_dropped", "peer names beyond the cap", &WorkerCounters::host_names_dropped},
      {"mirror_duplicates", "packets with payload that the mirror delivered twice", &WorkerCounters::mirror_duplicates},
      {"outer_dropped", "packets whose carrying flow found no room", &WorkerCounters::outer_flows_dropped},
      {"poison_packets", "packets of flows that killed the sensor before, not read", &WorkerCounters::poison_packets},
  };
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_WORKER_COUNTERS_H_
