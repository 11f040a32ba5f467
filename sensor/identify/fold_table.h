// SPDX-License-Identifier: Apache-2.0
// Which characters of Unicode stand for one of ASCII: decimal digits of all scripts (general category Nd of Unicode
// 15), full-width and small forms, dashes, spaces; and which have no width, so that they part no value.
#ifndef GANDER_IDENTIFY_FOLD_TABLE_H_
#define GANDER_IDENTIFY_FOLD_TABLE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace gander::identify {

// What a character becomes when it is no ASCII character.
inline constexpr char kStays = 0;
inline constexpr char kNothing = 1;    // left out
inline constexpr char kNameDot = 2;    // a dot within the name of a host behind '@', else it stays

namespace fold {

// The zero of each ten digits, within the basic plane and beyond it.
inline constexpr std::uint16_t kZeros[] = {
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
};
inline constexpr std::uint32_t kFarZeros[] = {
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0,
    0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0,
};

struct Range {
  std::uint16_t first, last;
};
inline constexpr Range kSpaces[] = {
    {0xa0, 0xa0}, {0x2000, 0x200a}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
inline constexpr Range kDashes[] = {{0x2010, 0x2015}, {0x2212, 0x2212}, {0xfe58, 0xfe58}, {0xfe63, 0xfe63}};
// Soft hyphen, zero width space and joiners, marks and overrides of direction, invisible operators, variation
// selectors, byte order mark.
inline constexpr Range kInvisible[] = {{0xad, 0xad},     {0x200b, 0x200f}, {0x202a, 0x202e},
                                       {0x2060, 0x206f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};
inline constexpr std::uint32_t kFirstFarSelector = 0xe0100, kLastFarSelector = 0xe01ef;
// Full stops of ideographic text, which hosts' names may be written with (UTS #46, section 2.3).
inline constexpr Range kNameDots[] = {{0x3002, 0x3002}, {0xff61, 0xff61}};

// The basic plane in pages of 64 code points, as many as the last byte of UTF-8 tells apart; nearly all share the
// first.
struct Table {
  static constexpr std::size_t kPages = 43;
  std::array<std::uint8_t, 1024> page{};
  std::array<std::array<char, 64>, kPages> cells{};

  constexpr void Set(std::uint32_t c, char as) noexcept {
    std::uint8_t& at = page[c >> 6];
    if (at == 0) at = ++used;
    cells[at][c & 63] = as;
  }
  template <std::size_t kCount>
  constexpr void SetAll(const Range (&ranges)[kCount], char as) noexcept {
    for (const Range& r : ranges) {
      for (std::uint32_t c = r.first; c <= r.last; ++c) Set(c, as);
    }
  }
  constexpr char Of(std::uint32_t c) const noexcept { return cells[page[c >> 6]][c & 63]; }

  std::uint8_t used = 0;
};

inline constexpr Table kTable = [] {
  Table t;
  for (const std::uint32_t zero : kZeros) {
    for (std::uint32_t d = 0; d < 10; ++d) t.Set(zero + d, static_cast<char>('0' + d));
  }
  for (std::uint32_t c = '!'; c <= '~'; ++c) t.Set(0xff00 + (c - 0x20), static_cast<char>(c));
  t.SetAll(kSpaces, ' ');
  t.SetAll(kDashes, '-');
  t.SetAll(kInvisible, kNothing);
  t.SetAll(kNameDots, kNameDot);
  t.Set(0xfe52, '.');
  t.Set(0xfe55, ':');
  t.Set(0xfe6b, '@');
  return t;
}();

// Of code points beyond the basic plane.
constexpr char Far(std::uint32_t c) noexcept {
  if (c >= kFirstFarSelector) return c <= kLastFarSelector ? kNothing : kStays;
  if (c >= 0x20000) return kStays;
  const auto* const next = std::upper_bound(std::begin(kFarZeros), std::end(kFarZeros), c);
  if (next == std::begin(kFarZeros) || c - next[-1] >= 10) return kStays;
  return static_cast<char>('0' + (c - next[-1]));
}

}  // namespace fold

// What a sequence of UTF-8 becomes, and its length; of what stays as it is, 0.
struct Folding {
  char ascii = kStays;
  std::uint8_t bytes = 0;
};

// Of the character at `p`, which is no ASCII; `left` bytes may be read. Anything malformed stays.
inline Folding FoldingAt(const char* p, std::size_t left) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(p[i])); };
  const auto more = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const auto result = [](char ascii, std::uint8_t bytes) {
    return ascii == kStays ? Folding{} : Folding{ascii, bytes};
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0xc2 || lead > 0xf4 || left < 2 || !more(1)) return {};
  if (lead < 0xe0) return result(fold::kTable.Of((lead & 0x1f) << 6 | (byte(1) & 0x3f)), 2);
  if (left < 3 || !more(2)) return {};
  const std::uint32_t c = (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
  if (lead < 0xf0) return lead == 0xe0 && c < 0x800 ? Folding{} : result(fold::kTable.Of((lead & 0xf) << 12 | c), 3);
  if (left < 4 || !more(3)) return {};
  const std::uint32_t far = (lead & 7) << 18 | c << 6 | (byte(3) & 0x3f);
  return far < 0x10000 ? Folding{} : result(fold::Far(far), 4);
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_FOLD_TABLE_H_
