// SPDX-License-Identifier: Apache-2.0
// What the value of a name field must look like to be the name of a person and not of a product or a file.
#include <bit>
#include <cstdint>

#include "identify/byte_block.h"
#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Scripts are told apart only as far as names need it.
enum class Script : std::uint8_t { kLatin, kOtherCased, kIdeograph, kKana, kHangul, kOther, kNone };

struct CodePoint {
  std::uint32_t value;
  int length;
};

CodePoint Decode(std::string_view s, std::size_t at) noexcept {
  const auto b = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(s[at + i]));
  };
  const std::uint32_t c = b(0);
  const int length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  if (at + static_cast<std::size_t>(length) > s.size() || (c >= 0x80 && c < 0xC2)) return {0, 0};
  if (length == 1) return {c, 1};
  if (length == 2) return {(c & 0x1F) << 6 | (b(1) & 0x3F), 2};
  if (length == 3) return {(c & 0x0F) << 12 | (b(1) & 0x3F) << 6 | (b(2) & 0x3F), 3};
  return {(c & 0x07) << 18 | (b(1) & 0x3F) << 12 | (b(2) & 0x3F) << 6 | (b(3) & 0x3F), 4};
}

Script ScriptOf(std::uint32_t c) noexcept {
  if (c < 0x80) return IsLetter(static_cast<char>(c)) ? Script::kLatin : Script::kNone;
  if (c < 0xC0) return Script::kNone;
  if (c < 0x370) return Script::kLatin;
  if (c < 0x590) return Script::kOtherCased;  // Greek, Cyrillic, Armenian
  if (c >= 0x2000 && c < 0x3040) return Script::kNone;
  if (c >= 0x3040 && c < 0x3100) return Script::kKana;
  if (c >= 0x3400 && c < 0xA000) return Script::kIdeograph;
  if (c >= 0xAC00 && c < 0xD7B0) return Script::kHangul;
  if (c >= 0xFE00 && c < 0x10000) return Script::kNone;
  if (c >= 0x1F000) return Script::kNone;
  return Script::kOther;  // Arabic, Hebrew, Indic, Thai ...
}

bool IsUpperCased(std::uint32_t c) noexcept {
  if (c < 0x80) return IsUpper(static_cast<char>(c));
  if (c < 0x100) return c <= 0xDE;
  if (c < 0x180) return true;  // Latin Extended-A alternates; its few small initials are not worth a table
  return c < 0x250 || (c >= 0x391 && c <= 0x3AB) || (c >= 0x400 && c <= 0x42F);
}

constexpr std::size_t kMaxPlain = 64;
constexpr int kMaxWord = 20;  // letters

// Bits of each byte of an ASCII text of at most 64.
struct NameMasks {
  std::uint64_t letters = 0, capitals = 0, gaps = 0, joints = 0, foreign = 0;
};
NameMasks MasksOf(std::string_view raw) noexcept {
  NameMasks m;
  EachBlock(raw, [&](const ByteBlock& block, std::size_t at) {
    m.letters |= std::uint64_t{block.Letters()} << at;
    m.capitals |= std::uint64_t{block.Within('A', 'Z')} << at;
    m.gaps |= std::uint64_t{block.Equal(' ') | block.Equal('^') | block.Equal(',')} << at;
    m.joints |= std::uint64_t{block.Within('-', '.') | block.Equal('\'')} << at;
    m.foreign |= std::uint64_t{block.Foreign()} << at;
  });
  return m;
}

// What begins small in a name: "Ludwig van Beethoven", "Maria de la Cruz". "Linking to libraries" is none.
bool IsParticle(std::string_view word) noexcept {
  for (const std::string_view p :
       {"de",  "da",  "do",  "dos", "das",   "del",  "della", "dello", "degli", "di",  "du",  "des", "d",  "la",
        "le",  "las", "los", "lo",  "van",   "von",  "der",   "den",   "het",   "ter", "ten", "te",  "zu", "zum",
        "zur", "vom", "am",  "bin", "binti", "bint", "ibn",   "ben",   "al",    "el",  "ad",  "y",   "e",  "i",
        "af",  "av",  "och", "und", "of",    "ap",   "st",    "t",     "a",     "o",   "na",  "abu"}) {
    if (word == p) return true;
  }
  return false;
}

