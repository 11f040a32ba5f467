// SPDX-License-Identifier: Apache-2.0
// What the process that watches over a sensor has seen so far (supervise/), as events, metrics and /status tell it.
#ifndef GANDER_REPORT_SUPERVISION_H_
#define GANDER_REPORT_SUPERVISION_H_

#include <cstdint>
#include <map>
#include <string>

#include "base/net.h"
#include "base/time.h"

namespace gander::report {

// Since the supervisor began.
struct Supervision {
  bool on = false;
  std::map<std::string, std::uint64_t> restarts;  // crash | killed | watchdog | exit -> times
  Timestamp last_death;                           // wall clock; {0} = none
  std::uint64_t poison_flows = 0;                 // not read any more
};

// The stretch between two sensors.
struct RestartGap {
  std::string cause;         // as in Supervision
  std::string signal;        // "SIGSEGV"; "" = none
  std::uint64_t restarts = 0;  // so far
  std::string flow;          // in hand, as Supervision's flows are shown; "" = none
  Timestamp begin, end;      // last packet before, first packet after
};

// A flow that killed sensors, when its first packet is left out.
struct PoisonFlow {
  Timestamp time;
  FiveTuple tuple;           // source = client
  std::string community_id;
  std::string flow;          // hash, as shown
  std::uint32_t deaths = 0;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SUPERVISION_H_
