// SPDX-License-Identifier: Apache-2.0
// Movements of the past: one for each sender, recipient, class, verdict and register entry, over all their sessions.
#ifndef GANDER_REPORT_HISTORY_PAST_TRANSFERS_H_
#define GANDER_REPORT_HISTORY_PAST_TRANSFERS_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "report/history/json_at.h"
#include "report/run_state.h"

namespace gander::report {

class PastTransfers {
 public:
  explicit PastTransfers(std::size_t most) : most_(most) {}

  // False when the event lacks what a movement needs.
  bool Add(const Json& event);
  // Largest first, at most `shown`; zones are those `state` names, and what it does not know behind them.
  void Fill(std::size_t shown, RunState& state);

 private:
  using Key = std::tuple<IpAddress, IpAddress, std::string, std::string, policy::Verdict, std::string>;

  struct Past {
    detect::TransferSummary all;
    std::uint32_t sessions = 1;
  };

  policy::Party PartyOf(const Json& end, bool own);
  void Prune();

  std::size_t most_;
  std::map<Key, Past> transfers_;
  std::uint64_t given_up_ = 0;
  std::vector<std::string> zones_;  // by the id given here
  std::vector<bool> own_;
  std::map<std::string, policy::ZoneId> zone_ids_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_HISTORY_PAST_TRANSFERS_H_
