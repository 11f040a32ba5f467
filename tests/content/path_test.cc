// SPDX-License-Identifier: Apache-2.0
// Held against a string that does the same without caring for memory.
#include "content/path.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace gander::content {
namespace {

TEST(PathTest, GrowsAndShrinksLikeAString) {
  std::mt19937 random(3);
  Path path;
  for (int body = 0; body < 200; ++body) {  // one object for all: what a long path left must not show in a short one
    std::string model = body % 2 == 0 ? "http.response.body" : "smtp.data";
    path.Begin(model);
    std::vector<std::pair<std::size_t, std::size_t>> open;  // what Pop() needs, the model's length
    for (int step = 0; step < 40; ++step) {
      if (!open.empty() && random() % 3 == 0) {
        path.Pop(open.back().first);
        model.resize(open.back().second);
        open.pop_back();
      } else {
        const std::string segment(1 + random() % Path::kMaxSegment, static_cast<char>('a' + random() % 26));
        const std::size_t before = model.size();
        open.emplace_back(path.Push(segment), before);
        if (before + 3 + segment.size() <= Path::kMaxLength) model += " > " + segment;
      }
      ASSERT_EQ(path.text(), model);
    }
  }
}

TEST(PathTest, WhatCannotBePrintedIsUnknown) {
  Path path;
  path.Begin("smtp.data");
  path.Push("text/\x01plain");
  path.Push(std::string(Path::kMaxSegment + 1, 'x'));
  EXPECT_EQ(path.text(), "smtp.data > unknown > unknown");
}

}  // namespace
}  // namespace gander::content
