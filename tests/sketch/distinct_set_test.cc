// SPDX-License-Identifier: Apache-2.0
// DistinctSet against std::set, and its error against what the header states.
#include "sketch/distinct_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <random>
#include <set>
#include <vector>

namespace gander::sketch {
namespace {

std::vector<std::uint64_t> Tags(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> tags(n);
  for (auto& t : tags) t = random();
  return tags;
}

DistinctSet SetOf(const std::vector<std::uint64_t>& tags) {
  DistinctSet set;
  for (std::uint64_t t : tags) set.Insert(t);
  return set;
}

TEST(DistinctSetTest, EqualsStdSetWhileExact) {
  for (std::size_t n : {0u, 1u, 3u, 4u, 5u, 31u, 32u, 33u, 200u, 255u, 256u}) {
    std::mt19937_64 random(n);
    const auto tags = Tags(n, 7 + n);
    DistinctSet set;
    std::set<std::uint64_t> model;
    for (std::size_t i = 0; i < 5 * n; ++i) {  // with repeats
      const std::uint64_t tag = tags[random() % n];
      EXPECT_EQ(set.Insert(tag), model.insert(tag).second);
    }
    EXPECT_TRUE(set.exact());
    EXPECT_EQ(set.Count().estimate, model.size());
    EXPECT_EQ(set.Count().low, model.size());
    EXPECT_EQ(set.Count().high, model.size());
    EXPECT_LE(set.bytes(), DistinctSet::kMaxBytes);
  }
}

TEST(DistinctSetTest, OnePersonAThousandTimesIsOne) {
  DistinctSet set;
  for (int i = 0; i < 1000; ++i) set.Insert(0x1234567890abcdefULL);
  EXPECT_EQ(set.Count().estimate, 1u);
}

TEST(DistinctSetTest, TagZeroCounts) {
  DistinctSet set;
  EXPECT_TRUE(set.Insert(0));
  EXPECT_FALSE(set.Insert(0));
  EXPECT_EQ(set.Count().estimate, 1u);
  for (std::uint64_t t : Tags(100, 3)) set.Insert(t);
  EXPECT_FALSE(set.Insert(0));
  EXPECT_EQ(set.Count().estimate, 101u);
}

TEST(DistinctSetTest, LeavesTheExactFormsAt257AndNeverSaysLess) {
  const auto tags = Tags(257, 11);
  DistinctSet set = SetOf({tags.begin(), tags.begin() + 256});
  EXPECT_TRUE(set.exact());
  set.Insert(tags[256]);
  EXPECT_FALSE(set.exact());
  EXPECT_GE(set.Count().low, 257u);
  EXPECT_LE(set.bytes(), 1104u);
}

TEST(DistinctSetTest, ErrorStaysWithinTheStatedOne) {
  for (std::size_t n : {1'000u, 10'000u, 100'000u, 1'000'000u}) {
    const int trials = n > 100'000 ? 12 : 60;
    double squares = 0;
    int outside = 0;
    for (int trial = 0; trial < trials; ++trial) {
      const Estimate e = SetOf(Tags(n, 1000 * n + trial)).Count();
      const double error = static_cast<double>(e.estimate) / static_cast<double>(n) - 1.0;
      squares += error * error;
      outside += n < e.low || n > e.high;
    }
    // The root mean square of 12 trials strays by about a fifth.
    EXPECT_LT(std::sqrt(squares / trials), 1.5 * HyperLogLog::kRelativeError) << n;
    EXPECT_LE(outside, 1) << n;
  }
}

TEST(DistinctSetTest, OrderNeverShows) {
  for (std::size_t n : {4u, 40u, 256u, 257u, 3000u}) {
    auto tags = Tags(n, n);
    const DistinctSet forward = SetOf(tags);
    std::shuffle(tags.begin(), tags.end(), std::mt19937_64(5));
    EXPECT_TRUE(SetOf(tags) == forward) << n;
  }
}

TEST(DistinctSetTest, SplittingOverWorkersNeverShows) {
  std::mt19937_64 random(99);
  for (std::size_t n : {3u, 30u, 256u, 300u, 5000u}) {
    const auto tags = Tags(n, n + 1);
    const DistinctSet whole = SetOf(tags);
    for (std::size_t workers : {2u, 8u, 240u}) {
      std::vector<DistinctSet> parts(workers);
      for (std::uint64_t t : tags) {
        parts[random() % workers].Insert(t);
        parts[random() % workers].Insert(t);  // seen twice, perhaps by two
      }
      DistinctSet merged;
      for (const auto& p : parts) merged.Merge(p);
      EXPECT_TRUE(merged == whole) << n << " over " << workers;
    }
  }
}

TEST(DistinctSetTest, MergeCommutesAssociatesAndIsIdempotent) {
  std::mt19937_64 random(4);
  for (int trial = 0; trial < 200; ++trial) {
    const auto pool = Tags(700, trial);
    const auto part = [&] {
      DistinctSet s;
      for (std::size_t i = random() % 600; i > 0; --i) s.Insert(pool[random() % pool.size()]);
      return s;
    };
    const DistinctSet a = part(), b = part(), c = part();
    DistinctSet ab = a, ba = b, ab_c, bc = b, a_bc = a, aa = a;
    ab.Merge(b);
    ba.Merge(a);
    EXPECT_TRUE(ab == ba);
    ab_c = ab;
    ab_c.Merge(c);
    bc.Merge(c);
    a_bc.Merge(bc);
    EXPECT_TRUE(ab_c == a_bc);
    aa.Merge(a);
    EXPECT_TRUE(aa == a);
    aa.Merge(aa);
    EXPECT_TRUE(aa == a);
  }
}

TEST(DistinctSetTest, RegistersFilledElsewhereJoin) {
  const auto tags = Tags(1000, 21);
  HyperLogLog registers;
  for (std::size_t i = 0; i < 600; ++i) registers.Insert(tags[i]);
  DistinctSet set = SetOf({tags.begin() + 500, tags.end()});
  set.Merge(registers);
  EXPECT_TRUE(set == SetOf(tags));
}

TEST(DistinctSetTest, ExpectingTagsChangesNothingButTheWay) {
  for (std::size_t n : {0u, 3u, 4u, 5u, 32u, 33u, 256u, 257u, 900u}) {
    const auto tags = Tags(n, n + 7);
    DistinctSet expecting;
    expecting.Expect(n);
    for (std::uint64_t t : tags) expecting.Insert(t);
    const DistinctSet grown = SetOf(tags);
    EXPECT_TRUE(expecting == grown) << n;
    EXPECT_EQ(expecting.bytes(), grown.bytes()) << n;
    EXPECT_EQ(expecting.Count().low, grown.Count().low) << n;
  }
}

TEST(DistinctSetTest, AnswersAnewAfterEveryChange) {
  const auto tags = Tags(4000, 3);
  DistinctSet set = SetOf({tags.begin(), tags.begin() + 1000});
  const auto first = set.Count().estimate;
  for (std::size_t i = 1000; i < 2500; ++i) set.Insert(tags[i]);
  const auto second = set.Count().estimate;
  set.Merge(SetOf({tags.begin() + 2500, tags.end()}));
  EXPECT_GT(second, first + 1000);
  EXPECT_GT(set.Count().estimate, second + 1000);
}

TEST(DistinctSetTest, CopiesAreIndependent) {
  DistinctSet a = SetOf(Tags(40, 1));
  DistinctSet b = a;
  b.Insert(12345);
  EXPECT_EQ(a.Count().estimate, 40u);
  EXPECT_EQ(b.Count().estimate, 41u);
  b.Clear();
  EXPECT_TRUE(b.empty());
  EXPECT_EQ(b.Count().high, 0u);
}

TEST(DistinctSetTest, SavedAndLoadedIsEqual) {
  for (std::size_t n : {0u, 1u, 4u, 5u, 32u, 33u, 256u, 257u, 5000u}) {
    const DistinctSet set = SetOf(Tags(n, n + 3));
    SnapshotWriter out;
    set.Save(out);
    SnapshotReader in(AsBytes(out.bytes()));
    DistinctSet loaded = SetOf(Tags(3, 9));
    loaded.Load(in);
    EXPECT_FALSE(in.failed()) << n;
    EXPECT_EQ(in.remaining(), 0u);
    EXPECT_TRUE(loaded == set) << n;
    EXPECT_EQ(loaded.Count().low, set.Count().low);
    for (std::size_t cut = 0; cut < out.bytes().size(); cut += 1 + out.bytes().size() / 9) {
      SnapshotReader part(AsBytes(out.bytes()).first(cut));
      loaded.Load(part);
      EXPECT_TRUE(part.failed()) << n << " cut at " << cut;
    }
  }
}

// What rings rest on: exact sets and registers under a new key are those of the new tags.
TEST(DistinctSetTest, RekeyingCommutesWithEveryForm) {
  const TagKey key{{0x1234567890abcdefULL, 42}};
  for (std::size_t n : {3u, 30u, 256u, 257u, 4000u}) {
    const auto tags = Tags(n, n + 17);
    DistinctSet fresh, rekeyed;
    for (std::uint64_t t : tags) fresh.Insert(Rekey(key, t));
    rekeyed.MergeRekeyed(SetOf(tags), key);
    EXPECT_TRUE(fresh == rekeyed) << n;
    // Half as registers, half as tags, with an overlap.
    DistinctSet mixed;
    mixed.MergeRekeyed(SetOf({tags.begin(), tags.begin() + n / 2 + 1}), key);
    mixed.MergeRekeyed(SetOf({tags.begin() + n / 3, tags.end()}), key);
    EXPECT_TRUE(mixed == fresh) << n;
  }
}

TEST(RekeyTest, KeepsRankAndTellsNothingElse) {
  const TagKey a{{1ULL << 60, 2}}, b{{3ULL << 58, 4}};
  std::set<std::uint64_t> under_a;
  std::size_t equal_tails = 0;
  for (std::uint64_t t : Tags(100'000, 8)) {
    const std::uint64_t x = Rekey(a, t), y = Rekey(b, t);
    EXPECT_EQ(std::countl_zero(x << 11), std::countl_zero(t << 11));
    EXPECT_EQ(x >> 53, (t >> 53) ^ a.turn());
    equal_tails += (x & 0xffffffff) == (y & 0xffffffff);
    under_a.insert(x);
  }
  EXPECT_EQ(under_a.size(), 100'000u);
  EXPECT_LE(equal_tails, 1u);
}

// DETECTION.md §4: Zipf-like load, a = 1.1. Doubling steps cost more than the exact fit behind its 62 B a key.
TEST(DistinctSetTest, BytesOfAKeyUnderZipfLoad) {
  std::mt19937_64 random(77);
  std::uniform_real_distribution<double> uniform(0, 1);
  constexpr std::size_t kKeys = 100'000;
  std::size_t bytes = 0, few = 0, sorted = 0, large = 0;
  for (std::size_t k = 0; k < kKeys; ++k) {
    // P(N >= n) = n^-1.1.
    const auto n = static_cast<std::size_t>(std::min(1e5, std::pow(1.0 - uniform(random), -1.0 / 1.1)));
    DistinctSet set;
    for (std::size_t i = 0; i < n; ++i) set.Insert(random());
    bytes += sizeof set + set.bytes();
    few += n <= 4;
    sorted += n <= 32;
    large += n > 256;
  }
  std::printf("%zu B a key; %.1f %% hold <= 4, %.1f %% <= 32, %.2f %% more than 256\n", bytes / kKeys,
              100.0 * static_cast<double>(few) / kKeys, 100.0 * static_cast<double>(sorted) / kKeys,
              100.0 * static_cast<double>(large) / kKeys);
  EXPECT_LE(bytes / kKeys, 96u);
}

TEST(PackedHyperLogLogTest, HoldsWhatTheRegistersHold) {
  HyperLogLog plain;
  PackedHyperLogLog packed;
  std::size_t n = 0;
  for (std::uint64_t t : Tags(300'000, 6)) {
    const bool rose = plain.Insert(t);
    EXPECT_EQ(packed.Insert(t),
              rose ? PackedHyperLogLog::Outcome::kChanged : PackedHyperLogLog::Outcome::kSame);
    if (++n % 9973 != 0) continue;
    HyperLogLog read;
    packed.Unpack(read);
    ASSERT_EQ(read, plain) << n;
    PackedHyperLogLog anew;
    ASSERT_TRUE(anew.Pack(plain));
    ASSERT_EQ(anew, packed) << n;
  }
}

TEST(PackedHyperLogLogTest, ChosenTagsEndInTheWideForm) {
  DistinctSet set = SetOf(Tags(300, 2));
  HyperLogLog plain;
  for (std::uint64_t t : Tags(300, 2)) plain.Insert(t);
  for (std::uint64_t r = 0; r < 200; ++r) {
    set.Insert(r << 53 | 1);
    plain.Insert(r << 53 | 1);
  }
  DistinctSet model;
  model.Merge(plain);
  EXPECT_TRUE(set == model);
  EXPECT_LE(set.bytes(), DistinctSet::kMaxBytes);
}

TEST(HyperLogLogTest, TurnedIsEachRegisterAtItsTurnedNumber) {
  HyperLogLog plain, before;
  for (std::uint64_t t : Tags(5000, 12)) plain.Insert(t);
  for (std::uint64_t t : Tags(900, 13)) before.Insert(t);
  for (std::size_t turn : {0u, 1u, 2u, 4u, 7u, 8u, 1024u, 1365u, 2047u}) {
    HyperLogLog turned = before;
    turned.MergeTurned(plain, turn);
    for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) {
      ASSERT_EQ(turned.at(i ^ turn), std::max(before.at(i ^ turn), plain.at(i))) << turn;
    }
  }
}

TEST(HyperLogLogTest, EmptyIsZeroAndExtremesAreFinite) {
  HyperLogLog empty;
  EXPECT_EQ(empty.Estimate(), 0.0);
  HyperLogLog full;
  for (std::uint64_t r = 0; r < HyperLogLog::kRegisters; ++r) full.Insert(r << 53);  // every register saturated
  EXPECT_GT(full.Estimate(), 1e18);
}

}  // namespace
}  // namespace gander::sketch
