// SPDX-License-Identifier: Apache-2.0
// Folding to ASCII: held against ICU's properties and against a plain loop, wherever in a vector a character lies.
#include <gtest/gtest.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "identify/fold_table.h"
#include "identify/fold_text.h"

namespace gander::identify {
namespace {

std::string Utf8(UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  std::int32_t n = 0;
  U8_APPEND_UNSAFE(bytes, n, c);
  return {bytes, static_cast<std::size_t>(n)};
}

bool IsDash(UChar32 c) { return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 || c == 0xfe63; }
bool IsSpace(UChar32 c) {
  return c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}
bool IsInvisible(UChar32 c) {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR);
}

// What a character beyond ASCII is to become, by what Unicode says of it.
char Expected(UChar32 c) {
  if (c < 0x80) return kStays;
  if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) return static_cast<char>('0' + u_charDigitValue(c));
  if (c >= 0xff01 && c <= 0xff5e) return static_cast<char>(c - 0xff00 + 0x20);
  if (IsDash(c)) return '-';
  if (IsSpace(c)) return ' ';
  if (c >= 0x180b && c <= 0x180f) return kStays;  // variation selectors of Mongolian, which writes no values
  if (IsInvisible(c)) return kNothing;
  if (c == 0x3002 || c == 0xff61) return kNameDot;
  return c == 0xfe52 ? '.' : c == 0xfe55 ? ':' : c == 0xfe6b ? '@' : kStays;
}

struct Model {
  std::string text;
  std::vector<std::size_t> begins, ends;  // in the original, of each byte
};

bool IsAsciiLetter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool IsLetterOrDigit(char c) { return IsAsciiLetter(c) || (c >= '0' && c <= '9'); }

bool EndsInHost(const std::string& text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || at + 1 == text.size() || text.size() - at > 64) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at) + 1, text.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '.' || c == '-'; });
}

Model Plainly(const std::string& s) {
  Model m;
  const auto size = static_cast<std::int32_t>(s.size());
  const auto next = [&](std::int32_t& i) {
    UChar32 c;
    U8_NEXT(s.data(), i, size, c);
    return c;
  };
  for (std::int32_t i = 0; i < size;) {
    std::int32_t end = i;
    const UChar32 c = next(end);
    char to = c < 0 ? kStays : Expected(c);
    if (to == kNameDot) {
      std::int32_t behind = end;
      const UChar32 letter = end < size ? next(behind) : 0;
      const char as = letter < 0x80 ? static_cast<char>(letter) : Expected(letter);
      to = letter > 0 && IsAsciiLetter(as) && EndsInHost(m.text) ? '.' : kStays;
    }
    if (to == kNothing) {
      i = end;
    } else if (to == kStays) {
      for (; i < end; ++i) {
        m.text += s[static_cast<std::size_t>(i)];
        m.begins.push_back(static_cast<std::size_t>(i));
        m.ends.push_back(static_cast<std::size_t>(i) + 1);
      }
    } else {
      m.text += to;
      m.begins.push_back(static_cast<std::size_t>(i));
      m.ends.push_back(static_cast<std::size_t>(end));
      i = end;
    }
  }
  m.begins.push_back(s.size());
  return m;
}

TEST(FoldText, TheTableIsWhatUnicodeSays) {
  for (UChar32 c = 0x80; c <= UCHAR_MAX_VALUE; ++c) {
    if (U_IS_SURROGATE(c)) continue;
    const std::string s = Utf8(c);
    const Folding f = FoldingAt(s.data(), s.size());
    ASSERT_EQ(f.ascii, Expected(c)) << std::hex << c;
    ASSERT_EQ(f.bytes, f.ascii == kStays ? 0u : s.size()) << std::hex << c;
    for (std::size_t left = 0; left < s.size(); ++left) ASSERT_EQ(FoldingAt(s.data(), left).bytes, 0) << std::hex << c;
    const bool folds = f.ascii != kStays && f.ascii != kNameDot;
    const std::string behind = "b" + std::string(50, '.');
    for (std::size_t before = 1; before < (folds ? 40u : 2u); ++before) {
      ASSERT_EQ(NeedsFold(std::string(before, 'a') + s + behind), folds)
          << std::hex << c << " behind " << std::dec << before;
    }
    ASSERT_EQ(NeedsFold("a" + s + "b"), folds) << std::hex << c;
  }
}

TEST(FoldText, BringsDigitsToAsciiAndBack) {
  EXPECT_FALSE(NeedsFold("plain ascii 123 and 身份证号 and é and العربية"));
  const std::string text = "号：４７ １٢۳ x−y";
  ASSERT_TRUE(NeedsFold(text));
  FoldedText folded;
  folded.Fold(text);
  EXPECT_EQ(folded.text(), "号:47 123 x-y");
  EXPECT_EQ(folded.Original(folded.text().find('4')), text.find("４"));
  EXPECT_EQ(folded.Folded(text.find("x")), folded.text().find('x'));
  EXPECT_EQ(folded.Original(folded.text().size()), text.size());
}

