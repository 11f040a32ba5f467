// SPDX-License-Identifier: Apache-2.0
#include "base/spares.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace gander {
namespace {

constexpr const char* kLong = "longer than a string holds in itself, so that it needs memory of its own";

TEST(Spares, WhatOneGivesBackTheNextTakesAsItIs) {
  Spares<std::string> spares;
  auto one = spares.Take();
  *one = kLong;
  const std::string* const place = one.get();
  spares.Give(std::move(one));
  const auto next = spares.Take();
  EXPECT_EQ(next.get(), place);
  EXPECT_EQ(*next, kLong);
  EXPECT_NE(spares.Take().get(), place);
}

TEST(Spares, KeepNoMoreThanTheyMay) {
  Spares<std::string, 1> spares;
  auto first = spares.Take(), second = spares.Take();
  const std::string* const kept = first.get();
  spares.Give(std::move(first));
  spares.Give(std::move(second));
  EXPECT_EQ(spares.Take().get(), kept);
  EXPECT_EQ(*spares.Take(), "");
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
