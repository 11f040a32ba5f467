// SPDX-License-Identifier: Apache-2.0
#include "runtime/lending_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>

namespace gander::runtime {
namespace {

int alive = 0;

struct alignas(64) Tracked {
  Tracked() { ++alive; }
  ~Tracked() { --alive; }
  int value = 0;
  std::array<char, 1000> size{};
};

TEST(LendingPoolTest, WhatIsOutIsDistinctAndAligned) {
  {
    LendingPool<Tracked> pool;
    std::vector<LendingPool<Tracked>::Lent> out;
    std::set<Tracked*> seen;
    for (int i = 0; i < 5000; ++i) {  // more than two chunks hold
      out.push_back(pool.Take());
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(out.back().get()) % 64, 0u);
      EXPECT_TRUE(seen.insert(out.back().get()).second);
    }
  }
  EXPECT_EQ(alive, 0);  // what was out when the pool ended has ended with it
}

TEST(LendingPoolTest, GivesBackWhatItGotAsItWas) {
  LendingPool<Tracked> pool;
  auto lent = pool.Take();
  lent->value = 7;
  Tracked* const object = lent.get();
  pool.Give(std::move(lent));
  EXPECT_EQ(lent, nullptr);
  pool.Give(nullptr);
  lent = pool.Take();
  EXPECT_EQ(lent.get(), object);
  EXPECT_EQ(lent->value, 7);
}

}  // namespace
}  // namespace gander::runtime
