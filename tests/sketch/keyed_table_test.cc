// SPDX-License-Identifier: Apache-2.0
#include "sketch/keyed_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sketch/distinct_set.h"

namespace gander::sketch {
namespace {

using Table = KeyedTable<std::uint64_t, DistinctSet>;
constexpr HashKey kKey{11, 22};
constexpr auto kNobody = [](const Table::Entry&) {};

std::uint64_t HashOf(std::uint64_t key) { return SipHash13({3, 4}, key); }

// One sighting of `subject` under `key`; false when the key was not let in.
bool See(Table& table, std::uint64_t key, std::uint64_t subject, std::uint64_t origin = 0) {
  Table::Entry* const e = table.FindOrAdd(HashOf(key), key, origin, kNobody);
  if (e == nullptr) return false;
  e->value.Insert(SipHash13({5, 6}, subject));
  table.Update(*e, e->value.bytes(), e->value.Count().low, kNobody);
  return true;
}

TEST(KeyedTableTest, KeepsWhatItIsGiven) {
  Table table({.keys = 4096}, kKey);
  for (std::uint64_t key = 0; key < 500; ++key) {
    for (std::uint64_t s = 0; s <= key % 20; ++s) EXPECT_TRUE(See(table, key, 1000 * key + s));
  }
  EXPECT_EQ(table.size(), 500u);
  for (std::uint64_t key = 0; key < 500; ++key) {
    const auto* e = table.Find(HashOf(key), key);
    ASSERT_NE(e, nullptr);
    EXPECT_EQ(e->value.Count().estimate, key % 20 + 1);
  }
  EXPECT_EQ(table.counters().evicted, 0u);
  EXPECT_EQ(table.Find(HashOf(500), 500), nullptr);
}

// DETECTION.md §4: slow keys of 20 findings a day among fresh ones, as many for each set as of 50 million there.
TEST(KeyedTableTest, SlowKeysSurviveAFloodAndNobodyInherits) {
  Table table({.keys = 2048}, kKey);
  constexpr std::uint64_t kSlow = 40, kFreshADay = 48'000;
  std::uint64_t fresh = 1'000'000;
  for (std::uint64_t day = 0; day < 30; ++day) {
    for (std::uint64_t i = 0; i < kFreshADay; ++i) {
      See(table, fresh++, i);
      if (i % (kFreshADay / 20) == 0) {
        for (std::uint64_t key = 0; key < kSlow; ++key)
          See(table, key, (day * 20 + i / (kFreshADay / 20)) * kSlow + key);
      }
    }
  }
  std::size_t survived = 0;
  for (std::uint64_t key = 0; key < kSlow; ++key) {
    const auto* e = table.Find(HashOf(key), key);
    survived += e != nullptr && e->value.Count().low >= 500;
  }
  EXPECT_EQ(survived, kSlow);
  table.ForEach([&](const Table::Entry& e) {
    const bool fresh_key = e.key >= 1'000'000;
    EXPECT_TRUE(!fresh_key || e.value.Count().estimate == 1u) << e.key;  // none of somebody else's
  });
  EXPECT_LE(table.size(), table.capacity());
  EXPECT_NEAR(table.KeysSeen(), 30.0 * kFreshADay, 0.1 * 30 * kFreshADay);
}

TEST(KeyedTableTest, ProvenKeysGivenUpAreCounted) {
  Table table({.keys = 8}, kKey);
  for (std::uint64_t key = 0; key < 8; ++key) {
    for (std::uint64_t s = 0; s < 9; ++s) See(table, key, s);
  }
  std::uint64_t told = 0;
  for (std::uint64_t key = 100; key < 200; ++key) {
    table.FindOrAdd(HashOf(key), key, 0, [&](const Table::Entry& e) { told += e.weight >= Table::kProven; });
  }
  EXPECT_GT(told, 0u);  // 1.08^-9 = 0.50
  EXPECT_EQ(table.counters().evicted_proven, told);
  EXPECT_EQ(table.counters().arrivals, 8u + 100u);
  EXPECT_EQ(table.counters().refused + table.counters().evicted, 100u);
}

TEST(KeyedTableTest, OneOriginHoldsAQuarterOfASet) {
  Table table({.keys = 8}, kKey);
  for (std::uint64_t key = 0; key < 6; ++key) See(table, key, key, 7);
  EXPECT_EQ(table.size(), 2u);
  for (std::uint64_t key = 10; key < 16; ++key) See(table, key, key, key);
  EXPECT_EQ(table.size(), 8u);
  for (std::uint64_t key = 100; key < 400; ++key) See(table, key, key, 7);
  std::size_t others = 0;
  table.ForEach([&](const Table::Entry& e) { others += e.origin != 7; });
  EXPECT_EQ(others, 6u);
  EXPECT_NEAR(table.KeysOfLoudestOrigin(), 304.0, 40.0);  // the flood itself is counted, whoever was let in
}

TEST(KeyedTableTest, BytesHoldAtTheCeilingWhateverArrives) {
  constexpr std::size_t kCeiling = 200'000;
  Table table({.keys = 4096, .bytes = kCeiling}, kKey);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    See(table, SipHash13({1, 1}, i) % 3000, i);
    ASSERT_LE(table.bytes(), kCeiling);
  }
  EXPECT_GT(table.bytes(), kCeiling / 2);
  std::size_t bytes = 0, size = 0;
  table.ForEach([&](const Table::Entry& e) {
    EXPECT_EQ(e.extra_bytes, e.value.bytes());
    bytes += sizeof e + 16 + e.extra_bytes;
    ++size;
  });
  EXPECT_EQ(bytes, table.bytes());
  EXPECT_EQ(size, table.size());
  table.Clear();
  EXPECT_EQ(table.bytes(), 0u);
  EXPECT_EQ(table.size(), 0u);
}

TEST(KeyedTableTest, TheSameCallsGiveTheSameTable) {
  const auto run = [] {
    Table table({.keys = 256, .bytes = 40'000}, kKey);
    for (std::uint64_t i = 0; i < 30'000; ++i) See(table, SipHash13({9, 9}, i) % 5000, i, i % 3);
    std::string text;
    table.ForEach([&](const Table::Entry& e) { text += std::to_string(e.key) + ":" + std::to_string(e.weight) + " "; });
    return text;
  };
  EXPECT_EQ(run(), run());
}

TEST(KeyedTableTest, AdmissionFallsBySevenPercentASubject) {
  for (std::uint32_t weight : {0u, 1u, 9u, 40u}) {
    std::size_t admitted = 0;
    for (std::uint64_t i = 0; i < 100'000; ++i) admitted += AdmitsOver(weight, SipHash13({2, 2}, i));
    EXPECT_NEAR(static_cast<double>(admitted) / 1e5, std::pow(1.08, -static_cast<double>(weight)), 0.005) << weight;
  }
}

}  // namespace
}  // namespace gander::sketch