TEST(FoldText, WhatIsLeftOutBehindACharacterIsNoPartOfIt) {
  const std::string text = "4\u200b1\u00ad\u20607\ufe0f x";
  FoldedText folded;
  folded.Fold(text);
  ASSERT_EQ(folded.text(), "417 x");
  EXPECT_EQ(folded.Original(1), text.find('1'));
  EXPECT_EQ(folded.End(1), 1u);
  EXPECT_EQ(folded.End(3), text.find('7') + 1);
  EXPECT_EQ(folded.End(0), 0u);
  EXPECT_FALSE(folded.HasWideIn(0, 5));
}

TEST(FoldText, AnIdeographicFullStopIsADotOnlyWithinAName) {
  const auto fold = [](const std::string& text) {
    FoldedText folded;
    folded.Fold(text);
    return std::string(folded.text());
  };
  EXPECT_EQ(fold("li@163。com"), "li@163.com");
  EXPECT_EQ(fold("ｌｉ＠１６３。ｃｏｍ"), "li@163.com");
  EXPECT_EQ(fold("li@163｡com"), "li@163.com");
  for (const char* text : {"li@5。13800138000", "x。Tel", "@完。a", "li。com", "@。com", "li@x y。com", "。"}) {
    EXPECT_EQ(fold(text).find('.'), std::string::npos) << text;
  }
  EXPECT_TRUE(NeedsFold("li@163。com"));
  EXPECT_FALSE(NeedsFold("会议安排在星期二下午举行。请各部门、提前准备材料。Tel 共5。138"));
}

TEST(FoldText, OverlongAndBrokenSequencesStay) {
  for (const char* text : {"\xe0\x82\xa0", "\xf0\x80\x82\xa0", "\xc2", "\xef\xbc", "\xf0\x9d\x9f", "\xef\x41\x91",
                           "\xc2\x41", "\xf5\x9d\x9f\x8e", "\xed\xa0\x80"}) {
    EXPECT_FALSE(NeedsFold(text)) << text;
    EXPECT_FALSE(NeedsFold(text + std::string(60, 'x'))) << text;
  }
}

// Texts of what is folded and of what nearly is, of ASCII and of any bytes.
TEST(FoldText, SameAsAPlainLoop) {
  constexpr UChar32 kOthers[] = {'4',    '1',     'a',     'Z',     ' ',     '-',    '.',    '@',    0xe9,   0xab,
                                 0x416,  0x663,   0x6f4,   0x629,   0x967,   0x964,  0x9e7,  0xe55,  0xe32,  0x1041,
                                 0x1e9d, 0x2014,  0x201c,  0x2026,  0x2212,  0x200b, 0x200d, 0xfe0f, 0x3000, 0x3001,
                                 0x3002, 0x3042,  0x4e2d,  0xa8d3,  0xac00,  0xff0c, 0xff11, 0xff21, 0xff20, 0xff61,
                                 0xff76, 0x1d7d9, 0x1f600, 0x1fbf4, 0xe0101, 0x20000};
  std::mt19937 random(11);
  FoldedText folded;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const std::size_t kinds = 1 + random() % std::size(kOthers), size = random() % 150;
    const unsigned broken = random() % 4 == 0 ? 10 : 0;
    while (text.size() < size) {
      const unsigned what = random() % 100;
      if (what < broken) {
        text += static_cast<char>(random());
      } else if (what < 70) {
        text += Utf8(kOthers[random() % kinds]);
      } else if (what < 75) {
        const auto c = static_cast<UChar32>(random() % 0x110000);
        if (!U_IS_SURROGATE(c)) text += Utf8(c);
      } else {
        text += static_cast<char>(' ' + random() % 95);
      }
    }
    const Model expected = Plainly(text);
    ASSERT_EQ(NeedsFold(text), expected.text != text) << text;
    folded.Fold(text);
    ASSERT_EQ(folded.text(), expected.text) << text;
    for (std::size_t i = 0; i <= expected.text.size(); ++i) {
      ASSERT_EQ(folded.Original(i), expected.begins[i]) << text << " at " << i;
      ASSERT_EQ(folded.End(i), i > 0 ? expected.ends[i - 1] : 0) << text << " at " << i;
    }
    for (std::size_t at = 0; at <= text.size(); ++at) {
      const std::size_t i = folded.Folded(at);
      ASSERT_GE(folded.Original(i), at);
      ASSERT_TRUE(i == 0 || folded.Original(i - 1) < at);
    }
  }
}

}  // namespace
}  // namespace gander::identify
