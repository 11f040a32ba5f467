// SPDX-License-Identifier: Apache-2.0
// The aggregator's dealings with the fleet's sketches. A sensor that is in no fleet has a desk at which nothing happens.
#ifndef GANDER_RUNTIME_FLEET_DESK_H_
#define GANDER_RUNTIME_FLEET_DESK_H_

#include <memory>
#include <vector>

#include "config/settings.h"
#include "detect/fleet/fleet_book.h"
#include "detect/state/saved_state.h"
#include "report/events/event.h"

namespace gander::runtime {

class FleetDesk {
 public:
  // `key` outlives it; null: in no fleet. `saved`: detectors' state is written, so that a window waits for that.
  FleetDesk(const config::Settings& settings, const detect::FleetKey* key, bool saved);

  // Without what it has of the window at hand.
  void Restart();
  void OnEpoch(const detect::EpochView& epoch, detect::AlertSink& alerts);
  void AddPart(std::vector<detect::SavedPart>& parts) const;
  // A window was finished since the last call: state should be written.
  bool MustSave() noexcept { return book_ != nullptr && book_->MustSave(); }
  // Sketches that are due, as events of at most `now`; dropped when nobody wants them.
  void TakeDue(Timestamp now, bool wanted, std::vector<report::Event>& out);

  std::uint64_t keys_lost() const noexcept { return book_ != nullptr ? book_->keys_lost() : 0; }
  detect::StateUse use() const noexcept { return book_ != nullptr ? book_->use() : detect::StateUse{}; }

 private:
  detect::FleetOptions options_;
  const detect::FleetKey* key_;
  bool saved_;
  std::unique_ptr<detect::FleetBook> book_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_FLEET_DESK_H_
