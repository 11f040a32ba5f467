// SPDX-License-Identifier: Apache-2.0
// The `transfer` events of past runs, read back from EVE lines.
#ifndef GANDER_APP_PAST_TRANSFERS_H_
#define GANDER_APP_PAST_TRANSFERS_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "policy/replay.h"

namespace gander::app {

struct PastTransfers {
  std::vector<policy::PastTransfer> transfers;
  std::uint64_t other_events = 0;
  std::uint64_t unreadable = 0;  // lines that are no event, or transfers that lack what a judgement needs
  int first_unreadable = 0;      // its line
};

// Error: the file cannot be read. "-" is standard input. Lines may come from several runs.
Result<PastTransfers> ReadPastTransfers(const std::string& path);

}  // namespace gander::app

#endif  // GANDER_APP_PAST_TRANSFERS_H_
