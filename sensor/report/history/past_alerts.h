// SPDX-License-Identifier: Apache-2.0
// Alerts of the past: all are counted, so many are kept.
#ifndef GANDER_REPORT_HISTORY_PAST_ALERTS_H_
#define GANDER_REPORT_HISTORY_PAST_ALERTS_H_

#include <map>
#include <string>
#include <vector>

#include "report/history/json_at.h"
#include "report/run_state.h"

namespace gander::report {

class PastAlerts {
 public:
  // `most` are kept: the first, but a graver one takes the place of the mildest.
  explicit PastAlerts(std::size_t most) : most_(most) {}
  // False when the event is no alert of Gander.
  bool Add(const Json& event);
  void Fill(RunState& state);

 private:
  std::size_t most_;
  std::vector<detect::Alert> kept_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_PAST_ALERTS_H_
