// SPDX-License-Identifier: Apache-2.0
#include "runtime/waiting_ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace gander::runtime {
namespace {

TEST(WaitingRing, BothEndsWaitAndNothingIsLost) {
  WaitingRing<std::unique_ptr<int>> ring(4);
  std::thread producer([&ring] {
    for (int i = 0; i < 50'000; ++i) ring.Push(std::make_unique<int>(i));
    ring.Push(nullptr);
  });
  int expected = 0;
  while (const std::unique_ptr<int> item = ring.Pop()) ASSERT_EQ(*item, expected++);
  EXPECT_EQ(expected, 50'000);
  producer.join();
}

// As the dealer's: items go round between two rings, and who waits for one is woken when half of them are
// back.
TEST(WaitingRing, ItemsThatGoRoundAreAwaitedTogether) {
  constexpr int kItems = 16;
  WaitingRing<std::unique_ptr<int>> free(kItems, kItems / 2), full(kItems);
  for (int i = 0; i < kItems; ++i) free.Push(std::make_unique<int>(0));
  std::thread consumer([&] {
    while (std::unique_ptr<int> item = full.Pop()) free.Push(std::move(item));
  });
  for (int i = 0; i < 50'000; ++i) full.Push(free.Pop());
  full.Push(nullptr);
  consumer.join();
  std::unique_ptr<int> item;
  int back = 0;
  while (free.TryPop(item)) ++back;
  EXPECT_EQ(back, kItems);
}

}  // namespace
}  // namespace gander::runtime
