// SPDX-License-Identifier: Apache-2.0
// What the past tells of the sensor itself: what it could not see for a while, what changed how it judges, and who was
// let at what it keeps.
#ifndef GANDER_REPORT_HISTORY_PAST_CHANGES_H_
#define GANDER_REPORT_HISTORY_PAST_CHANGES_H_

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "report/history/json_at.h"
#include "report/run_state.h"

namespace gander::report {

class PastChanges {
 public:
  static bool Reads(std::string_view type) noexcept;
  // False when the event lacks what its kind needs.
  bool Add(const std::string& type, const Json& event);
  void Fill(RunState& state);

 private:
  bool AddBlindSpot(const Json& event, const Json& spot);
  void AddChange(Change change);

  std::deque<Shedding> spans_;  // by begin of telling, the newest are kept
  std::map<std::string, std::string> broken_ports_;
  std::deque<Change> changes_;
  std::map<std::string, std::uint64_t> rules_reloads_, policy_reloads_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_PAST_CHANGES_H_
