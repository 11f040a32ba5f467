// SPDX-License-Identifier: Apache-2.0
#include "base/pool.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace gander {
namespace {

constexpr const char* kLong = "longer than a string holds in itself, so that it needs memory of its own";

TEST(Pool, WhatOneGivesBackTheNextTakesAsItIs) {
  Pool<std::string> pool(8);
  auto one = pool.Take();
  *one = kLong;
  const std::string* const place = one.get();
  pool.Give(std::move(one));
  const auto next = pool.Take();
  EXPECT_EQ(next.get(), place);
  EXPECT_EQ(*next, kLong);
  EXPECT_NE(pool.Take().get(), place);
}

TEST(Pool, KeepNoMoreThanTheyMay) {
  Pool<std::string> pool(1);
  auto first = pool.Take(), second = pool.Take();
  const std::string* const kept = first.get();
  pool.Give(std::move(first));
  pool.Give(std::move(second));
  EXPECT_EQ(pool.Take().get(), kept);
  EXPECT_EQ(*pool.Take(), "");
}

TEST(Pool, MakesAsItIsTold) {
  int made = 0;
  Pool<std::string> pool(2, [&made] { return std::make_unique<std::string>(std::to_string(++made)); });
  auto first = pool.Take();
  EXPECT_EQ(*first, "1");
  pool.Give(std::move(first));
  pool.Give(nullptr);
  EXPECT_EQ(*pool.Take(), "1");
  EXPECT_EQ(*pool.Take(), "2");
}

TEST(Pool, DropsWhatIsIdle) {
  int made = 0;
  Pool<std::string> pool(2, [&made] { return std::make_unique<std::string>(std::to_string(++made)); });
  pool.Give(pool.Take());
  pool.DropIdle();
  EXPECT_EQ(*pool.Take(), "2");
}

TEST(Borrowed, ComesEmptyWithTheMemoryOfWhoHadItBefore) {
  Borrowed<std::string> one;
  EXPECT_FALSE(one);
  one.Take() = kLong;
  EXPECT_EQ(one.Take(), kLong);  // it is the same until it goes back
  const auto capacity = one->capacity();
  one.GiveBack();
  EXPECT_FALSE(one);
  one.GiveBack();
  Borrowed<std::string> other;
  EXPECT_EQ(other.Take(), "");
  EXPECT_EQ(other->capacity(), capacity);
}

TEST(Borrowed, GoesBackWithItsHolder) {
  const std::string* place = nullptr;
  {
    Borrowed<std::string> one;
    place = &one.Take();
    Borrowed<std::string> moved = std::move(one);
    EXPECT_FALSE(one);
    EXPECT_EQ(&*moved, place);
  }
  Borrowed<std::string> next;
  EXPECT_EQ(&next.Take(), place);
}

TEST(Borrowed, MayGoBackOnAnotherThread) {
  Borrowed<std::string> one;
  one.Take() = kLong;
  std::thread([moved = std::move(one)] { EXPECT_EQ(*moved, kLong); }).join();
  EXPECT_FALSE(one);
}

}  // namespace
}  // namespace gander
