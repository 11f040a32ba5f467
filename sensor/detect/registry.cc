// SPDX-License-Identifier: Apache-2.0
// The array behind the list in detectors.h.
#include "detect/detectors.h"
#include "detect/state/baseline.h"

namespace gander::detect {

std::vector<Baseline> Detector::Baselines(Timestamp) const { return {}; }
std::size_t Detector::Obey(const BaselineRequest&, Timestamp) { return 0; }

std::span<const DetectorInfo> Detectors() noexcept {
#define GANDER_ROW(id, name, title, maker) DetectorInfo{id, name, title, maker},
  static constexpr DetectorInfo kDetectors[] = {GANDER_DETECTORS(GANDER_ROW)};
#undef GANDER_ROW
  return kDetectors;
}

}  // namespace gander::detect
