// SPDX-License-Identifier: Apache-2.0
#include "content/charset/charset_pairs.h"

#include <unicode/ucnv.h>

#include <array>
#include <bitset>
#include <memory>

#include "content/charset/charset_models.h"
#include "content/charset/frequent_characters.h"

namespace gander::content {
namespace {

constexpr int kFrequent = kMostLikely;  // one of those in frequent_characters.h, kana
constexpr int kCommon = 30;             // of the first level, Hangul syllables
constexpr int kSigns = 36;              // punctuation, full-width letters
constexpr int kRare = 18;               // the second level
constexpr int kHardlyEver = 6;          // extensions
constexpr int kMalformed = -120;
constexpr int kWithinAWord = -48;  // an ASCII letter as the second byte and beside it: rather a letter with an accent

constexpr bool In(std::uint8_t c, int first, int last) noexcept { return c >= first && c <= last; }
constexpr bool IsLetter(std::uint8_t c) noexcept { return In(c | 0x20, 'a', 'z'); }

// A character that begins with a byte beyond ASCII: how usual it is, and its bytes.
struct Character {
  int weight;
  std::size_t length;
};
constexpr Character kBroken = {kMalformed, 1};

// GB 18030: GB 2312 has its levels from rows 16 and 56 on; GBK and the forms of four bytes are around it.
Character Gb(const std::uint8_t* p, std::size_t left) noexcept {
  if (!In(p[0], 0x81, 0xfe) || left < 2) return kBroken;
  if (In(p[1], 0x30, 0x39)) {
    const bool four = left >= 4 && In(p[2], 0x81, 0xfe) && In(p[3], 0x30, 0x39);
    return four ? Character{kHardlyEver, 4} : kBroken;
  }
  if (!In(p[1], 0x40, 0xfe) || p[1] == 0x7f) return kBroken;
  if (p[1] < 0xa1) return {kHardlyEver, 2};
  if (In(p[0], 0xb0, 0xd7)) return {kCommon, 2};
  if (In(p[0], 0xd8, 0xf7)) return {kRare, 2};
  return {p[0] == 0xa1 || p[0] == 0xa3 ? kSigns : kHardlyEver, 2};
}

// Big5: level 1 is A440 to C67E.
Character Big5(const std::uint8_t* p, std::size_t left) noexcept {
  if (left < 2 || !In(p[0], 0x81, 0xfe) || !(In(p[1], 0x40, 0x7e) || In(p[1], 0xa1, 0xfe))) return kBroken;
  if (In(p[0], 0xa4, 0xc5) || (p[0] == 0xc6 && p[1] <= 0x7e)) return {kCommon, 2};
  if (In(p[0], 0xa1, 0xa3)) return {kSigns, 2};
  return {In(p[0], 0xc9, 0xf9) ? kRare : kHardlyEver, 2};
}

// Shift_JIS: kana at 829F to 82F1 and 8340 to 8396, level 1 from 889F to 9872.
Character ShiftJis(const std::uint8_t* p, std::size_t left) noexcept {
  if (In(p[0], 0xa1, 0xdf)) return {kHardlyEver, 1};  // kana of half width
  if (left < 2 || !(In(p[0], 0x81, 0x9f) || In(p[0], 0xe0, 0xfc)) || !In(p[1], 0x40, 0xfc) || p[1] == 0x7f)
    return kBroken;
  const int pair = p[0] << 8 | p[1];
  if ((pair >= 0x829f && pair <= 0x82f1) || (pair >= 0x8340 && pair <= 0x8396)) return {kFrequent, 2};
  if (pair >= 0x889f && pair <= 0x9872) return {kCommon, 2};
  if (pair <= 0x829a) return {kSigns, 2};
  return {In(p[0], 0x98, 0x9f) || In(p[0], 0xe0, 0xea) ? kRare : kHardlyEver, 2};
}

// EUC-JP: rows 4 and 5 are kana, levels from rows 16 and 48 on.
Character EucJp(const std::uint8_t* p, std::size_t left) noexcept {
  if (left < 2 || !In(p[1], 0xa1, 0xfe)) return kBroken;
  if (p[0] == 0x8e) return {kHardlyEver, 2};
  if (p[0] == 0x8f) return left >= 3 && In(p[2], 0xa1, 0xfe) ? Character{kHardlyEver, 3} : kBroken;
  if (!In(p[0], 0xa1, 0xfe)) return kBroken;
  if (In(p[0], 0xa4, 0xa5)) return {kFrequent, 2};
  if (In(p[0], 0xb0, 0xcf)) return {kCommon, 2};
  return {p[0] == 0xa1 || p[0] == 0xa3 ? kSigns : In(p[0], 0xd0, 0xf4) ? kRare : kHardlyEver, 2};
}

// EUC-KR: syllables in rows 16 to 40, Hanja behind; windows-949 has the other syllables around them.
Character EucKr(const std::uint8_t* p, std::size_t left) noexcept {
  if (left < 2 || !In(p[0], 0x81, 0xfe)) return kBroken;
  const bool extended = In(p[1], 0x41, 0x5a) || In(p[1], 0x61, 0x7a) || In(p[1], 0x81, 0xa0);
  if (!extended && !In(p[1], 0xa1, 0xfe)) return kBroken;
  if (extended) return p[0] <= 0xc6 ? Character{kHardlyEver, 2} : kBroken;
  if (In(p[0], 0xb0, 0xc8)) return {kCommon, 2};
  if (p[0] == 0xa1 || p[0] == 0xa3) return {kSigns, 2};
  return {kHardlyEver, 2};
}

using Pairs = std::bitset<65536>;

struct Family {
  const Charset* charset;
  Character (*look)(const std::uint8_t* p, std::size_t left) noexcept;
  std::unique_ptr<const Pairs> frequent;
};

// The two bytes of each of the characters in `charset`.
std::unique_ptr<const Pairs> PairsOf(const Charset& charset, std::u16string_view characters) {
  auto pairs = std::make_unique<Pairs>();
  UErrorCode error = U_ZERO_ERROR;
  UConverter* const converter = ucnv_open(charset.icu, &error);
  if (converter == nullptr) return pairs;
  for (const char16_t c : characters) {
    char bytes[8];
    error = U_ZERO_ERROR;
    if (ucnv_fromUChars(converter, bytes, sizeof bytes, &c, 1, &error) == 2) {
      pairs->set(
          static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[0]) << 8 | static_cast<std::uint8_t>(bytes[1])));
    }
  }
  ucnv_close(converter);
  return pairs;
}

