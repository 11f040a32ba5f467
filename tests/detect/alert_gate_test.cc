// SPDX-License-Identifier: Apache-2.0
// Dedup, re-raise, clear; and windows without seams.
#include "detect/alerting/alert_gate.h"

#include <gtest/gtest.h>

#include <set>

#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {
namespace {

Timestamp At(std::int64_t seconds) { return {seconds * kNanosPerSecond}; }

TEST(AlertGateTest, RaisesAtTheThresholdOnce) {
  AlertGate gate({}, Duration::Seconds(3600));
  EXPECT_FALSE(gate.Offer("k", At(0), 99, 100, Severity::kHigh).raise);
  EXPECT_TRUE(gate.Offer("k", At(5), 100, 100, Severity::kHigh).raise);
  EXPECT_FALSE(gate.Offer("k", At(10), 101, 100, Severity::kHigh).raise);
  EXPECT_TRUE(gate.Offer("other", At(10), 100, 100, Severity::kHigh).raise);
}

TEST(AlertGateTest, TenfoldGrowthWaitsForFifteenMinutesAndHeldBackOnesAreCounted) {
  AlertGate gate({}, Duration::Seconds(3600));
  gate.Offer("k", At(0), 100, 100, Severity::kHigh);
  EXPECT_FALSE(gate.Offer("k", At(60), 1000, 100, Severity::kHigh).raise);
  EXPECT_FALSE(gate.Offer("k", At(899), 1000, 100, Severity::kHigh).raise);
  const auto answer = gate.Offer("k", At(900), 1000, 100, Severity::kHigh);
  EXPECT_TRUE(answer.raise);
  EXPECT_TRUE(answer.again);
  EXPECT_EQ(answer.suppressed, 2u);
}

TEST(AlertGateTest, ARisenSeverityIsSaidAtOnceAFallenOneNot) {
  AlertGate gate({}, Duration::Seconds(3600));
  gate.Offer("k", At(0), 100, 100, Severity::kMedium);
  EXPECT_TRUE(gate.Offer("k", At(5), 500, 100, Severity::kHigh).raise);
  EXPECT_FALSE(gate.Offer("k", At(2000), 500, 100, Severity::kMedium).raise);
}

TEST(AlertGateTest, OnceADayWhileActive) {
  AlertGate gate({}, Duration::Seconds(3600));
  int raised = 0;
  for (std::int64_t t = 0; t <= 2 * 86'400; t += 300) {
    raised += gate.Offer("k", At(t), 100, 100, Severity::kHigh).raise;
    gate.Expire(At(t));
  }
  EXPECT_EQ(raised, 3);
}

TEST(AlertGateTest, ClearsBelowHalfForTwoWindows) {
  AlertGate gate({}, Duration::Seconds(3600));
  gate.Offer("k", At(0), 100, 100, Severity::kHigh);
  for (std::int64_t t = 300; t <= 7200; t += 300) {
    gate.Offer("k", At(t), 60, 100, Severity::kHigh);  // above half: stays active
    gate.Expire(At(t));
  }
  EXPECT_FALSE(gate.Offer("k", At(7300), 100, 100, Severity::kHigh).raise);
  for (std::int64_t t = 7500; t <= 15'000; t += 300) {
    gate.Offer("k", At(t), 40, 100, Severity::kHigh);
    gate.Expire(At(t));
  }
  EXPECT_EQ(gate.size(), 0u);
  EXPECT_TRUE(gate.Offer("k", At(15'100), 100, 100, Severity::kHigh).raise);
}

TEST(StaggeredWindowsTest, WhateverFitsIntoAWindowLiesInOneAccumulator) {
  constexpr std::int64_t kWindow = 100;
  for (std::int64_t phase = 0; phase < 150; ++phase) {
    StaggeredWindows<std::set<std::int64_t>> windows(Duration::Seconds(kWindow));
    for (std::int64_t t = phase; t <= phase + 400; ++t) {
      windows.Advance(At(t));
      windows.ForEach([&](auto& set) { set.insert(t); });
      const auto& longest = windows.longest();
      // All of the last window, and never more than a window and a half.
      for (std::int64_t back = 0; back < kWindow && t - back >= phase; ++back) ASSERT_EQ(longest.count(t - back), 1u);
      ASSERT_LE(longest.size(), static_cast<std::size_t>(kWindow + kWindow / 2));
      ASSERT_LE(windows.longest_begun(), At(t - kWindow + 1));
    }
  }
}

TEST(StaggeredWindowsTest, ALongPauseEmptiesAllAndTimeBackwardsNothing) {
  StaggeredWindows<int> windows(Duration::Seconds(100));
  windows.Advance(At(1000));
  windows.ForEach([](int& n) { ++n; });
  windows.Advance(At(900));
  EXPECT_EQ(windows.longest(), 1);
  windows.Advance(At(5000));
  windows.ForEach([](int& n) { EXPECT_EQ(n, 0); });
  windows.Advance(At(-5000));
  EXPECT_EQ(windows.longest(), 0);
}

TEST(WordsTest, Figures) {
  EXPECT_EQ(Figure(0), "0");
  EXPECT_EQ(Figure(999), "999");
  EXPECT_EQ(Figure(1000), "1,000");
  EXPECT_EQ(Figure(12'345'678), "12,345,678");
  EXPECT_EQ(People({1, 1, 1}), "1 person");
  EXPECT_EQ(People({1204, 1121, 1287}), "1,204 people (1,121 to 1,287)");
  EXPECT_EQ(ByteWords(999), "999 bytes");
  EXPECT_EQ(ByteWords(3'400'000), "3.4 MB");
  EXPECT_EQ(ByteWords(999'960), "1.0 MB");
  EXPECT_EQ(Percent(0.0042), "0.42 %");
  EXPECT_EQ(Percent(0.6), "60 %");
  EXPECT_EQ(Span(Duration::Seconds(40)), "40 s");
  EXPECT_EQ(Span(Duration::Seconds(900)), "15 min");
  EXPECT_EQ(Span(Duration::Seconds(86'400)), "24 h");
}

TEST(AlertTest, CircumstancesLiftAndLowerWithinTheScale) {
  EndFigures ends;  // both ends unknown: foreign to each other
  ends.judgement = {policy::Verdict::kUnregistered, -1, "no entry"};
  EXPECT_EQ(Weigh(Severity::kMedium, false, ends, 0).severity, Severity::kHigh);
  const Weighed held = Weigh(Severity::kMedium, true, ends, 0);
  EXPECT_EQ(held.severity, Severity::kHigh);
  EXPECT_NE(held.words.find("held at high"), std::string::npos);
  EXPECT_EQ(Weigh(Severity::kHigh, true, ends, 0).severity, Severity::kCritical);
  EXPECT_EQ(Weigh(Severity::kCritical, true, ends, 0).severity, Severity::kCritical);
  ends.judgement.verdict = policy::Verdict::kRegistered;
  EXPECT_EQ(Weigh(Severity::kInfo, false, ends, 0.9).severity, Severity::kInfo);
  EXPECT_EQ(Weigh(Severity::kMedium, true, ends, 0.9).severity, Severity::kMedium);
}

TEST(AlertTest, SeverityNames) {
  Severity s;
  EXPECT_TRUE(ParseSeverity("critical", s));
  EXPECT_EQ(s, Severity::kCritical);
  EXPECT_FALSE(ParseSeverity("severe", s));
  EXPECT_EQ(EveSeverity(Severity::kCritical), 1);
  EXPECT_EQ(EveSeverity(Severity::kInfo), 4);
}

}  // namespace
}  // namespace gander::detect
