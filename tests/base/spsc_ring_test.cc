// SPDX-License-Identifier: Apache-2.0
#include "base/spsc_ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace gander {
namespace {

TEST(SpscRingTest, FullAndEmptyAreSaid) {
  SpscRing<int> ring(3);
  EXPECT_EQ(ring.capacity(), 4u);
  int out = 0;
  EXPECT_FALSE(ring.TryPop(out));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.TryPush(int{i}));
  EXPECT_FALSE(ring.TryPush(9));
  EXPECT_TRUE(ring.TryPop(out));
  EXPECT_EQ(out, 0);
  EXPECT_EQ(ring.size(), 3u);
}

TEST(SpscRingTest, KeepsOrderBetweenTwoThreads) {
  constexpr int kItems = 200000;
  SpscRing<std::unique_ptr<int>> ring(64);
  std::thread producer([&] {
    for (int i = 0; i < kItems; ++i) {
      auto item = std::make_unique<int>(i);
      while (!ring.TryPush(std::move(item))) std::this_thread::yield();
    }
  });
  std::unique_ptr<int> item;
  for (int i = 0; i < kItems; ++i) {
    while (!ring.TryPop(item)) std::this_thread::yield();
    ASSERT_EQ(*item, i);
  }
  producer.join();
}

}  // namespace
}  // namespace gander
