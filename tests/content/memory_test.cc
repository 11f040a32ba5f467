// SPDX-License-Identifier: Apache-2.0
// The worker's unwrapping memory: a budget that holds, and bytes held within it.
#include "content/memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/sanitized.h"

namespace gander::content {
namespace {

TEST(Memory, RefusesWhatIsBeyondTheBudget) {
  Memory memory(1000);
  void* const a = memory.Allocate(600);
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(memory.Allocate(600), nullptr);
  EXPECT_EQ(memory.Allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(memory.AllocateZeroed(SIZE_MAX / 2, 4), nullptr);
  memory.Free(a);
  EXPECT_EQ(memory.in_use(), 0u);
  void* const b = memory.Allocate(900);
  EXPECT_NE(b, nullptr);
  memory.Free(b);
  EXPECT_GE(memory.peak(), 900u);
  EXPECT_LE(memory.peak(), memory.budget());
}

TEST(Memory, WhatIsIdleIsGivenUpFirst) {
  Memory memory(1000);
  void* idle = memory.Allocate(800);
  memory.OnShortage([&] {
    memory.Free(idle);
    idle = nullptr;
  });
  void* const wanted = memory.Allocate(800);
  EXPECT_NE(wanted, nullptr);
  EXPECT_EQ(idle, nullptr);
  memory.Free(wanted);
}

TEST(Memory, ResizedBlocksKeepTheirBytes) {
  Memory memory(10000);
  auto* block = static_cast<char*>(memory.Resize(nullptr, 4));
  block[3] = 'x';
  block = static_cast<char*>(memory.Resize(block, 4000));
  EXPECT_EQ(block[3], 'x');
  EXPECT_EQ(memory.Resize(block, 9000), nullptr);  // both are held for a moment
  EXPECT_EQ(block[3], 'x');
  memory.Free(block);
  EXPECT_EQ(memory.in_use(), 0u);
}

TEST(Memory, SmallBlocksServeAgain) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer is to see each block freed";
  Memory memory(100'000);
  void* const small = memory.Allocate(700);
  memory.Free(small);
  EXPECT_EQ(memory.in_use(), 0u);
  EXPECT_EQ(memory.Allocate(650), small) << "of one size with it";
  EXPECT_NE(memory.Allocate(650), small);
  std::vector<void*> many;
  for (int i = 0; i < 60; ++i) many.push_back(std::memset(memory.Allocate(1000), i, 1000));
  for (void* block : many) memory.Free(block);
  EXPECT_EQ(memory.Allocate(99'000), nullptr) << "what is out takes of the budget";
  EXPECT_NE(memory.Allocate(98'000), nullptr) << "what waits takes nothing";
}

TEST(HeldBytes, KeepToTheirCapAndToTheBudget) {
  Memory memory(4000);
  HeldBytes held;
  held.Begin(memory, 1000);
  EXPECT_TRUE(held.Append(AsBytes(std::string(990, 'a'))));
  EXPECT_FALSE(held.Append(AsBytes(std::string(11, 'b'))));
  EXPECT_TRUE(held.Append(AsBytes(std::string(10, 'c'))));
  held.DropFront(995);
  EXPECT_EQ(AsText(held.bytes()), "ccccc");
  held.Release();
  EXPECT_EQ(memory.in_use(), 0u);
  HeldBytes larger;
  larger.Begin(memory, 100000);
  EXPECT_FALSE(larger.Append(AsBytes(std::string(5000, 'a'))));
  EXPECT_TRUE(larger.empty());
}

}  // namespace
}  // namespace gander::content
