// SPDX-License-Identifier: Apache-2.0
// The list of detectors, in the order in which they judge. A new detector is its file, its maker and a line here.
#include "detect/detectors.h"

namespace gander::detect {

std::span<const DetectorInfo> Detectors() noexcept {
  static constexpr DetectorInfo kDetectors[] = {
      {"D01", "exposed_clear", "Exposed personal data in clear text", MakeExposedClear},
      {"D02", "bulk_transfer", "Bulk transfer of records", MakeBulkTransfer},
      {"D03", "mass_collection", "Mass collection (fan-in)", MakeMassCollection},
      {"D19", "blind_spots", "Sensor integrity and blind spots", MakeBlindSpots},
  };
  return kDetectors;
}

}  // namespace gander::detect
