// SPDX-License-Identifier: Apache-2.0
// The filter against the obvious way: every literal compared at every place where it may begin.
#include "identify/literal_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "identify/char_class.h"
#include "identify/literal_set.h"

namespace gander::identify {
namespace {

struct Wanted {
  std::string text;
  bool fold_case = false;
  LiteralPlace place = LiteralPlace::kWordBegin;
};

const std::vector<Wanted>& WantedLiterals() {
  static const std::vector<Wanted> kWanted = {
      {"name", true},
      {"full name", true},
      {"fullname", true},
      {"fn:", true},
      {"eyJ"},
      {"ghp_"},
      {"AKIA"},
      {"$2b$"},
      {"-----BEGIN"},
      {"\xE5\xA7\x93\xE5\x90\x8D", true},
      {"\xD0\x9F\xD0\xB0\xD1\x80\xD0\xBE\xD0\xBB\xD1\x8C", true},
      {"mot de passe", true},
      {"INSERT INTO ", true, LiteralPlace::kAnywhere},
      {"GNDX", true, LiteralPlace::kAnywhere}};
  return kWanted;
}

bool Same(std::string_view text, const Wanted& w) {
  if (text.size() < w.text.size()) return false;
  for (std::size_t i = 0; i < w.text.size(); ++i) {
    const char a = text[i], b = w.text[i];
    if (a != b && !(w.fold_case && IsLetter(a) && ToLower(a) == ToLower(b))) return false;
  }
  return true;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> Obvious(std::string_view text) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  for (std::uint32_t i = 0; i < WantedLiterals().size(); ++i) {
    const Wanted& w = WantedLiterals()[i];
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool inside = at > 0 && IsWord(text[at - 1]) && IsWord(text[at]);
      if (inside && w.place == LiteralPlace::kWordBegin) continue;
      if (Same(text.substr(at), w)) out.emplace_back(static_cast<std::uint32_t>(at + w.text.size()), i);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Filter : public ::testing::Test {
 protected:
  Filter() {
    for (std::uint32_t i = 0; i < WantedLiterals().size(); ++i) {
      const Wanted& w = WantedLiterals()[i];
      EXPECT_TRUE(filter_.Add(w.text, w.fold_case, w.place, i));
    }
    EXPECT_TRUE(filter_.Add("WIDGET", true, LiteralPlace::kAnywhere, LiteralFilter::kGate));
    filter_.Freeze();
  }
  // In an allocation of its own, so that a read beyond it is seen by the sanitizer.
  bool Find(const std::string& source, std::size_t from, std::size_t limit) {
    const std::vector<char> copy(source.begin(), source.end());
    const std::string_view text(copy.data(), copy.size());
    RunMasks runs;
    runs.Build(text.data(), from, text.size());
    hits_.clear();
    return filter_.Find(text, from, limit, runs, hits_);
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> Found() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const LiteralHit& h : hits_) out.emplace_back(h.end, h.literal);
    std::sort(out.begin(), out.end());
    return out;
  }

  LiteralFilter filter_;
  std::vector<LiteralHit> hits_;
};

TEST_F(Filter, FindsWhatTheObviousWayFinds) {
  std::mt19937 dice(20260101);
  const std::string_view noise = "naNAmeyJghp_ -:\"=.fu1$GIT\xE5\xA7\xD0\n";
  std::size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t size = dice() % 300;
    while (text.size() < size) {
      if (dice() % 3 == 0) {
        std::string word = WantedLiterals()[dice() % WantedLiterals().size()].text;
        if (dice() % 4 == 0) word[dice() % word.size()] ^= 0x20;
        text += word.substr(0, dice() % 8 == 0 ? dice() % word.size() : word.size());
      } else {
        text += noise[dice() % noise.size()];
      }
    }
    (void)Find(text, 0, text.size());
    ASSERT_EQ(Found(), Obvious(text)) << text;
    found += hits_.size();
  }
  EXPECT_GT(found, 10000u);
}

TEST_F(Filter, TellsOfAGateAndReportsIt) {
  EXPECT_FALSE(Find("a text without", 0, 14));
  EXPECT_TRUE(Find("one xwidgets more", 0, 17));
  EXPECT_TRUE(hits_.empty());
}

TEST_F(Filter, LooksOnlyWithinTheStretch) {
  const std::string text = "name " + std::string(200, '.') + " name " + std::string(200, '.') + " name";
  (void)Find(text, 100, 300);
  EXPECT_EQ(Found(), (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{210, 0}}));
}

TEST(LiteralFilterOf, ATextTooShortForItsAnchorIsRefused) {
  LiteralFilter filter;
  EXPECT_FALSE(filter.Add("n:", true, LiteralPlace::kWordBegin, 0));
}

TEST(LiteralFilterOf, WithoutLiteralsFindsNothing) {
  LiteralFilter filter;
  filter.Freeze();
  RunMasks runs;
  std::vector<LiteralHit> hits;
  runs.Build("some text", 0, 9);
  EXPECT_FALSE(filter.Find("some text", 0, 9, runs, hits));
  EXPECT_TRUE(hits.empty());
}

TEST(CertainLiteralOf, IsEmptyWhereItIsInDoubt) {
  EXPECT_EQ(CertainLiteral("GND-[0-9]{6}"), "GND-");
  EXPECT_EQ(CertainLiteral("emp[ _-]?no\\.[:=]"), "emp");
  EXPECT_EQ(CertainLiteral("a\\.bc\\d"), "a.bc");
  EXPECT_EQ(CertainLiteral("(?:x|y)abc(de)?"), "abc");
  for (const char* doubtful : {"(?i)abcd", "(*UTF8)abcd", "\\x41bcd", "\\Qab|cd\\E", "[]abc]def", "[^]abc]def",
                               "[[:alpha:]]def", "\\101bcd", "abcd\\p{L}"}) {
    EXPECT_EQ(CertainLiteral(doubtful), "") << doubtful;
  }
}

}  // namespace
}  // namespace gander::identify
