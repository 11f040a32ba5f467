// SPDX-License-Identifier: Apache-2.0
#include "runtime/cores.h"

#include <gtest/gtest.h>

namespace gander::runtime {
namespace {

using Cores = std::vector<int>;

TEST(Cores, ListsAndRanges) {
  EXPECT_EQ(*ReadCores("2-5,8"), (Cores{2, 3, 4, 5, 8}));
  EXPECT_EQ(*ReadCores("7"), (Cores{7}));
  EXPECT_EQ(*ReadCores("3,1-1"), (Cores{3, 1}));
  EXPECT_EQ(*ReadCores(""), Cores{});
}

TEST(Cores, WhatIsNoList) {
  for (const char* text :
       {",", "1,", "1,,2", "-", "1-", "-1", "a", "1 2", "0x1", "5-2", "1-2-3", "99999", "1.5"}) {
    const auto cores = ReadCores(text);
    ASSERT_FALSE(cores) << text;
    EXPECT_EQ(cores.error().file, "runtime.cores");
    EXPECT_NE(cores.error().cause.find(text), std::string::npos);
    EXPECT_FALSE(cores.error().remedy.empty());
  }
}

TEST(Cores, OverlapIsAnError) {
  for (const char* text : {"1,1", "1-3,2", "2,1-3"}) {
    const auto cores = ReadCores(text);
    ASSERT_FALSE(cores) << text;
    EXPECT_NE(cores.error().cause.find("twice"), std::string::npos);
  }
}

TEST(Cores, EveryThreadGetsOneOfThoseListed) {
  const Cores allowed = {0, 1, 2, 3};
  EXPECT_EQ(*ChooseCores("3,1", 2, allowed), (Cores{3, 1}));
  EXPECT_EQ(*ChooseCores("0-3", 2, allowed), (Cores{0, 1}));
  EXPECT_NE(ChooseCores("2", 2, allowed).error().cause.find("1 cores are listed for 2"), std::string::npos);
  EXPECT_NE(ChooseCores("3-4", 2, allowed).error().cause.find("core 4"), std::string::npos);
}

TEST(Cores, WithoutAListThoseAllowedInOrder) {
  const Cores allowed = {2, 5};
  EXPECT_EQ(*ChooseCores("", 1, allowed), (Cores{2}));
  EXPECT_EQ(*ChooseCores("", 3, allowed), (Cores{2, 5, 2}));
}

TEST(Cores, ThisProcessMayUseSome) { EXPECT_FALSE(AllowedCores().empty()); }

}  // namespace
}  // namespace gander::runtime
