// SPDX-License-Identifier: Apache-2.0
// Pauses between tries that double up to a limit: what is back soon is found soon, what is not is not
// hammered.
#ifndef GANDER_CAPTURE_RETRY_PAUSE_H_
#define GANDER_CAPTURE_RETRY_PAUSE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gander::capture {

class RetryPause {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100};

  explicit RetryPause(std::uint32_t longest_s) noexcept : longest_(std::chrono::seconds(longest_s)) {}

  // True when it is time for a try. The next one comes after twice the pause.
  bool Due(Clock::time_point now) noexcept {
    if (now < next_) return false;
    next_ = now + pause_;
    pause_ = std::min(2 * pause_, longest_);
    return true;
  }
  void Reset() noexcept {
    next_ = {};
    pause_ = kFirst;
  }

 private:
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds pause_ = kFirst;
  Clock::time_point next_;  // the first try is at once
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_RETRY_PAUSE_H_
