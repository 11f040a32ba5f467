// SPDX-License-Identifier: Apache-2.0
// The figures of DETECTION.md §3, D11, reproduced: shares of simulated programs that are taken for regular.
#include "detect/d11_beacon/rhythm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "detect/options.h"

namespace gander::detect {
namespace {

constexpr int kTrials = 1000;

double Uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

struct Shares {
  double either = 0, a = 0, d = 0;
};

// Of trials with `intervals` intervals each drawn from `next`.
Shares Regular(int intervals, const std::function<double(std::mt19937_64&)>& next) {
  const Options::Beacon o;
  std::mt19937_64 random(20261129);
  Shares shares;
  for (int trial = 0; trial < kTrials; ++trial) {
    Rhythm rhythm;
    for (int i = 0; i < intervals; ++i) rhythm.Add(Duration{static_cast<std::int64_t>(next(random) * 1e9)});
    const Rhythm::Scores s = rhythm.Score();
    shares.a += (s.a >= o.score_a) / static_cast<double>(kTrials);
    shares.d += (s.d >= o.score_d) / static_cast<double>(kTrials);
    shares.either += (s.a >= o.score_a || s.d >= o.score_d) / static_cast<double>(kTrials);
  }
  return shares;
}

// A program that sleeps `period` seconds give or take `jitter`, and whose beats are lost in `loss` of the cases.
auto Beats(double period, double jitter, double loss) {
  return [=](std::mt19937_64& random) {
    double sum = 0;
    do {
      sum += period * (1 + jitter * (2 * Uniform(random) - 1));
    } while (Uniform(random) < loss);
    return sum;
  };
}

TEST(RhythmTest, JitterAndLossAsMeasured) {
  for (const double period : {60.0, 300.0, 1000.0}) {
    const Shares jitter = Regular(48, Beats(period, 0.2, 0));
    EXPECT_GE(jitter.a, 0.90) << period;
    EXPECT_GE(jitter.either, 0.99) << period;
    const Shares lost = Regular(48, Beats(period, 0.2, 0.3));
    EXPECT_LE(lost.a, 0.45) << period;  // the older score alone breaks
    EXPECT_GE(lost.either, 0.95) << period;
    EXPECT_GE(Regular(48, Beats(period, 0.3, 0)).either, 0.95) << period;
    EXPECT_GE(Regular(48, Beats(period, 0.3, 0.3)).either, 0.95) << period;
    EXPECT_GE(Regular(48, Beats(period, 0, 0.3)).either, 0.99) << period;
  }
}

TEST(RhythmTest, WideJitterNeedsMoreBeats) {
  EXPECT_GE(Regular(48, Beats(300, 0.5, 0)).either, 0.6);
  EXPECT_GE(Regular(200, Beats(300, 0.5, 0)).either, 0.9);
}

TEST(RhythmTest, ChanceIsNotRegular) {
  const auto exponential = [](std::mt19937_64& random) { return -300 * std::log(1 - Uniform(random)); };
  EXPECT_LE(Regular(48, exponential).either, 0.02);
  // People: bursts of pages a few seconds apart, then long pauses.
  const auto people = [](std::mt19937_64& random) {
    return Uniform(random) < 0.7 ? 4 + 30 * -std::log(1 - Uniform(random)) : 60 + 1500 * -std::log(1 - Uniform(random));
  };
  EXPECT_LE(Regular(48, people).either, 0.01);
}

TEST(RhythmTest, FindsThePeriodAndForgetsTheDistantPast) {
  Rhythm rhythm;
  EXPECT_EQ(rhythm.Score().d, 0);
  for (int i = 0; i < 60; ++i) rhythm.Add(Duration::Seconds(i % 3 == 0 ? 600 : 300));
  EXPECT_NEAR(rhythm.Score().period_s, 300, 30);
  EXPECT_GT(rhythm.Score().d, 0.98);
  for (int i = 0; i < 3000; ++i) rhythm.Add(Duration::Seconds(3600));
  EXPECT_LT(rhythm.intervals(), Rhythm::kRemembered);
  EXPECT_NEAR(rhythm.Score().period_s, 3600, 360);
  rhythm.Add(Duration{-5});
  rhythm.Add(Duration::Seconds(10'000'000));
}

}  // namespace
}  // namespace gander::detect
