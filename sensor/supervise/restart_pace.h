// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next restart: not at all at first, then ever longer, so that a sensor that dies at once
// does not burn a core.
#ifndef GANDER_SUPERVISE_RESTART_PACE_H_
#define GANDER_SUPERVISE_RESTART_PACE_H_

#include <algorithm>
#include <cstdint>

#include "base/time.h"
#include "supervise/options.h"

namespace gander::supervise {

class RestartPace {
 public:
  explicit RestartPace(const Options& options) noexcept
      : first_(Duration::Millis(options.pause_ms)),
        longest_(Duration::Seconds(options.max_pause_s)),
        calm_(Duration::Seconds(options.calm_s)) {}

  // After a sensor that ran for `ran`.
  Duration Next(Duration ran) noexcept {
    if (ran >= calm_) row_ = 0;
    if (row_++ == 0) return {};
    Duration pause = std::min(first_, longest_);
    for (std::uint32_t i = 2; i < row_ && pause < longest_; ++i) pause = std::min(Duration{pause.ns * 2}, longest_);
    return pause;
  }

 private:
  const Duration first_, longest_, calm_;
  std::uint32_t row_ = 0;  // deaths one after the other
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_RESTART_PACE_H_
