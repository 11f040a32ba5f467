// SPDX-License-Identifier: Apache-2.0
// Counters over rings against a model that remembers everything.
#include "detect/state/ring_counter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace gander::detect {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr Ring kShort[] = {Ring::kHour, Ring::kDay, Ring::kMonth};

std::uint64_t TagOf(std::uint64_t person) { return SipHash24({1, 2}, std::as_bytes(std::span(&person, 1))); }

Timestamp At(std::int64_t seconds) { return {(1'800'000'000 + seconds) * kNanosPerSecond}; }

sketch::DistinctSet People(std::uint64_t first, std::uint64_t n) {
  sketch::DistinctSet set;
  for (std::uint64_t p = first; p < first + n; ++p) set.Insert(TagOf(p));
  return set;
}

TEST(RingCounterTest, CountsLikeAModelThatForgetsNothing) {
  for (std::uint64_t population : {3u, 8u, 9u, 40u, 200u}) {
    std::mt19937_64 random(population);
    RingKeys keys(RingKeys::Origin::kRandom);
    RingCounter counter;
    std::map<std::uint64_t, std::int64_t> seen;  // person -> last
    std::int64_t now = 0;
    for (int step = 0; step < 600; ++step) {
      now += static_cast<std::int64_t>(random() % (step % 50 == 0 ? 9 * kDay : 5 * 3600));
      keys.Advance(At(now));
      sketch::DistinctSet epoch;
      for (std::uint64_t i = random() % 4; i > 0; --i) {
        const std::uint64_t person = random() % population;
        epoch.Insert(TagOf(person));
        seen[person] = now;
      }
      counter.Add(keys, epoch);
      for (Ring ring : kShort) {
        const Timestamp since = keys.Since(ring);
        const auto truth = static_cast<std::uint64_t>(
            std::count_if(seen.begin(), seen.end(), [&](const auto& s) { return At(s.second) >= since; }));
        const sketch::Estimate read = counter.Count(keys, ring);
        ASSERT_EQ(read.estimate, truth) << population << " at step " << step << " ring " << static_cast<int>(ring);
        ASSERT_EQ(read.low, truth);
        ASSERT_EQ(read.high, truth);
      }
    }
  }
}

// DETECTION.md §4: 220 people evenly over exactly 30 days at any phase reach 200 in every case.
TEST(RingCounterTest, NoPhaseHidesAMonth) {
  for (std::int64_t phase = 0; phase < 15; ++phase) {
    RingKeys keys(RingKeys::Origin::kRepeatable);
    RingCounter counter(RingBit(Ring::kMonth));
    std::uint64_t most = 0;
    for (std::uint64_t person = 0; person < 220; ++person) {
      keys.Advance(At(phase * kDay + static_cast<std::int64_t>(person) * 30 * kDay / 220));
      counter.Add(keys, TagOf(person));
      most = std::max(most, counter.Count(keys, Ring::kMonth).low);
    }
    EXPECT_EQ(most, 220u) << phase;
  }
}

// DETECTION.md §4: under keys that change daily 80 would read 2,400.
TEST(RingCounterTest, EightyPeopleEveryDayAreEightyForEver) {
  RingKeys keys(RingKeys::Origin::kRandom);
  RingCounter counter;
  for (std::int64_t day = 0; day < 200; ++day) {
    keys.Advance(At(day * kDay));
    counter.Add(keys, People(0, 80));
    ASSERT_EQ(counter.Count(keys, Ring::kMonth).high, 80u) << day;
  }
}

TEST(RingCounterTest, ManyPeopleStayWithinTheStatedError) {
  for (std::uint64_t n : {1'000u, 100'000u}) {
    RingKeys keys(RingKeys::Origin::kRandom);
    RingCounter counter;
    keys.Advance(At(0));
    for (std::uint64_t first = 0; first < n; first += 500) counter.Add(keys, People(first, 500));
    const sketch::Estimate read = counter.Count(keys, Ring::kDay);
    EXPECT_LE(read.low, n);
    EXPECT_GE(read.high, n);
    EXPECT_NEAR(static_cast<double>(read.estimate), static_cast<double>(n), 0.06 * static_cast<double>(n));
  }
}

TEST(RingCounterTest, KeysNeverShowInCounts) {
  std::vector<std::uint64_t> reads[2];
  for (int run = 0; run < 2; ++run) {
    RingKeys keys(run == 0 ? RingKeys::Origin::kRandom : RingKeys::Origin::kRepeatable);
    RingCounter counter;
    for (std::int64_t hour = 0; hour < 100; ++hour) {
      keys.Advance(At(hour * 3600));
      counter.Add(keys, People(static_cast<std::uint64_t>(hour) * 50, 300));
      for (Ring ring : kShort) reads[run].push_back(counter.Count(keys, ring).estimate);
    }
  }
  EXPECT_EQ(reads[0], reads[1]);
}

TEST(RingCounterTest, OnePersonHasOneTagInARingAndAnotherElsewhere) {
  RingKeys keys(RingKeys::Origin::kRandom);
  keys.Advance(At(0));
  RingCounter a, b;
  a.Add(keys, People(0, 30));
  b.Add(keys, People(10, 30));
  const auto tags = [&](const RingCounter& counter, Ring ring, std::int64_t begun) {
    std::set<std::uint64_t> out;
    counter.ForEachTag(ring, begun, [&](std::uint64_t tag) { out.insert(tag); });
    return out;
  };
  const auto common = [](const std::set<std::uint64_t>& x, const std::set<std::uint64_t>& y) {
    return std::count_if(x.begin(), x.end(), [&](std::uint64_t tag) { return y.contains(tag); });
  };
  const std::int64_t newest = keys.Newest(Ring::kMonth);
  EXPECT_EQ(common(tags(a, Ring::kMonth, newest), tags(b, Ring::kMonth, newest)), 20);
  EXPECT_EQ(common(tags(a, Ring::kMonth, newest), tags(a, Ring::kMonth, newest - 1)), 0);
  EXPECT_EQ(common(tags(a, Ring::kMonth, newest), tags(a, Ring::kDay, keys.Newest(Ring::kDay))), 0);
}

TEST(RingKeysTest, KeysAreDestroyedWithTheirAccumulators) {
  RingKeys keys(RingKeys::Origin::kRandom);
  keys.Advance(At(0));
  const std::int64_t begun = keys.Newest(Ring::kMonth);
  const sketch::TagKey born = *keys.Of(Ring::kMonth, begun);
  keys.Advance(At(29 * kDay));
  ASSERT_NE(keys.Of(Ring::kMonth, begun), nullptr);
  EXPECT_EQ(keys.Of(Ring::kMonth, begun)->key.k0, born.key.k0);
  keys.Advance(At(46 * kDay));
  EXPECT_EQ(keys.Of(Ring::kMonth, begun), nullptr);
  SnapshotWriter out;
  keys.Save(out);
  std::uint64_t words[2] = {born.key.k0, born.key.k1};
  EXPECT_EQ(out.bytes().find(std::string_view(reinterpret_cast<const char*>(words), sizeof words)), std::string::npos);
}

TEST(RingCounterTest, AYearAndACalendarYear) {
  RingKeys keys(RingKeys::Origin::kRandom);
  RingCounter counter(kShortRings | kYearRings);
  Timestamp start;
  ASSERT_TRUE(ParseDate("2026-07-01", start));
  for (std::int64_t day = 0; day < 365; ++day) {
    keys.Advance(start + Duration::Seconds(day * kDay));
    counter.Add(keys, TagOf(static_cast<std::uint64_t>(day % 250)));
    if (day == 183) {
      EXPECT_EQ(counter.Count(keys, Ring::kCalendarYear).estimate, 184u);  // 31 December
    }
  }
  EXPECT_EQ(counter.Count(keys, Ring::kYear).estimate, 250u);
  EXPECT_EQ(counter.Count(keys, Ring::kCalendarYear).estimate, 181u);  // since 1 January
}

TEST(RingCounterTest, SavedAndLoadedGoesOnTheSame) {
  for (std::uint64_t people : {5u, 100u, 3000u}) {
    RingKeys keys(RingKeys::Origin::kRandom);
    RingCounter counter(kShortRings | kYearRings);
    keys.Advance(At(0));
    counter.Add(keys, People(0, people));
    SnapshotWriter out;
    keys.Save(out);
    counter.Save(out);
    SnapshotReader in(AsBytes(out.bytes()));
    RingKeys keys2(RingKeys::Origin::kRandom);
    RingCounter counter2;
    keys2.Load(in);
    counter2.Load(in);
    ASSERT_FALSE(in.failed());
    ASSERT_EQ(in.remaining(), 0u);
    for (std::int64_t day = 0; day < 50; day += 7) {
      for (auto [k, c] : {std::pair(&keys, &counter), std::pair(&keys2, &counter2)}) {
        k->Advance(At(day * kDay + 1));
        c->Add(*k, People(people / 2, people));
      }
      for (Ring ring : {Ring::kHour, Ring::kDay, Ring::kMonth, Ring::kYear, Ring::kCalendarYear}) {
        EXPECT_EQ(counter.Count(keys, ring).estimate, counter2.Count(keys2, ring).estimate);
      }
    }
    for (std::size_t cut = 0; cut < out.bytes().size(); cut += 1 + out.bytes().size() / 50) {
      SnapshotReader part(AsBytes(out.bytes()).first(cut));
      keys2.Load(part);
      counter2.Load(part);
      EXPECT_TRUE(part.failed()) << cut;
    }
  }
}

TEST(RingCounterTest, FewPeopleAreCheap) {
  RingKeys keys(RingKeys::Origin::kRandom);
  keys.Advance(At(0));
  RingCounter counter;
  counter.Add(keys, People(0, 8));
  EXPECT_LE(sizeof counter + counter.bytes(), 208u);
}

}  // namespace
}  // namespace gander::detect
