// SPDX-License-Identifier: Apache-2.0
// One event before it is rendered; made by workers (protocol events, flows, files) and the aggregator (alerts,
// transfers, stats). Sorted by (time, tuple, sequence) before it leaves, so worker count never shows.
#ifndef GANDER_REPORT_EVENTS_EVENT_H_
#define GANDER_REPORT_EVENTS_EVENT_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/net.h"
#include "base/record.h"
#include "base/time.h"

namespace gander::report {

struct Event {
  Timestamp time;
  const char* type = "";         // EVE event_type
  bool has_tuple = false;
  FiveTuple tuple;               // source = sender of what completed the event
  bool destination_only = false; // of the tuple
  std::uint64_t flow_id = 0;     // <= 51 bits; 0 = absent
  std::uint64_t sequence = 0;    // within its flow
  std::uint64_t packet = 0;      // pcap_cnt, 0 = absent
  std::int64_t tx_id = -1;       // -1 = absent
  const char* app_proto = "";    // "" = absent
  std::uint8_t severity = 0;     // of a finding: 1 info .. 5 critical; 0 = no finding. Not rendered
  std::string community_id;      // "" = absent
  std::array<std::uint16_t, 3> vlans{};
  std::uint8_t vlan_count = 0;
  Record body;                   // members beside the common ones, e.g. {"http": {...}}
};

}  // namespace gander::report

#endif  // GANDER_REPORT_EVENTS_EVENT_H_
