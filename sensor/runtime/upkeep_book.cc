// SPDX-License-Identifier: Apache-2.0
#include "runtime/upkeep_book.h"

#include <chrono>

namespace gander::runtime {
namespace {

Timestamp WallClock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

const char* StateOf(const policy::TransferEntry& entry, Timestamp now) noexcept {
  if (entry.until <= now) return "ended";
  if (entry.not_before > now) return "future";
  return entry.deny ? "denying" : "permitting";
}

}  // namespace

UpkeepBook::UpkeepBook() { upkeep_.rules_loaded = upkeep_.policy_loaded = WallClock(); }

void UpkeepBook::TookRules() { upkeep_.rules_loaded = WallClock(); }

void UpkeepBook::TookPolicy() { upkeep_.policy_loaded = WallClock(); }

void UpkeepBook::SavedState(bool good) {
  ++(good ? upkeep_.snapshots_written : upkeep_.snapshots_failed);
  if (good) upkeep_.snapshot_written = WallClock();
}

void UpkeepBook::Judged(Timestamp end, Duration took) {
  upkeep_.epoch_end = end;
  ++upkeep_.epochs;
  upkeep_.judging.ns += took.ns;
}

report::Upkeep UpkeepBook::Describe(const policy::Policy& policy) const {
  report::Upkeep out = upkeep_;
  const Timestamp now = upkeep_.epoch_end;
  out.entries = {{"permitting", 0}, {"denying", 0}, {"future", 0}, {"ended", 0}};
  for (const policy::TransferEntry& entry : policy.transfers()) {
    if (entry.retired) continue;
    const char* state = StateOf(entry, now);
    ++out.entries[state];
    const bool in_force = !entry.deny && entry.until > now && entry.not_before <= now;
    if (!in_force || entry.until == kDistantFuture) continue;
    if (out.next_entry_end.ns == 0 || entry.until < out.next_entry_end) out.next_entry_end = entry.until;
  }
  return out;
}

}  // namespace gander::runtime
