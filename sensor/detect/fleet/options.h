// SPDX-License-Identifier: Apache-2.0
// What makes a sensor one of a fleet.
#ifndef GANDER_DETECT_FLEET_OPTIONS_H_
#define GANDER_DETECT_FLEET_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gander::detect {

struct FleetOptions {
  std::string key_file;            // detect/fleet/fleet_key.h; empty = no sketches are told
  std::string sensor;              // its name in them, unique in the fleet; empty = report.sensor_name
  std::uint32_t window_s = 600;    // of packet time, from midnight UTC on: divides a day
  std::uint32_t epoch_days = 7;    // for which one key blinds; the same in all sensors
  std::uint32_t max_keys = 16384;  // of a window; the lightest are given up
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_FLEET_OPTIONS_H_
