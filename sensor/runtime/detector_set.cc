// SPDX-License-Identifier: Apache-2.0
#include "runtime/detector_set.h"

#include <utility>

namespace gander::runtime {

DetectorSet::DetectorSet(const detect::Options& options) : options_(options) { Restart(); }

void DetectorSet::Restart() {
  running_.clear();
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    Running r{&info, info.create(options_), nullptr};
    r.merged = r.detector->NewMeter();
    running_.push_back(std::move(r));
  }
}

void DetectorSet::Restart(std::string_view id) {
  for (Running& r : running_) {
    if (id == r.info->id) r.detector = r.info->create(options_);
  }
}

void DetectorSet::ClearMeters() {
  for (Running& r : running_) {
    if (r.merged != nullptr) r.merged->Clear();
  }
}

void DetectorSet::Merge(const SealedEpoch& part) {
  for (std::size_t i = 0; i < running_.size(); ++i) {
    if (running_[i].merged != nullptr) running_[i].merged->Merge(*part.meters[i]);
  }
}

void DetectorSet::OnEpoch(const detect::EpochView& epoch, detect::AlertSink& alerts) {
  for (Running& r : running_) r.detector->OnEpoch(r.merged.get(), epoch, alerts);
}

std::size_t DetectorSet::Obey(const detect::BaselineRequest& request, Timestamp now) {
  std::size_t baselines = 0;
  for (const Running& r : running_) {
    const bool meant = request.detector.empty() || request.detector == r.info->id;
    if (meant) baselines += r.detector->Obey(request, now);
  }
  return baselines;
}

void DetectorSet::AddParts(std::vector<detect::SavedPart>& parts) const {
  for (const Running& r : running_) parts.push_back({r.info->id, r.detector.get()});
}

std::uint64_t DetectorSet::keys_lost() const noexcept {
  std::uint64_t lost = 0;
  for (const Running& r : running_) lost += r.detector->keys_lost();
  return lost;
}

void DetectorSet::AddUse(detect::StateUse& use) const noexcept {
  for (const Running& r : running_) use.Add(r.detector->use());
}

std::vector<detect::LegalReading> DetectorSet::Readings() const {
  std::vector<detect::LegalReading> all;
  for (const Running& r : running_) {
    if (const auto* law = dynamic_cast<const detect::ReadsLaw*>(r.detector.get())) {
      for (detect::LegalReading& reading : law->Readings()) all.push_back(std::move(reading));
    }
  }
  return all;
}

}  // namespace gander::runtime
