// SPDX-License-Identifier: Apache-2.0
#include "runtime/fleet_desk.h"

#include <algorithm>

#include "report/events/sketch_event.h"

namespace gander::runtime {

FleetDesk::FleetDesk(const config::Settings& settings, const detect::FleetKey* key, bool saved)
    : options_(settings.fleet), key_(key), saved_(saved) {
  if (options_.sensor.empty()) options_.sensor = settings.report.sensor_name;
  Restart();
}

void FleetDesk::Restart() {
  if (key_ != nullptr) book_ = std::make_unique<detect::FleetBook>(options_, *key_, saved_);
}

void FleetDesk::OnEpoch(const detect::EpochView& epoch, detect::AlertSink& alerts) {
  if (book_ != nullptr) book_->OnEpoch(nullptr, epoch, alerts);
}

void FleetDesk::AddPart(std::vector<detect::SavedPart>& parts) const {
  if (book_ != nullptr) parts.push_back({detect::FleetBook::kId, book_.get()});
}

void FleetDesk::TakeDue(Timestamp now, bool wanted, std::vector<report::Event>& out) {
  if (book_ == nullptr) return;
  for (const detect::FleetSketch& sketch : book_->TakeDue()) {
    if (wanted) out.push_back(report::ToEvent(sketch, std::min(now, sketch.end)));
  }
}

}  // namespace gander::runtime
