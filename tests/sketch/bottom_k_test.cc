// SPDX-License-Identifier: Apache-2.0
#include "sketch/bottom_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

namespace gander::sketch {
namespace {

struct Pair {
  BottomK a, b;
};

// Two sets of equal size of which the share `overlap` of all is common.
Pair Sets(std::size_t all, double overlap, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Pair p;
  const auto common = static_cast<std::size_t>(std::llround(static_cast<double>(all) * overlap));
  for (std::size_t i = 0; i < all; ++i) {
    const std::uint64_t tag = random();
    if (i < common || i % 2 == 0) p.a.Insert(tag);
    if (i < common || i % 2 == 1) p.b.Insert(tag);
  }
  return p;
}

TEST(BottomKTest, SmallSetsAreExact) {
  const Pair p = Sets(400, 0.25, 1);
  EXPECT_DOUBLE_EQ(BottomK::Overlap(p.a, p.b), 0.25);
  EXPECT_EQ(p.a.Estimate(), 250.0);
  EXPECT_EQ(BottomK::Overlap(p.a, BottomK()), 0.0);
  EXPECT_EQ(BottomK::Overlap(BottomK(), BottomK()), 0.0);
}

// DETECTION.md §3 D03: overlap 0.30 reads as 0.304 +- 0.016, overlap 0.10 never above 0.25. The 512 tags here are
// fewer than a theta sketch of the same name holds on average: the stated error is 0.020.
TEST(BottomKTest, OverlapIsReadWithinTheStatedError) {
  constexpr int kTrials = 200;
  double sum = 0, squares = 0, highest = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Pair p = Sets(20'000, 0.30, 100 + trial);
    const double read = BottomK::Overlap(p.a, p.b);
    sum += read;
    squares += read * read;
    const Pair far = Sets(20'000, 0.10, 9000 + trial);
    highest = std::max(highest, BottomK::Overlap(far.a, far.b));
  }
  const double mean = sum / kTrials, deviation = std::sqrt(squares / kTrials - mean * mean);
  EXPECT_NEAR(mean, 0.30, 0.005);
  EXPECT_LT(deviation, 0.024);
  EXPECT_LT(highest, 0.25);
  std::printf("overlap 0.30 read as %.3f +- %.3f; overlap 0.10 at most %.3f\n", mean, deviation, highest);
}

TEST(BottomKTest, OrderAndSplittingNeverShow) {
  std::mt19937_64 random(5);
  std::vector<std::uint64_t> tags(3000);
  for (auto& t : tags) t = random();
  BottomK whole, parts[3], merged;
  for (std::uint64_t t : tags) whole.Insert(t);
  std::shuffle(tags.begin(), tags.end(), random);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    parts[i % 3].Insert(tags[i]);
    parts[(i + 1) % 3].Insert(tags[i]);
  }
  for (const BottomK& part : parts) merged.Merge(part);
  EXPECT_EQ(merged, whole);
  EXPECT_LE(whole.bytes(), 4096u);
  EXPECT_NEAR(whole.Estimate(), 3000.0, 3000.0 * 0.14);
}

TEST(BottomKTest, SavedAndLoadedIsEqual) {
  const Pair p = Sets(2000, 0.5, 3);
  SnapshotWriter out;
  p.a.Save(out);
  SnapshotReader in(AsBytes(out.bytes()));
  BottomK loaded;
  loaded.Load(in);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(loaded, p.a);
  SnapshotReader cut(AsBytes(out.bytes()).first(100));
  loaded.Load(cut);
  EXPECT_TRUE(cut.failed());
}

}  // namespace
}  // namespace gander::sketch
