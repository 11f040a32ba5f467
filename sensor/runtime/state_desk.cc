// SPDX-License-Identifier: Apache-2.0
#include "runtime/state_desk.h"

#include <algorithm>

#include "detect/state/baseline_requests.h"
#include "detect/state/saved_state.h"

namespace gander::runtime {

std::vector<detect::SavedPart> StateDesk::Parts() const {
  std::vector<detect::SavedPart> parts;
  held_.detectors.AddParts(parts);
  held_.fleet.AddPart(parts);
  return parts;
}

void StateDesk::TakeUp(const std::string& state, const config::Snapshot& snapshot) {
  if (!state.empty()) Load(state, snapshot);
  ObeyRequests(snapshot, seen_until_);
}

void StateDesk::Load(const std::string& state, const config::Snapshot& snapshot) {
  const std::string& file = snapshot.settings.snapshot.file;
  const auto warn = [&](const std::string& words) { held_.warnings.push_back(file + ": " + words); };
  const auto loaded = detect::LoadState(state, held_.book, Parts());
  if (!loaded) {
    held_.book = detect::TransferBook(snapshot.settings.detect, *snapshot.policy, *snapshot.rules);
    held_.detectors.Restart();
    held_.fleet.Restart();
    return warn(loaded.error().ToString());
  }
  seen_until_ = loaded->until;
  for (const std::string& id : loaded->refused) {
    if (id == detect::FleetBook::kId) {
      held_.fleet.Restart();
      warn("the window at hand of the fleet's sketches cannot be read, or was counted under another key; it "
           "begins anew");
    } else {
      held_.detectors.Restart(id);
      warn("the state of " + id + " cannot be read; that detector begins without it");
    }
  }
}

void StateDesk::SaveWhenDue(const config::Snapshot& snapshot, Timestamp end, bool now) {
  if (key_ == nullptr) return;
  const auto interval = Duration::Seconds(snapshot.settings.snapshot.interval_s);
  if (last_saved_ == kDistantPast) last_saved_ = end;
  if (!now && end - last_saved_ < interval) return;
  last_saved_ = end;
  ObeyRequests(snapshot, end);
  const auto written =
      detect::WriteSnapshot(snapshot.settings.snapshot.file, *key_, detect::SaveState(end, held_.book, Parts()));
  held_.upkeep.SavedState(written.has_value());
  if (!written && !save_failed_) held_.warnings.push_back(written.error().ToString());
  save_failed_ = !written;
}

void StateDesk::ObeyRequests(const config::Snapshot& snapshot, Timestamp now) {
  if (key_ == nullptr) return;
  const auto requests = detect::TakeBaselineRequests(snapshot.settings.snapshot, *key_);
  if (!requests) return held_.warnings.push_back(requests.error().ToString());
  for (const detect::BaselineRequest& request : *requests) {
    report::BaselineChange change{NameOf(request.action), request.detector, "", 0};
    if (request.hosts_only) change.hosts = request.hosts.ToString();
    change.baselines = held_.detectors.Obey(request, now);
    changes_.push_back(std::move(change));
  }
}

}  // namespace gander::runtime
