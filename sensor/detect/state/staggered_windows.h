// SPDX-License-Identifier: Apache-2.0
// Windows without seams (DETECTION.md §4): three accumulators of length 1.5 W, one started every W/2 on a grid of
// packet time. Whatever fits into W lies wholly inside one of them, wherever the grid falls; the price is that up
// to half a window more is counted, so alerts print the true age.
#ifndef GANDER_DETECT_STATE_STAGGERED_WINDOWS_H_
#define GANDER_DETECT_STATE_STAGGERED_WINDOWS_H_

#include <array>
#include <cstdint>

#include "base/snapshot_io.h"
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
      Slot& slot = slots_[Index(begun)];
      if (slot.begun != begun) slot = {begun, {}};
    }
  }

  // After Advance. Calls f on each of the three.
  template <class F>
  void ForEach(F&& f) {
    for (Slot& slot : slots_) f(slot.accumulator);
  }
  // The same with the half window in which each was started: f(begun, accumulator).
  template <class F>
  void ForEachBegun(F&& f) {
    for (Slot& slot : slots_) f(slot.begun, slot.accumulator);
  }

  // The one open longest: it holds all of the last W, and all that the others hold.
  const Accumulator& longest() const noexcept { return slots_[Index(cell_ - 2)].accumulator; }
  Timestamp longest_begun() const noexcept { return {(cell_ - 2) * half_}; }
  std::int64_t longest_cell() const noexcept { return cell_ - 2; }
  // The one started in that half window; null when it is over or not here yet.
  const Accumulator* Begun(std::int64_t begun) const noexcept {
    const Slot& slot = slots_[Index(begun)];
    return slot.begun == begun ? &slot.accumulator : nullptr;
  }

  // `save(accumulator)` and `load(accumulator)` write and read what lies inside. Load: into fresh windows.
  template <class F>
  void Save(SnapshotWriter& out, F&& save) const {
    out.Bool(started_);
    if (!started_) return;
    out.U64(static_cast<std::uint64_t>(half_));
    out.U64(static_cast<std::uint64_t>(cell_));
    for (std::int64_t begun = cell_ - 2; begun <= cell_; ++begun) save(slots_[Index(begun)].accumulator);
  }
  template <class F>
  void Load(SnapshotReader& in, F&& load) {
    if (!in.Bool()) return;
    const auto half = static_cast<std::int64_t>(in.U64()), cell = static_cast<std::int64_t>(in.U64());
    if (half != half_) return in.Fail();  // an option has changed since
    if (cell < INT64_MIN / half_ + 3 || cell > INT64_MAX / half_ - 3) return in.Fail();
    cell_ = cell;
    started_ = true;
    for (std::int64_t begun = cell - 2; begun <= cell && !in.failed(); ++begun) {
      Slot& slot = slots_[Index(begun)];
      slot.begun = begun;
      load(slot.accumulator);
    }
  }

 private:
  struct Slot {
    std::int64_t begun = INT64_MIN;  // in half windows
    Accumulator accumulator;
  };
  static std::size_t Index(std::int64_t begun) noexcept { return static_cast<std::size_t>((begun % 3 + 3) % 3); }

  std::int64_t half_;
  std::int64_t cell_ = 0;
  bool started_ = false;
  std::array<Slot, 3> slots_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_STAGGERED_WINDOWS_H_
