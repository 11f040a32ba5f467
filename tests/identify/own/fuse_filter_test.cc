// SPDX-License-Identifier: Apache-2.0
// What was entered is found, what was not passes as seldom as is stated, and damaged tables are refused.
#include "identify/own/fuse_filter.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace gander::identify {
namespace {

std::vector<std::uint64_t> Hashes(std::size_t n, std::uint64_t salt) {
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < n; ++i) hashes.push_back(SipHash24(HashKey{salt, 7}, std::as_bytes(std::span(&i, 1))));
  return hashes;
}

std::size_t Passing(const FuseFilter& filter, const std::vector<std::uint64_t>& hashes) {
  std::size_t n = 0;
  for (const std::uint64_t hash : hashes) n += filter.Contains(hash) ? 1 : 0;
  return n;
}

TEST(FuseFilter, HoldsAllOfAnySize) {
  for (std::size_t n = 1; n < 300; ++n) {
    std::vector<std::uint64_t> hashes = Hashes(n, n);
    const FuseFilter filter = FuseFilter::Build(hashes, n % 2 == 0 ? 4 : 2);
    ASSERT_EQ(Passing(filter, hashes), n);
  }
  for (const std::size_t n : {1000, 4097, 100'000}) {
    std::vector<std::uint64_t> hashes = Hashes(n, n);
    ASSERT_EQ(Passing(FuseFilter::Build(hashes, 1), hashes), n);
  }
}

TEST(FuseFilter, ErrorsAreAsFrequentAsStated) {
  std::vector<std::uint64_t> hashes = Hashes(200'000, 1);
  const std::vector<std::uint64_t> others = Hashes(1'000'000, 2);
  // Of a million, 3906 are expected with 8 bits and 15 with 16: five standard deviations to either side.
  const std::size_t eight = Passing(FuseFilter::Build(hashes, 1), others);
  EXPECT_GT(eight, 3906u - 312);
  EXPECT_LT(eight, 3906u + 312);
  const std::size_t sixteen = Passing(FuseFilter::Build(hashes, 2), others);
  EXPECT_GT(sixteen, 0u);
  EXPECT_LT(sixteen, 35u);
  EXPECT_EQ(Passing(FuseFilter::Build(hashes, 4), others), 0u);
  EXPECT_EQ(Passing(FuseFilter::Build(hashes, 8), others), 0u);
}

TEST(FuseFilter, ManyParts) {
  std::vector<std::uint64_t> hashes = Hashes(2'200'000, 3);
  const FuseFilter filter = FuseFilter::Build(hashes, 2);
  EXPECT_EQ(filter.Describe().size(), 3u * 16);
  EXPECT_EQ(Passing(filter, hashes), hashes.size());
  EXPECT_LT(filter.table().size(), hashes.size() * 2 * 115 / 100);
}

TEST(FuseFilter, DoublesAreOne) {
  std::vector<std::uint64_t> hashes = Hashes(500, 4);
  const std::size_t distinct = hashes.size();
  hashes.insert(hashes.end(), hashes.begin(), hashes.end());
  const FuseFilter filter = FuseFilter::Build(hashes, 4);
  EXPECT_EQ(hashes.size(), distinct);
  EXPECT_EQ(Passing(filter, hashes), distinct);
}

TEST(FuseFilter, IsTheSameAfterItWasWritten) {
  std::vector<std::uint64_t> hashes = Hashes(1000, 5);
  const FuseFilter filter = FuseFilter::Build(hashes, 4);
  FuseFilter read;
  std::string why;
  ASSERT_TRUE(FuseFilter::Load(filter.Describe(), filter.table(), 4, read, why)) << why;
  EXPECT_EQ(Passing(read, hashes), hashes.size());
  EXPECT_EQ(Passing(read, Hashes(1000, 6)), 0u);
}

TEST(FuseFilter, ImpossibleTablesAreRefused) {
  std::vector<std::uint64_t> hashes = Hashes(100, 8);
  const FuseFilter filter = FuseFilter::Build(hashes, 2);
  const std::vector<std::uint8_t> parts = filter.Describe();
  const auto refused = [&](std::vector<std::uint8_t> description, std::size_t table, std::uint32_t width) {
    FuseFilter read;
    std::string why;
    return !FuseFilter::Load(description, filter.table().first(table), width, read, why) && !why.empty();
  };
  const std::size_t size = filter.table().size();
  EXPECT_FALSE(refused(parts, size, 2));
  EXPECT_TRUE(refused({}, size, 2));
  EXPECT_TRUE(refused(parts, size - 1, 2));
  EXPECT_TRUE(refused(parts, size, 4));
  EXPECT_TRUE(refused(parts, size, 3));
  EXPECT_TRUE(refused(parts, size, 0));
  for (std::size_t byte = 8; byte < 16; ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::uint8_t> damaged = parts;
      damaged[byte] ^= static_cast<std::uint8_t>(1 << bit);
      EXPECT_TRUE(refused(damaged, size, 2)) << byte << "." << bit;
    }
  }
  for (std::size_t length = 0; length < parts.size(); ++length)
    EXPECT_TRUE(refused({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(length)}, size, 2));
}

}  // namespace
}  // namespace gander::identify
