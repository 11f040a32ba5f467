// SPDX-License-Identifier: Apache-2.0
// What a packet thread does when there was nothing to read: looks again at once, then with pauses that leave
// the core to its sibling, then sleeps.
#ifndef GANDER_RUNTIME_IDLE_WAIT_H_
#define GANDER_RUNTIME_IDLE_WAIT_H_

#include <immintrin.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace gander::runtime {

class IdleWait {
 public:
  // `sleep_us` 0: never sleeps.
  explicit IdleWait(std::uint32_t sleep_us) noexcept : sleep_us_(std::min(sleep_us, kLongestSleepUs)) {}

  void Reset() noexcept { rounds_ = 0; }
  void Wait() noexcept {
    if (rounds_ < kSpins + kPauses) ++rounds_;
    if (rounds_ <= kSpins) return;
    if (rounds_ < kSpins + kPauses || sleep_us_ == 0) {
      for (int i = 0; i < kPausesInARow; ++i) _mm_pause();
      return;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(sleep_us_));
  }

 private:
  // A signal to stop is seen soon, whatever the setting.
  static constexpr std::uint32_t kLongestSleepUs = 100'000;
  // Together about a millisecond: packets come in trains, and waking up costs some 50 us.
  static constexpr std::uint32_t kSpins = 256, kPauses = 1024;
  static constexpr int kPausesInARow = 16;

  std::uint32_t sleep_us_, rounds_ = 0;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_IDLE_WAIT_H_
