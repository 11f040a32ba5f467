// SPDX-License-Identifier: Apache-2.0
// The past, read back from event lines (`gander report`): the state that the summaries and the page are made of, as the
// run that wrote them had it. Lines are read one by one and forgotten; what is kept of them has caps. They may be
// damaged, of several runs and sensors, or somebody's forgery: text is kept as text, and whoever prints it escapes it.
#ifndef GANDER_REPORT_HISTORY_HISTORY_H_
#define GANDER_REPORT_HISTORY_HISTORY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "report/run_state.h"

namespace gander::report {

struct HistoryOptions {
  Timestamp from = kDistantPast, to = kDistantFuture;  // events of this time, both ends included
  std::size_t shown_transfers = 1000, shown_alerts = 200;
  std::size_t max_transfers = 50'000;       // held while reading; beyond, the smaller half is given up and counted
  std::size_t max_line = 4u << 20;          // bytes; a longer line is damaged
};

struct HistoryCounters {
  std::uint64_t lines = 0, used = 0, other = 0, outside = 0;  // of other kinds; of another time
  std::uint64_t damaged = 0;                                  // no event, or one that lacks what it needs
  std::string first_damaged;                                  // "events.json:17"
  Timestamp first = kDistantFuture, last = kDistantPast;  // of all events that can be read
};

class History {
 public:
  explicit History(const HistoryOptions& options);
  ~History();

  // Reads a file to its end; "-" is standard input. Of one sensor, older files first. Error: it cannot be read.
  Result<bool> ReadFile(const std::string& path);
  void OnLine(std::string_view line);

  const HistoryCounters& counters() const noexcept;
  // What was read, as a state; `past` says what it rests on.
  RunState Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `paths` in the order of the first event in each: what rotation has set aside comes before what it made anew.
std::vector<std::string> OldestFirst(std::vector<std::string> paths);

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_HISTORY_H_
