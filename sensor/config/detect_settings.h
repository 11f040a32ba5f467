// SPDX-License-Identifier: Apache-2.0
// Settings of detection: privacy, register, thresholds of detectors.
#ifndef GANDER_CONFIG_DETECT_SETTINGS_H_
#define GANDER_CONFIG_DETECT_SETTINGS_H_

#include <vector>

#include "config/setting_types.h"

namespace gander::config {

void AddJudgement(std::vector<Setting>& table);

}  // namespace gander::config

#endif  // GANDER_CONFIG_DETECT_SETTINGS_H_
