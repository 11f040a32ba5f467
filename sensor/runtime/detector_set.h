// SPDX-License-Identifier: Apache-2.0
// The detectors of a run with their meters, merged over workers. The aggregator's thread alone.
#ifndef GANDER_RUNTIME_DETECTOR_SET_H_
#define GANDER_RUNTIME_DETECTOR_SET_H_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "detect/legal_reading.h"
#include "detect/options.h"
#include "detect/state/baseline_requests.h"
#include "detect/state/saved_state.h"
#include "runtime/sealed_epoch.h"

namespace gander::runtime {

class DetectorSet {
 public:
  explicit DetectorSet(const detect::Options& options);

  // All as at the start of a run; the one of this id.
  void Restart();
  void Restart(std::string_view id);

  void ClearMeters();
  void Merge(const SealedEpoch& part);
  void OnEpoch(const detect::EpochView& epoch, detect::AlertSink& alerts);

  // How many baselines a request concerned.
  std::size_t Obey(const detect::BaselineRequest& request, Timestamp now);
  void AddParts(std::vector<detect::SavedPart>& parts) const;

  std::uint64_t keys_lost() const noexcept;
  void AddUse(detect::StateUse& use) const noexcept;
  // What those that count for a law have to say.
  std::vector<detect::LegalReading> Readings() const;

 private:
  struct Running {
    const detect::DetectorInfo* info;
    std::unique_ptr<detect::Detector> detector;
    std::unique_ptr<detect::Meter> merged;  // null where it has none
  };
  detect::Options options_;
  std::vector<Running> running_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DETECTOR_SET_H_
