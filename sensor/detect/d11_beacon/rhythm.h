// SPDX-License-Identifier: Apache-2.0
// How regular a series of intervals is, from a histogram of 96 logarithmic bins. Two scores (DETECTION.md §3, D11):
//   A  half (1 - |quartile skew|) plus half (1 - MAD / median): the form known from RITA. Breaks when beats are lost.
//   D  share of intervals within 30 % of k times T, k = 1 to 6, where T is the median of the densest 1.8-fold window: a
//      lost beat makes an interval of two, which still fits.
#ifndef GANDER_DETECT_D11_BEACON_RHYTHM_H_
#define GANDER_DETECT_D11_BEACON_RHYTHM_H_

#include <array>
#include <cstdint>

#include "base/snapshot_io.h"
#include "base/time.h"

namespace gander::detect {

class Rhythm {
 public:
  static constexpr std::size_t kBins = 96;
  static constexpr double kShortest = 4.0, kLongest = 172'800.0;  // seconds; what lies beyond falls into the last bins
  static constexpr std::uint32_t kRemembered = 512;               // then the past counts half

  void Add(Duration interval) noexcept;
  std::uint32_t intervals() const noexcept { return intervals_; }

  struct Scores {
    double a = 0, d = 0;
    double period_s = 0;  // T
  };
  // Bins are taken as evenly filled. All zero without intervals.
  Scores Score() const noexcept;

  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in) noexcept;

 private:
  // Intervals shorter than `seconds`, a fraction of a bin included.
  double Below(double seconds) const noexcept;
  // The length below which so many intervals lie.
  double Quantile(double intervals) const noexcept;
  double MedianDeviation(double median) const noexcept;
  double Period() const noexcept;

  std::array<std::uint16_t, kBins> bins_{};
  std::uint32_t intervals_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D11_BEACON_RHYTHM_H_
