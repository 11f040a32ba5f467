// SPDX-License-Identifier: Apache-2.0
// However findings arrive, they leave in order.
#include "identify/finding_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace gander::identify {
namespace {

bool Earlier(const Finding& a, const Finding& b) noexcept { return a.offset < b.offset; }

Finding At(std::uint64_t offset) {
  Finding f;
  f.offset = offset;
  return f;
}

TEST(FindingList, GivesInOrderWhatArrivedNearFarAndLate) {
  std::mt19937 dice(7);
  for (int round = 0; round < 200; ++round) {
    FindingList<Earlier> list;
    std::vector<std::uint64_t> wanted;
    for (std::uint64_t i = 0, n = dice() % 300; i < n; ++i) {
      // Mostly near its place, now and then anywhere.
      const std::uint64_t offset = dice() % 40 == 0 ? dice() % 3000 : 10 * i + dice() % 60;
      wanted.push_back(offset);
      if (dice() % 5 == 0) {
        list.AddLate(At(offset));
      } else {
        list.Add(At(offset));
      }
      if (dice() % 100 == 0) (void)list.InOrder();  // as where neighbours are asked for on the way
    }
    std::sort(wanted.begin(), wanted.end());
    std::vector<std::uint64_t> got;
    for (const Finding& f : list.InOrder()) got.push_back(f.offset);
    ASSERT_EQ(got, wanted);
  }
}

TEST(FindingList, WhatIsTakenBackIsGone) {
  FindingList<Earlier> list;
  list.Add(At(1));
  list.Append().offset = 2;
  list.TakeBack();
  EXPECT_EQ(list.InOrder().size(), 1u);
  EXPECT_FALSE(list.empty());
  list.Clear();
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace gander::identify
