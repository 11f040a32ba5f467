// SPDX-License-Identifier: Apache-2.0
// StaggeredWindows (staggered_windows.h) of a plain sum, in 32 bytes: for tables with a window or more for each of many
// keys.
#ifndef GANDER_DETECT_STATE_STAGGERED_SUM_H_
#define GANDER_DETECT_STATE_STAGGERED_SUM_H_

#include <array>
#include <bit>
#include <cstdint>

#include "base/snapshot_io.h"
#include "base/time.h"

namespace gander::detect {

class StaggeredSum {
 public:
  // Adds to every accumulator open at `now`. Time that steps back adds to those that are open already.
  void Add(Duration window, Timestamp now, double amount) noexcept {
    Advance(window, now);
    for (double& sum : sums_) sum += amount;
  }
  // Of the accumulator open longest: all of the last `window`, and up to half a window more.
  double Sum(Duration window, Timestamp now) noexcept {
    Advance(window, now);
    return sums_[Slot(cell_ - 2)];
  }

  void Save(SnapshotWriter& out) const {
    out.U64(static_cast<std::uint64_t>(cell_));
    for (const double sum : sums_) out.U64(std::bit_cast<std::uint64_t>(sum));
  }
  void Load(SnapshotReader& in) noexcept {
    constexpr double kMost = 1e18;  // octets and the like
    cell_ = static_cast<std::int64_t>(in.U64());
    if (cell_ < kNever || cell_ > -kNever) in.Fail();
    for (double& sum : sums_) {
      sum = std::bit_cast<double>(in.U64());
      if (!(sum >= 0 && sum <= kMost)) in.Fail();
    }
  }

 private:
  void Advance(Duration window, Timestamp now) noexcept {
    const std::int64_t half = window.ns / 2;
    const std::int64_t cell = now.ns >= 0 ? now.ns / half : (now.ns - half + 1) / half;
    if (cell <= cell_) return;
    // The accumulator begun at cell c holds the place of that begun at c - 3.
    for (std::int64_t begun = cell - cell_ > 3 ? cell - 2 : cell_ + 1; begun <= cell; ++begun) sums_[Slot(begun)] = 0;
    cell_ = cell;
  }
  static std::size_t Slot(std::int64_t begun) noexcept { return static_cast<std::size_t>((begun % 3 + 3) % 3); }

  static constexpr std::int64_t kNever = INT64_MIN / 2;

  std::array<double, 3> sums_{};
  std::int64_t cell_ = kNever;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_STAGGERED_SUM_H_
