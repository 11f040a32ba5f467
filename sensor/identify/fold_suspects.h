// SPDX-License-Identifier: Apache-2.0
// Where in 32 bytes of UTF-8 a character may begin that FoldingAt() would fold: told by its first two bytes. Letters of
// Cyrillic, Chinese, Japanese, Korean or accented Latin text are none.
#ifndef GANDER_IDENTIFY_FOLD_SUSPECTS_H_
#define GANDER_IDENTIFY_FOLD_SUSPECTS_H_

#if defined(__AVX2__)

#include <immintrin.h>

#include <array>
#include <cstdint>
#include <initializer_list>

namespace gander::identify {

namespace fold {

// Pairs of bytes, grouped so that each group is a product of halves: of the first byte, and of the second.
struct Group {
  std::initializer_list<int> high, low, next_high, next_low;
};
using Halves = std::array<std::uint8_t, 32>;  // each row twice, for the two halves of a vector
struct SuspectTables {
  Halves high{}, low{}, next_high{}, next_low{};
};

constexpr void Mark(Halves& table, std::initializer_list<int> halves, int bit) noexcept {
  for (const int half : halves) {
    for (const int copy : {0, 16}) table[half + copy] = static_cast<std::uint8_t>(table[half + copy] | 1u << bit);
  }
}

inline constexpr int kIdeographicGroup = 0;  // U+3000, U+3002
inline constexpr SuspectTables kSuspects = [] {
  const Group groups[] = {
      // First row of U+30xx
      {{0xe}, {3}, {8}, {0}},
      // U+00A0, U+00AD; digits of U+1810, U+1B50, U+1C40
      {{0xc, 0xe}, {1, 2}, {0xa, 0xb}, {0, 1, 0xd}},
      // Arabic-Indic digits
      {{0xd}, {9, 0xb}, {0xa, 0xb}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
      // General punctuation, U+2212; digits of N'Ko
      {{0xd, 0xe}, {2, 0xf}, {8}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
      // Digits of Indic scripts, Thai, Lao, Tibetan
      {{0xe}, {0}, {0xa, 0xb}, {1, 3, 5, 7, 9, 0xb, 0xc, 0xd, 0xf}},
      // Of Myanmar, Khmer and others with U+1xxx
      {{0xe}, {1}, {8, 9, 0xa}, {0, 1, 2, 5, 7, 0xa, 0xe, 0xf}},
      // With U+Axxx; of four bytes
      {{0xe, 0xf}, {0, 3, 0xa}, {9, 0xa}, {0, 1, 3, 4, 6, 7, 8, 9, 0xd, 0xe, 0xf}},
      // Full-width and small forms, variation selectors
      {{0xe}, {0xf}, {0xb}, {8, 9, 0xb, 0xc, 0xd}},
  };
  SuspectTables t;
  int bit = 0;
  for (const Group& g : groups) {
    Mark(t.high, g.high, bit);
    Mark(t.low, g.low, bit);
    Mark(t.next_high, g.next_high, bit);
    Mark(t.next_low, g.next_low, bit);
    ++bit;
  }
  return t;
}();

}  // namespace fold

// Lives where it is used, so that its tables stay in registers.
class FoldSuspects {
 public:
  static constexpr std::size_t kBytes = 32;
  static constexpr std::size_t kRead = kBytes + 2;  // bytes at `p` that must be readable

  // A bit for each of the kBytes at `p` that may begin such a character. `dots`: those that may be within a name count
  // too.
  template <bool dots>
  std::uint32_t In(const char* p) const noexcept {
    const __m256i first = Load(p), high = High(first);
    const __m256i by_first = _mm256_and_si256(_mm256_shuffle_epi8(high_, high), _mm256_shuffle_epi8(low_, Low(first)));
    if (_mm256_testz_si256(by_first, by_first) != 0) return 0;  // most scripts, all of it
    const __m256i second = Load(p + 1);
    const __m256i by_second = _mm256_and_si256(_mm256_shuffle_epi8(next_high_, High(second)),
                                               _mm256_shuffle_epi8(next_low_, Low(second)));
    const __m256i groups = _mm256_and_si256(by_first, by_second);
    // Ideographic text is full of U+3001 and U+3002, so here the third byte is asked.
    const __m256i third = Load(p + 2);
    __m256i may = Equal(third, 0x80);
    if constexpr (dots) may = _mm256_or_si256(may, Equal(third, 0x82));
    const __m256i other = _mm256_andnot_si256(may, Fill(1 << fold::kIdeographicGroup));
    const __m256i none = Equal(_mm256_andnot_si256(other, groups), 0);
    return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
  }

 private:
  static __m256i Load(const void* p) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
  static __m256i Fill(int byte) noexcept { return _mm256_set1_epi8(static_cast<char>(byte)); }
  static __m256i Equal(__m256i x, int byte) noexcept { return _mm256_cmpeq_epi8(x, Fill(byte)); }
  static __m256i Low(__m256i x) noexcept { return _mm256_and_si256(x, Fill(0xf)); }
  static __m256i High(__m256i x) noexcept { return Low(_mm256_srli_epi16(x, 4)); }

  __m256i high_ = Load(fold::kSuspects.high.data()), low_ = Load(fold::kSuspects.low.data()),
          next_high_ = Load(fold::kSuspects.next_high.data()), next_low_ = Load(fold::kSuspects.next_low.data());
};

}  // namespace gander::identify

#endif  // defined(__AVX2__)

#endif  // GANDER_IDENTIFY_FOLD_SUSPECTS_H_
