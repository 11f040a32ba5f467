// SPDX-License-Identifier: Apache-2.0
// The bit masks against slow models that look at one byte after the other.
#include "identify/run_masks.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "identify/char_class.h"
#include "identify/value_template.h"

namespace gander::identify {
namespace {

struct Word {
  std::size_t begin, end;
  bool digit, joined;  // joined: to a word with a digit before it, by one separator
};

std::vector<Word> WordsOf(const std::string& text, std::size_t begin) {
  std::vector<Word> words;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (!IsWord(text[i])) continue;
    Word w{i, i, false, false};
    for (; w.end < text.size() && IsWord(text[w.end]); ++w.end) w.digit = w.digit || IsDigit(text[w.end]);
    w.joined = w.digit && !words.empty() && words.back().digit && words.back().end + 1 == i && IsSeparator(text[i - 1]);
    words.push_back(w);
    i = w.end;
  }
  return words;
}

std::string RandomText(std::mt19937& random) {
  // Few characters, so that runs of every length cross blocks.
  constexpr char kAlphabet[] = "0a_ @\xE5-Z9.+/,";
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
  return text;
}

std::set<std::size_t> Ends(const RunMasks& runs) {
  std::set<std::size_t> ends;
  for (std::size_t block = 0; block < runs.blocks(); ++block) {
    for (std::uint64_t bits = runs.Candidates(block); bits != 0; bits &= bits - 1)
      ends.insert(runs.BlockBegin(block) + static_cast<std::size_t>(std::countr_zero(bits)));
  }
  return ends;
}

TEST(RunMasks, FollowsWordsAndJointsThroughRandomText) {
  std::mt19937 random(3);
  RunMasks runs;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = RandomText(random);
    const std::size_t begin = text.empty() ? 0 : random() % text.size();
    runs.Build(text.data(), begin, text.size());
    for (const Word& w : WordsOf(text, begin)) {
      ASSERT_EQ(runs.WordEnd(w.begin), w.end) << text;
      ASSERT_EQ(runs.WordBegin(w.end), std::max(w.begin, w.end < 64 ? 0 : w.end - 64)) << text;
      ASSERT_EQ(runs.Joined(w.end) & 1, w.joined ? 1u : 0u) << text;
    }
    std::set<std::size_t> ats;
    for (std::size_t block = 0; block < runs.blocks(); ++block) {
      for (std::uint64_t bits = runs.Ats(block); bits != 0; bits &= bits - 1)
        ats.insert(runs.BlockBegin(block) + static_cast<std::size_t>(std::countr_zero(bits)));
    }
    const auto begins = [&](std::size_t i) { return IsWord(text[i]) && (i == begin || !IsWord(text[i - 1])); };
    for (std::size_t i = begin; i < text.size(); ++i) {
      const bool paired = i >= begin + 9 && begins(i) && begins(i - 3) && begins(i - 6) && begins(i - 9);
      ASSERT_EQ(ats.count(i) != 0, text[i] == '@' || paired) << text;
    }
  }
}

// Every chain that is long enough has a candidate, no word without a digit is one.
TEST(RunMasks, MissesNoChainLongEnough) {
  std::mt19937 random(5);
  RunMasks runs;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = RandomText(random);
    const std::size_t begin = text.empty() ? 0 : random() % text.size();
    runs.Build(text.data(), begin, text.size());
    const std::set<std::size_t> ends = Ends(runs);
    const std::vector<Word> words = WordsOf(text, begin);
    std::set<std::size_t> with_digit;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!words[i].digit) continue;
      with_digit.insert(words[i].end);
      std::size_t first = i;
      while (words[first].joined) --first;
      const std::size_t length = words[i].end - words[first].begin;
      const char sign = words[i].begin > begin ? text[words[i].begin - 1] : '\0';
      const bool marked = (sign == '+' || IsUpper(text[words[i].begin])) && words[i].end < text.size() &&
                          IsSeparator(text[words[i].end]);
      if (length >= RunMasks::kMinValue || (first < i && length >= RunMasks::kMinDecimal) || marked) {
        ASSERT_TRUE(ends.count(words[i].end) != 0) << text << " at " << words[i].end;
      }
    }
    for (std::size_t end : ends) ASSERT_TRUE(with_digit.count(end) != 0) << text << " at " << end;
  }
}

// A chain that ends with the text asks for the word behind the one place that may join it.
TEST(RunMasks, BehindTheEndNothingStands) {
  for (std::size_t size = 1; size <= 200; ++size) {
    const std::string text(size, '7');
    RunMasks runs;
    runs.Build(text.data(), 0, size);
    for (const std::size_t at : {size, size + 1}) {
      EXPECT_EQ(runs.Words(at), 0u) << size;
      EXPECT_EQ(runs.WordEnd(at), at) << size;
    }
  }
}

TEST(RunMasks, VectorMasksEqualScalarMasksForEveryByte) {
  for (int b = 0; b < 256; ++b) {
    for (std::size_t place : {0u, 31u, 32u, 63u}) {
      std::string block(64, ',');
      block[place] = static_cast<char>(b);
      const BlockMasks v = VectorMasks(block.data()), s = ScalarMasks(block.data(), 64);
      ASSERT_EQ(v.digit, s.digit) << b;
      ASSERT_EQ(v.word, s.word) << b;
      ASSERT_EQ(v.upper, s.upper) << b;
      ASSERT_EQ(v.separator, s.separator) << b;
      ASSERT_EQ(v.at, s.at) << b;
      ASSERT_EQ(v.plus, s.plus) << b;
      for (std::size_t size : {64u, 63u}) {  // a whole block, and what is left at the end
        if (place >= size) continue;
        RunMasks runs;
        runs.Build(block.data(), 0, size);
        ASSERT_EQ(runs.foreign(), b >= 0x80) << b;
      }
    }
  }
}

}  // namespace
}  // namespace gander::identify
