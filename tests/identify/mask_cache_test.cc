// SPDX-License-Identifier: Apache-2.0
#include "identify/mask_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::identify {
namespace {

TEST(MaskCacheTest, HoldsWhatItWasGivenAndNothingElse) {
  MaskCache cache({1, 2});
  const std::uint64_t path = cache.TagOf("/u/910312778461"), empty = cache.TagOf("");
  EXPECT_EQ(cache.Find(path).data(), nullptr);
  cache.Keep(path, "/u/9··········1");
  cache.Keep(empty, "");
  EXPECT_EQ(cache.Find(path), "/u/9··········1");
  EXPECT_NE(cache.Find(empty).data(), nullptr);
  EXPECT_EQ(cache.Find(empty), "");
  EXPECT_EQ(cache.Find(cache.TagOf("/u/910312778462")).data(), nullptr);
}

TEST(MaskCacheTest, LongStringsAreNotKept) {
  MaskCache cache({1, 2});
  const std::string longest(MaskCache::kLongest, 'x'), longer = longest + 'x';
  cache.Keep(cache.TagOf("a"), longest);
  cache.Keep(cache.TagOf("b"), longer);
  EXPECT_EQ(cache.Find(cache.TagOf("a")), longest);
  EXPECT_EQ(cache.Find(cache.TagOf("b")).data(), nullptr);
}

TEST(MaskCacheTest, ManyStringsShareItsPlacesAndNoneIsMistaken) {
  MaskCache cache({3, 4});
  for (int i = 0; i < 5000; ++i) {
    const std::string value = "value" + std::to_string(i);
    cache.Keep(cache.TagOf(value), value);
  }
  int held = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string value = "value" + std::to_string(i);
    const std::string_view found = cache.Find(cache.TagOf(value));
    if (found.data() == nullptr) continue;
    EXPECT_EQ(found, value);
    ++held;
  }
  EXPECT_GT(held, static_cast<int>(MaskCache::kSlots) / 2);
  EXPECT_LE(held, static_cast<int>(MaskCache::kSlots));
}

}  // namespace
}  // namespace gander::identify
