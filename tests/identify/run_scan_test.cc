// SPDX-License-Identifier: Apache-2.0
// The vector scan against a slow model that looks at one byte after the other.
#include "identify/run_scan.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace gander::identify {
namespace {

using Words = std::vector<std::pair<std::size_t, std::size_t>>;

void Model(const std::string& text, std::size_t begin, Words& words, std::vector<std::size_t>& ats) {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '@') ats.push_back(i);
    if (!IsWord(text[i]) || (i > begin && IsWord(text[i - 1]))) continue;
    std::size_t end = i;
    bool digit = false;
    while (end < text.size() && IsWord(text[end])) digit = IsDigit(text[end++]) || digit;
    if (digit) words.emplace_back(i, end);
  }
}

TEST(RunScan, EqualsTheModelOnRandomText) {
  std::mt19937 random(3);
  // Few characters, so that runs of every length cross blocks.
  constexpr char kAlphabet[] = "0a_ @\xE5-Z9.";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t size = random() % 400;
    const unsigned stickiness = 1 + random() % 40;
    while (text.size() < size) {
      if (text.empty() || random() % stickiness == 0) {
        text += kAlphabet[random() % (sizeof kAlphabet - 1)];
      } else {
        text += IsWord(text.back()) ? "0aZ"[random() % 3] : text.back();
      }
    }
    const std::size_t begin = text.empty() ? 0 : random() % text.size();
    Words expected, words;
    std::vector<std::size_t> expected_ats, ats;
    Model(text, begin, expected, expected_ats);
    ScanRuns(
        text.data(), begin, text.size(), [&](std::size_t b, std::size_t e) { words.emplace_back(b, e); },
        [&](std::size_t at) { ats.push_back(at); });
    ASSERT_EQ(words, expected) << text;
    ASSERT_EQ(ats, expected_ats) << text;
  }
}

TEST(RunScan, VectorMasksEqualScalarMasksForEveryByte) {
  for (int b = 0; b < 256; ++b) {
    for (std::size_t place : {0u, 31u, 32u, 63u}) {
      std::string block(64, ' ');
      block[place] = static_cast<char>(b);
      const BlockMasks v = VectorMasks(block.data()), s = ScalarMasks(block.data(), 64);
      ASSERT_EQ(v.digit, s.digit) << b;
      ASSERT_EQ(v.word, s.word) << b;
      ASSERT_EQ(v.at, s.at) << b;
    }
  }
}

}  // namespace
}  // namespace gander::identify
