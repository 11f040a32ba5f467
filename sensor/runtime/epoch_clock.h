// SPDX-License-Identifier: Apache-2.0
// Cuts packet time into epochs on a grid that depends on the packets alone, so that every worker count and every
// source cuts alike. An epoch also ends after a number of packets, which bounds what a burst can make it hold.
#ifndef GANDER_RUNTIME_EPOCH_CLOCK_H_
#define GANDER_RUNTIME_EPOCH_CLOCK_H_

#include <cstdint>

#include "base/time.h"

namespace gander::runtime {

class EpochClock {
 public:
  EpochClock(Duration length, std::uint64_t max_packets) noexcept : length_(length), max_packets_(max_packets) {}

  // True when the packet at `t` belongs to the next epoch: seal first, then call Advance. Time that steps
  // backwards stays in the epoch at hand.
  bool MustSealBefore(Timestamp t) const noexcept {
    return started_ && (t >= end_ || packets_ >= max_packets_);
  }
  // Begins the epoch that holds `t`; at the same grid cell again when only the packet count ended the last one.
  void Advance(Timestamp t) noexcept {
    packets_ = 0;
    step_back_ = {};
    begin_ = started_ && t < end_ ? latest_ : Floor(t);
    if (!started_ || t >= end_) end_ = Floor(t) + length_;
    if (!started_ || t > latest_) latest_ = t;
    started_ = true;
  }
  void Count(Timestamp t) noexcept {
    if (!started_) Advance(t);
    if (latest_ - t > step_back_) step_back_ = latest_ - t;
    if (t > latest_) latest_ = t;
    ++packets_;
  }

  bool started() const noexcept { return started_; }
  Timestamp begin() const noexcept { return begin_; }
  Timestamp end() const noexcept { return end_; }
  Timestamp latest() const noexcept { return latest_; }
  // The furthest that packet time went backwards in the epoch at hand.
  Duration step_back() const noexcept { return step_back_; }
  // Where the epoch that is sealed now ends: its grid line when time went past it, else the latest packet.
  Timestamp SealEnd(Timestamp next) const noexcept { return next >= end_ ? end_ : latest_; }

 private:
  Timestamp Floor(Timestamp t) const noexcept {
    const std::int64_t cell = t.ns >= 0 ? t.ns / length_.ns : (t.ns - length_.ns + 1) / length_.ns;
    return {cell * length_.ns};
  }

  Duration length_;
  std::uint64_t max_packets_;
  std::uint64_t packets_ = 0;
  bool started_ = false;
  Duration step_back_;
  Timestamp begin_, end_, latest_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EPOCH_CLOCK_H_