// Whether all words that begin at a bit of `starts` are particles.
bool HasParticlesOnly(std::string_view raw, std::uint64_t starts) noexcept {
  for (; starts != 0; starts &= starts - 1) {
    const auto begin = static_cast<std::size_t>(std::countr_zero(starts));
    std::size_t end = begin;
    while (end < raw.size() && IsLetter(raw[end])) ++end;
    if (!IsParticle(raw.substr(begin, end - begin))) return false;
  }
  return true;
}

// "Node.js": a full stop within a word that goes on small.
bool HasSuffix(std::string_view raw) noexcept {
  for (std::size_t i = 1; i + 1 < raw.size(); ++i) {
    if (raw[i] == '.' && IsLower(raw[i - 1]) && IsLower(raw[i + 1])) return true;
  }
  return false;
}

bool IsPlainName(const NameMasks& m, std::string_view raw) noexcept {
  const std::size_t size = raw.size();
  const std::uint64_t all = ~std::uint64_t{0} >> (kMaxPlain - size);
  const std::uint64_t starts = m.gaps << 1 | 1;  // where a word may begin
  if ((m.letters | m.gaps | m.joints) != all || (m.joints & starts) != 0) return false;
  const int words = std::popcount(m.letters & starts), capitals = std::popcount(m.capitals & starts);
  if (words < 2 || words > 6 || capitals < 2 || std::popcount(m.letters) < 4) return false;
  // Most have neither.
  if ((m.letters & starts & ~m.capitals) != 0 && !HasParticlesOnly(raw, m.letters & starts & ~m.capitals)) return false;
  if (m.joints != 0 && HasSuffix(raw)) return false;
  for (std::uint64_t left = m.letters, gaps = m.gaps; left != 0;) {
    const std::uint64_t before_gap = gaps == 0 ? ~std::uint64_t{0} : (gaps & -gaps) - 1;
    if (std::popcount(left & before_gap) > kMaxWord) return false;
    left &= ~before_gap;
    gaps &= gaps - 1;
  }
  return true;
}

}  // namespace

bool PersonName(std::string_view raw) noexcept {
  if (raw.size() < 4 || raw.size() > 100) return false;
  if (raw.size() <= kMaxPlain) {
    const NameMasks masks = MasksOf(raw);
    if (masks.foreign == 0) return IsPlainName(masks, raw);
  }
  int words = 0, letters = 0, letters_in_word = 0, capitals = 0;
  Script script = Script::kNone;
  bool inside = false;
  for (std::size_t i = 0; i < raw.size();) {
    const CodePoint p = Decode(raw, i);
    if (p.length == 0) return false;
    i += static_cast<std::size_t>(p.length);
    const char c = p.value < 0x80 ? static_cast<char>(p.value) : '\0';
    if (c == ' ' || c == '^' || c == ',' || p.value == 0x3000 || p.value == 0xB7 || p.value == 0x30FB) {
      inside = false;
      continue;
    }
    if ((c == '-' || c == '\'' || c == '.' || p.value == 0x2019) && inside) continue;
    Script s = ScriptOf(p.value);
    if (s == Script::kNone) return false;
    if (s == Script::kKana) s = Script::kIdeograph;
    if (script != Script::kNone && s != script) return false;
    script = s;
    if (!inside) {
      ++words;
      inside = true;
      letters_in_word = 0;
      capitals += IsUpperCased(p.value) ? 1 : 0;
    }
    ++letters;
    if (++letters_in_word > kMaxWord) return false;
  }
  switch (script) {
    case Script::kIdeograph:
      return letters >= 2 && letters <= 8;
    case Script::kHangul:
      return letters >= 2 && letters <= 5;
    case Script::kLatin:
    case Script::kOtherCased:
      return words >= 2 && words <= 6 && capitals >= 2 && letters >= 4;
    case Script::kOther:
      return words >= 2 && words <= 6;
    default:
      return false;
  }
}

}  // namespace gander::identify
