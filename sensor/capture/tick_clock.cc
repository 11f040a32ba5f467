// SPDX-License-Identifier: Apache-2.0
// Calibration of a foreign counter against our clocks.
#include "capture/tick_clock.h"

#include <algorithm>
#include <cstdlib>

namespace gander::capture {
namespace {

constexpr __int128 kMinRate = (__int128{1} << 32) / 100;        // 10 ps a tick
constexpr __int128 kMaxRate = (__int128{1} << 32) * 1'000'000;  // 1 ms a tick

}  // namespace

bool TickClock::SetRate(const Reading& now) noexcept {
  const auto ticks = static_cast<std::int64_t>(now.ticks - first_.ticks);
  const std::int64_t ns = now.steady_ns - first_.steady_ns;
  if (ticks <= 0 || ns <= 0) return false;
  const __int128 rate = (static_cast<__int128>(ns) << kRateBits) / ticks;
  if (rate < kMinRate || rate > kMaxRate) return false;
  rate_ = static_cast<std::int64_t>(rate);
  return true;
}

bool TickClock::Calibrate(const Reading& first, const Reading& second) noexcept {
  first_ = first;
  if (!SetRate(second)) return false;
  last_steady_ns_ = second.steady_ns;
  anchor_ticks_ = second.ticks;
  anchor_unix_ns_ = second.unix_ns;
  return true;
}

void TickClock::Anchor(const Reading& now) noexcept {
  const std::int64_t ours = TimeOf(now.ticks).ns;
  const std::int64_t error = now.unix_ns - ours;
  const std::int64_t slew = (now.steady_ns - last_steady_ns_) / 1'000'000 * kMaxSlewPpm;
  const bool jump = std::abs(error) > kMaxError;
  // A counter that was reset starts anew.
  if (!SetRate(now)) first_ = now;
  anchor_unix_ns_ = jump ? now.unix_ns : ours + std::clamp(error, -slew, slew);
  anchor_ticks_ = now.ticks;
  last_steady_ns_ = now.steady_ns;
}

}  // namespace gander::capture
