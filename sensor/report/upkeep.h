// SPDX-License-Identifier: Apache-2.0
// What keeps a live sensor's judgement fresh: how old its rules, its policy and its saved state are, how far behind the
// traffic it judges, and when permissions end. Times are those of the wall clock; {0}: never.
#ifndef GANDER_REPORT_UPKEEP_H_
#define GANDER_REPORT_UPKEEP_H_

#include <cstdint>
#include <map>
#include <string>

#include "base/time.h"

namespace gander::report {

struct Upkeep {
  Timestamp rules_loaded, policy_loaded, snapshot_written;
  std::uint64_t snapshots_written = 0, snapshots_failed = 0;
  Timestamp epoch_end;                // packet time up to which everything is judged
  std::uint64_t epochs = 0;
  Duration judging;                   // spent on them, all added up
  // Entries of the register: permitting, denying, future, ended -> number.
  std::map<std::string, std::uint64_t> entries;
  Timestamp next_entry_end;           // of the permissions in force, the first to end
};

}  // namespace gander::report

#endif  // GANDER_REPORT_UPKEEP_H_
