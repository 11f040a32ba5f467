// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_SUPERVISE_OPTIONS_H_
#define GANDER_SUPERVISE_OPTIONS_H_

#include <cstdint>
#include <string>

namespace gander::supervise {

struct Options {
  bool on = true;
  std::uint32_t watchdog_s = 20;    // a packet thread that does nothing for so long is a death; 0 = never
  std::uint32_t poison_deaths = 2;  // a flow in hand at so many deaths is not read any more; 0 = never
  std::uint32_t pause_ms = 250;     // before the second restart in a row; doubles with each
  std::uint32_t max_pause_s = 30;   // ... up to this
  std::uint32_t calm_s = 60;        // a run of so long ends the row
  std::string crash_directory;      // of crash reports; empty = nobody said
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_OPTIONS_H_
