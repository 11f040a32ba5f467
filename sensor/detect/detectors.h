// SPDX-License-Identifier: Apache-2.0
// The makers that registry.cc lists; one a file d??_*.cc.
#ifndef GANDER_DETECT_DETECTORS_H_
#define GANDER_DETECT_DETECTORS_H_

#include <memory>

#include "detect/detector.h"

namespace gander::detect {

std::unique_ptr<Detector> MakeExposedClear(const Options& options);    // D01
std::unique_ptr<Detector> MakeBulkTransfer(const Options& options);    // D02
std::unique_ptr<Detector> MakeMassCollection(const Options& options);  // D03
std::unique_ptr<Detector> MakeBlindSpots(const Options& options);      // D19

}  // namespace gander::detect

#endif  // GANDER_DETECT_DETECTORS_H_
