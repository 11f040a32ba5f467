// SPDX-License-Identifier: Apache-2.0
// What detectors hold over a restart: taken up before the first epoch, written when it is due. What operators ask of
// baselines lies in a file beside it and is taken at the same times. A run without a snapshot has a desk at which
// nothing happens.
#ifndef GANDER_RUNTIME_STATE_DESK_H_
#define GANDER_RUNTIME_STATE_DESK_H_

#include <string>
#include <utility>
#include <vector>

#include "config/snapshot.h"
#include "detect/account/transfer_book.h"
#include "detect/state/snapshot_file.h"
#include "report/events/baseline_event.h"
#include "runtime/detector_set.h"
#include "runtime/fleet_desk.h"
#include "runtime/upkeep_book.h"

namespace gander::runtime {

class StateDesk {
 public:
  // What is saved, and who keeps it; they outlive the desk.
  struct Holders {
    detect::TransferBook& book;
    DetectorSet& detectors;
    FleetDesk& fleet;
    UpkeepBook& upkeep;
    std::vector<std::string>& warnings;
  };
  // `key` null: no snapshot is written.
  StateDesk(const detect::SnapshotKey* key, const Holders& holders) : key_(key), held_(holders) {}

  // Before the first epoch: what detect::SaveState wrote in an earlier run; empty = none. What cannot be read is a
  // warning, and what held it begins anew.
  void TakeUp(const std::string& state, const config::Snapshot& snapshot);
  // In the aggregator's thread: packets are the workers' business, and they go on. `now`: due or not.
  void SaveWhenDue(const config::Snapshot& snapshot, Timestamp end, bool now);

  // End of what an earlier run has seen, once; else unset.
  Timestamp TakeSeenUntil() noexcept { return std::exchange(seen_until_, kDistantPast); }
  // What was asked of baselines and is not told yet.
  std::vector<report::BaselineChange> TakeChanges() noexcept { return std::exchange(changes_, {}); }

 private:
  void Load(const std::string& state, const config::Snapshot& snapshot);
  void ObeyRequests(const config::Snapshot& snapshot, Timestamp now);
  std::vector<detect::SavedPart> Parts() const;

  const detect::SnapshotKey* key_;
  Holders held_;
  Timestamp seen_until_ = kDistantPast, last_saved_ = kDistantPast;
  bool save_failed_ = false;
  std::vector<report::BaselineChange> changes_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_STATE_DESK_H_
