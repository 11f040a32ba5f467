// SPDX-License-Identifier: Apache-2.0
// The storage format of postgresql-hll: what the extension itself writes (the bytes were printed by version 2.16), every
// length of sketch there and back, and bytes that are none.
#include "sketch/hll_storage.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sketch/distinct_set.h"

namespace gander::sketch {
namespace {

using Fault = HllStorage::Fault;

std::string FromHex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

Fault Read(const std::string& bytes, HyperLogLog& out) { return HllStorage::Read(AsBytes(bytes), out); }
Fault FaultOf(const std::string& bytes) {
  HyperLogLog registers;
  const Fault fault = Read(bytes, registers);
  if (fault != Fault::kNone) {
    EXPECT_EQ(registers, HyperLogLog()) << "what is refused leaves nothing";
  }
  return fault;
}

HyperLogLog Filled(std::size_t tags, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  HyperLogLog registers;
  for (std::size_t i = 0; i < tags; ++i) registers.Insert(random());
  return registers;
}

TEST(HllStorageTest, ReadsAndWritesWhatTheExtensionWrites) {
  // select hll_empty(11,5,0,1);
  // select hll_add_agg(hll_hash_integer(i),11,5,0,1) from generate_series(1,3) i;
  HyperLogLog registers;
  EXPECT_EQ(HllStorage::Write(registers), FromHex("118b40"));
  EXPECT_EQ(Read(FromHex("118b40"), registers), Fault::kNone);
  EXPECT_EQ(registers, HyperLogLog());

  const std::string three = FromHex("138b4027635fc16c01");
  ASSERT_EQ(Read(three, registers), Fault::kNone);
  EXPECT_EQ(registers.at(315), 3);  // as hll_print says
  EXPECT_EQ(registers.at(766), 1);
  EXPECT_EQ(registers.at(864), 1);
  EXPECT_NEAR(registers.Estimate(), 3, 0.1);
  EXPECT_EQ(HllStorage::Write(registers), three);
}

TEST(HllStorageTest, EverySketchComesBackInTheShortestForm) {
  for (const std::size_t tags : {1u, 2u, 255u, 700u, 760u, 800u, 2048u, 100'000u, 3'000'000u}) {
    const HyperLogLog registers = Filled(tags, tags);
    std::size_t used = 0;
    for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) used += registers.at(i) != 0;
    const std::string bytes = HllStorage::Write(registers);
    EXPECT_EQ(bytes.size(), std::min(3 + 2 * used, HllStorage::kFullBytes)) << tags;
    EXPECT_EQ(bytes[0], 2 * used < 1280 ? 0x13 : 0x14) << tags;
    HyperLogLog back;
    ASSERT_EQ(Read(bytes, back), Fault::kNone) << tags;
    EXPECT_EQ(back, registers) << tags;
  }
}

TEST(HllStorageTest, ARankThatDoesNotFitIsTheHighestThatDoes) {
  HyperLogLog registers, back;
  registers.Set(5, HyperLogLog::kMaxRank);
  ASSERT_EQ(Read(HllStorage::Write(registers), back), Fault::kNone);
  EXPECT_EQ(back.at(5), 31);
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) registers.Set(i, 40);
  ASSERT_EQ(Read(HllStorage::Write(registers), back), Fault::kNone);
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) EXPECT_EQ(back.at(i), 31);
}

// What two sites write, merged by maximum, is what one would have counted.
TEST(HllStorageTest, UnionOfTwoIsTheCountOfBoth) {
  std::mt19937_64 random(3);
  DistinctSet left, right, both;
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t tag = random();
    if (i % 3 != 0) left.Insert(tag);
    if (i % 3 != 1) right.Insert(tag);
    both.Insert(tag);
  }
  HyperLogLog l, r, b, read_left, read_right;
  left.AddTo(l);
  right.AddTo(r);
  both.AddTo(b);
  ASSERT_EQ(Read(HllStorage::Write(l), read_left), Fault::kNone);
  ASSERT_EQ(Read(HllStorage::Write(r), read_right), Fault::kNone);
  read_left.Merge(read_right);
  EXPECT_EQ(read_left, b);
  EXPECT_NEAR(b.Estimate(), 3000, 3 * HyperLogLog::kRelativeError * 3000);
}

TEST(HllStorageTest, AddToGivesTheSameRegistersInEveryForm) {
  for (const int n : {0, 3, 20, 200, 256, 257, 5000}) {
    std::mt19937_64 random(9);
    DistinctSet set;
    HyperLogLog model, registers;
    for (int i = 0; i < n; ++i) {
      const std::uint64_t tag = random();
      set.Insert(tag);
      model.Insert(tag);
    }
    set.AddTo(registers);
    EXPECT_EQ(registers, model) << n;
  }
}

TEST(HllStorageTest, WhatIsNoSketchIsRefused) {
  EXPECT_EQ(FaultOf(""), Fault::kShort);
  EXPECT_EQ(FaultOf(FromHex("118b")), Fault::kShort);
  EXPECT_EQ(FaultOf(FromHex("018b40")), Fault::kVersion);
  EXPECT_EQ(FaultOf(FromHex("218b40")), Fault::kVersion);
  EXPECT_EQ(FaultOf(FromHex("108b40")), Fault::kType);  // undefined
  EXPECT_EQ(FaultOf(FromHex("158b40")), Fault::kType);
  EXPECT_EQ(FaultOf(FromHex("128b7f0102030405060708")), Fault::kExplicit);  // would carry a hash
  EXPECT_EQ(FaultOf(FromHex("118b7f")), Fault::kParameters);
  EXPECT_EQ(FaultOf(FromHex("118c40")), Fault::kParameters);  // 4,096 registers
  EXPECT_EQ(FaultOf(FromHex("11ab40")), Fault::kParameters);  // of six bits
  EXPECT_EQ(FaultOf(FromHex("118b4000")), Fault::kLength);
  EXPECT_EQ(FaultOf(FromHex("138b40")), Fault::kLength);      // sparse, and nothing in it
  EXPECT_EQ(FaultOf(FromHex("138b4027")), Fault::kLength);
  EXPECT_EQ(FaultOf(FromHex("138b405fc12763")), Fault::kOrder);
  EXPECT_EQ(FaultOf(FromHex("138b4027632763")), Fault::kOrder);
  EXPECT_EQ(FaultOf(FromHex("138b402760")), Fault::kZeroRank);
  const std::string full = HllStorage::Write(Filled(100'000, 1));
  EXPECT_EQ(FaultOf(full), Fault::kNone);
  EXPECT_EQ(FaultOf(full.substr(0, full.size() - 1)), Fault::kLength);
  EXPECT_EQ(FaultOf(full + "x"), Fault::kLength);
  std::string long_sparse = FromHex("138b40");
  for (int i = 0; i < 700; ++i) long_sparse += {static_cast<char>((i << 5 | 1) >> 8), static_cast<char>(i << 5 | 1)};
  EXPECT_EQ(FaultOf(long_sparse), Fault::kLength);
}

}  // namespace
}  // namespace gander::sketch
