// SPDX-License-Identifier: Apache-2.0
// A counter of unknown rate, such as a NIC's clock, read as Unix time.
#ifndef GANDER_CAPTURE_TICK_CLOCK_H_
#define GANDER_CAPTURE_TICK_CLOCK_H_

#include <cstdint>

#include "base/time.h"

namespace gander::capture {

class TickClock {
 public:
  // The counter's value and our clocks', read together.
  struct Reading {
    std::uint64_t ticks = 0;
    std::int64_t steady_ns = 0;  // never set back
    std::int64_t unix_ns = 0;
  };

  // The rate is that between two readings. False when the counter stood still, ran backwards, or ran at a
  // rate no clock has (below 1 kHz, above 100 GHz).
  bool Calibrate(const Reading& first, const Reading& second) noexcept;
  // A later reading betters the rate, over all the time since the first, and takes off what error has grown:
  // at most kMaxSlewPpm of the time since the last reading, so that times do not jump. An error above
  // kMaxError is a clock that was set: it is followed at once.
  void Anchor(const Reading& now) noexcept;

  Timestamp TimeOf(std::uint64_t ticks) const noexcept {
    const auto since = static_cast<std::int64_t>(ticks - anchor_ticks_);  // may be negative
    return {anchor_unix_ns_ + static_cast<std::int64_t>(static_cast<__int128>(since) * rate_ >> kRateBits)};
  }

  static constexpr std::int64_t kMaxSlewPpm = 500;
  static constexpr std::int64_t kMaxError = kNanosPerSecond;

 private:
  static constexpr int kRateBits = 32;
  bool SetRate(const Reading& now) noexcept;

  Reading first_;
  std::int64_t last_steady_ns_ = 0;
  std::uint64_t anchor_ticks_ = 0;
  std::int64_t anchor_unix_ns_ = 0;
  std::int64_t rate_ = 0;  // nanoseconds a tick, times 2^kRateBits
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_TICK_CLOCK_H_
