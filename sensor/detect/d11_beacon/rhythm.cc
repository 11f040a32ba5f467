// SPDX-License-Identifier: Apache-2.0
#include "detect/d11_beacon/rhythm.h"

#include <algorithm>
#include <cmath>

namespace gander::detect {
namespace {

constexpr double kWindow = 1.8, kTolerance = 0.3;
constexpr int kMultiples = 6;
const double kLogShortest = std::log(Rhythm::kShortest);
const double kLogStep = (std::log(Rhythm::kLongest) - kLogShortest) / Rhythm::kBins;

// Where `seconds` lies on the scale of bins, 0 to kBins.
double Place(double seconds) noexcept {
  return std::clamp((std::log(seconds) - kLogShortest) / kLogStep, 0.0, static_cast<double>(Rhythm::kBins));
}
double SecondsAt(double place) noexcept { return std::exp(kLogShortest + place * kLogStep); }

}  // namespace

void Rhythm::Add(Duration interval) noexcept {
  const double place = interval.ns <= 0 ? 0 : Place(interval.seconds());
  ++bins_[std::min(static_cast<std::size_t>(place), kBins - 1)];
  if (++intervals_ < kRemembered) return;
  intervals_ = 0;
  for (std::uint16_t& n : bins_) intervals_ += n /= 2;
}

void Rhythm::Save(SnapshotWriter& out) const {
  for (const std::uint16_t n : bins_) out.U16(n);
}

void Rhythm::Load(SnapshotReader& in) noexcept {
  intervals_ = 0;
  for (std::uint16_t& n : bins_) intervals_ += n = in.U16();
  if (intervals_ >= kRemembered) in.Fail();
}

double Rhythm::Below(double seconds) const noexcept {
  const double place = Place(seconds);
  const auto whole = static_cast<std::size_t>(place);
  double sum = 0;
  for (std::size_t i = 0; i < whole; ++i) sum += bins_[i];
  return whole < kBins ? sum + bins_[whole] * (place - static_cast<double>(whole)) : sum;
}

double Rhythm::Quantile(double rank) const noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    if (bins_[i] > 0 && sum + bins_[i] >= rank) return SecondsAt(static_cast<double>(i) + (rank - sum) / bins_[i]);
    sum += bins_[i];
  }
  return kLongest;
}

// Half of the intervals lie so near to the median: by bisection, since both sides grow together.
double Rhythm::MedianDeviation(double median) const noexcept {
  double low = 0, high = kLongest;
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    const double inside = Below(median + middle) - Below(std::max(median - middle, kShortest));
    (inside < intervals_ / 2.0 ? low : high) = middle;
  }
  return high;
}

double Rhythm::Period() const noexcept {
  double best = -1, begin = kShortest;
  for (std::size_t i = 0; i < kBins; ++i) {
    // Windows that begin in the middle of a bin as well: the bins are wide for one of 1.8.
    for (const double part : {0.0, 0.5}) {
      const double from = SecondsAt(static_cast<double>(i) + part);
      const double inside = Below(kWindow * from) - Below(from);
      if (inside > best) best = inside, begin = from;
    }
  }
  return Quantile(Below(begin) + best / 2);
}

Rhythm::Scores Rhythm::Score() const noexcept {
  if (intervals_ == 0) return {};
  Scores scores;
  const double n = intervals_;
  const double q1 = Quantile(n / 4), median = Quantile(n / 2), q3 = Quantile(3 * n / 4);
  const double skew = q3 > q1 ? (q1 + q3 - 2 * median) / (q3 - q1) : 0;
  scores.a = 0.5 * (1 - std::abs(skew)) + 0.5 * std::max(0.0, 1 - MedianDeviation(median) / median);
  scores.period_s = Period();
  double within = 0, reached = 0;
  for (int k = 1; k <= kMultiples; ++k) {
    // From the third multiple on the ranges meet; nothing is counted twice.
    const double low = std::max(reached, (k - kTolerance * k) * scores.period_s);
    const double high = (k + kTolerance * k) * scores.period_s;
    if (high > low) within += Below(high) - Below(std::max(low, kShortest));
    reached = std::max(reached, high);
  }
  scores.d = within / n;
  return scores;
}

}  // namespace gander::detect