std::array<Family, kPairCharsets> MakeFamilies() {
  const auto make = [](std::string_view name, auto look, std::u16string_view characters) {
    const Charset& charset = *FindCharset(name);
    return Family{&charset, look, PairsOf(charset, characters)};
  };
  return {make("gb18030", Gb, kFrequentSimplified), make("euc-kr", EucKr, kFrequentHangul),
          make("shift_jis", ShiftJis, kFrequentKanji), make("euc-jp", EucJp, kFrequentKanji),
          make("big5", Big5, kFrequentTraditional)};
}

Character Look(const Family& family, const std::uint8_t* p, std::size_t left) noexcept {
  Character c = family.look(p, left);
  if (c.length == 2 && family.frequent->test(static_cast<std::size_t>(p[0] << 8 | p[1]))) c.weight = kFrequent;
  return c;
}

PairReading Read(const Family& family, Bytes text) noexcept {
  constexpr std::size_t kLongest = 4;
  const std::uint8_t* const p = Octets(text);
  PairReading reading{family.charset, 0, 0};
  bool behind_letter = false;
  for (std::size_t i = 0; i < text.size();) {
    if (p[i] < 0x80) {
      behind_letter = IsLetter(p[i++]);
      continue;
    }
    const std::size_t left = text.size() - i;
    const Character c = Look(family, p + i, left);
    if (c.weight == kMalformed && left < kLongest) break;  // may be cut
    const bool within = c.length >= 2 && IsLetter(p[i + 1]) && (behind_letter || (left > 2 && IsLetter(p[i + 2])));
    reading.score += within ? kWithinAWord : c.weight;
    ++reading.characters;
    i += c.length;
    behind_letter = false;
  }
  return reading;
}

}  // namespace

std::array<PairReading, kPairCharsets> ReadPairs(Bytes text) noexcept {
  static const std::array<Family, kPairCharsets> kFamilies = MakeFamilies();
  std::array<PairReading, kPairCharsets> readings;
  for (std::size_t i = 0; i < kPairCharsets; ++i) readings[i] = Read(kFamilies[i], text);
  return readings;
}

}  // namespace gander::content
