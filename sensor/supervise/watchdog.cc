// SPDX-License-Identifier: Apache-2.0
#include "supervise/watchdog.h"

namespace gander::supervise {

std::uint32_t Watchdog::Look(const FlightPage& page, Timestamp now) noexcept {
  if (patience_.ns <= 0) return kNoWorker;
  const bool known = looked_ != kDistantPast && now - looked_ <= Duration{patience_.ns / 2};
  looked_ = now;
  std::uint32_t hung = kNoWorker;
  for (std::uint32_t i = 0; i < kSeats; ++i) {
    const Seat& seat = page.seats[i];
    Seen& seen = seen_[i];
    const bool taken = seat.taken.load(std::memory_order_acquire) != 0;
    const std::uint64_t beats = seat.beats.load(std::memory_order_relaxed);
    const std::uint64_t flow = seat.flow.load(std::memory_order_relaxed);
    if (!known || !taken || !seen.taken || beats != seen.beats || flow != seen.flow) {
      seen = {taken, beats, flow, now};
      continue;
    }
    const Duration limit{i == kJudge ? patience_.ns * kJudgesPatience : patience_.ns};
    if (now - seen.since >= limit && hung == kNoWorker) hung = i;
  }
  return hung;
}

}  // namespace gander::supervise
