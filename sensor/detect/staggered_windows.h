// SPDX-License-Identifier: Apache-2.0
// Windows without seams (DETECTION.md §4): three accumulators of length 1.5 W, one started every W/2 on a grid of
// packet time. Whatever fits into W lies wholly inside one of them, wherever the grid falls; the price is that up
// to half a window more is counted, so alerts print the true age.
#ifndef GANDER_DETECT_STAGGERED_WINDOWS_H_
#define GANDER_DETECT_STAGGERED_WINDOWS_H_

#include <array>
#include <cstdint>

#include "base/time.h"

namespace gander::detect {

template <class Accumulator>
class StaggeredWindows {
 public:
  explicit StaggeredWindows(Duration window) noexcept : half_(window.ns / 2) {}

  // Opens and empties accumulators as packet time passes. Time that steps back changes nothing.
  void Advance(Timestamp now) {
    const std::int64_t cell = now.ns >= 0 ? now.ns / half_ : (now.ns - half_ + 1) / half_;
    if (started_ && cell <= cell_) return;
    cell_ = cell;
    started_ = true;
    for (std::int64_t begun = cell - 2; begun <= cell; ++begun) {
      Slot& slot = SlotOf(begun);
      if (slot.begun != begun) slot = {begun, {}};
    }
  }

  // After Advance. Calls f on each of the three.
  template <class F>
  void ForEach(F&& f) {
    for (Slot& slot : slots_) f(slot.accumulator);
  }

  // The one open longest: it holds all of the last W, and all that the others hold.
  const Accumulator& longest() const noexcept { return slots_[Index(cell_ - 2)].accumulator; }
  Timestamp longest_begun() const noexcept { return {(cell_ - 2) * half_}; }

 private:
  struct Slot {
    std::int64_t begun = INT64_MIN;  // in half windows
    Accumulator accumulator;
  };
  static std::size_t Index(std::int64_t begun) noexcept { return static_cast<std::size_t>((begun % 3 + 3) % 3); }
  Slot& SlotOf(std::int64_t begun) noexcept { return slots_[Index(begun)]; }

  std::int64_t half_;
  std::int64_t cell_ = 0;
  bool started_ = false;
  std::array<Slot, 3> slots_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STAGGERED_WINDOWS_H_
