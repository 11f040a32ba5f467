// SPDX-License-Identifier: Apache-2.0
// Counters of the past from `stats` events. They count from a run's start, so a stretch is the last reading in it less
// the last before it, and several runs (of one sensor after the other, or of several sensors) are added up.
#ifndef GANDER_REPORT_HISTORY_PAST_COUNTERS_H_
#define GANDER_REPORT_HISTORY_PAST_COUNTERS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/history/json_at.h"
#include "report/run_state.h"

namespace gander::report {

class PastCounters {
 public:
  enum class When : std::uint8_t { kBefore, kWithin };

  // Of one sensor in the order of time. False when the event lacks what a reading needs.
  bool Add(const Json& event, When when);
  // Everything of `state` but its movements, alerts and blind spots.
  void Fill(RunState& state);

 private:
  using Counts = std::map<std::string, std::uint64_t>;
  struct Reading {
    Timestamp at, first_packet, last_packet;
    Counts counts;     // by a dotted name
    Counts app_flows;  // by protocol
    std::map<std::pair<std::string, std::string>, std::uint64_t> findings;
    std::vector<QueueState> queues;
    std::vector<detect::LegalReading> meters;
    RunState run;  // what describes it: source, policy, zones ...
  };
  struct Sensor {
    std::optional<Reading> before, within;
  };

  static bool Read(const Json& event, Reading& out);
  static bool SameRun(const Reading& earlier, const Reading& later);
  void Close(Sensor& sensor);

  std::map<std::string, Sensor> sensors_;  // by `host`
  Counts counts_, app_flows_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> findings_;
  std::vector<QueueState> queues_;
  std::vector<std::string> sources_, warnings_;  // each once, in the order they came
  std::vector<detect::LegalReading> meters_;
  std::optional<RunState> latest_;  // the describing part of the latest reading
  Timestamp latest_at_ = kDistantPast, first_packet_ = kDistantFuture, last_packet_ = kDistantPast;
  std::uint64_t runs_ = 0;
  bool stretch_ = false, unfinished_ = false;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_PAST_COUNTERS_H_
