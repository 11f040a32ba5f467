// SPDX-License-Identifier: Apache-2.0
// The one pass over every byte: finds the words that hold a digit, and each '@'. Everything slower looks only
// there.
#ifndef GANDER_IDENTIFY_RUN_SCAN_H_
#define GANDER_IDENTIFY_RUN_SCAN_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "identify/char_class.h"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {

// For 64 bytes, one bit a byte.
struct BlockMasks {
  std::uint64_t digit = 0;
  std::uint64_t word = 0;  // letters, digits, '_'
  std::uint64_t at = 0;    // '@'
};

inline BlockMasks ScalarMasks(const char* p, std::size_t n) noexcept {
  BlockMasks m;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t bit = 1ULL << i;
    if (IsDigit(p[i])) m.digit |= bit;
    if (IsWord(p[i])) m.word |= bit;
    if (p[i] == '@') m.at |= bit;
  }
  return m;
}

#if defined(__AVX2__)
inline BlockMasks VectorMasks(const char* p) noexcept {
  std::uint64_t digit[2], word[2], at[2];
  for (int half = 0; half < 2; ++half) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32 * half));
    // Signed compares serve as range tests: bytes >= 0x80 are negative and fall out of every range.
    const __m256i is_digit = _mm256_and_si256(_mm256_cmpgt_epi8(x, _mm256_set1_epi8('0' - 1)),
                                              _mm256_cmpgt_epi8(_mm256_set1_epi8('9' + 1), x));
    const __m256i folded = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
    const __m256i is_letter = _mm256_and_si256(_mm256_cmpgt_epi8(folded, _mm256_set1_epi8('a' - 1)),
                                               _mm256_cmpgt_epi8(_mm256_set1_epi8('z' + 1), folded));
    const __m256i is_bar = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('_'));
    const __m256i is_word = _mm256_or_si256(_mm256_or_si256(is_digit, is_letter), is_bar);
    digit[half] = static_cast<std::uint32_t>(_mm256_movemask_epi8(is_digit));
    word[half] = static_cast<std::uint32_t>(_mm256_movemask_epi8(is_word));
    at[half] = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('@'))));
  }
  return {digit[0] | digit[1] << 32, word[0] | word[1] << 32, at[0] | at[1] << 32};
}
#else
inline BlockMasks VectorMasks(const char* p) noexcept { return ScalarMasks(p, 64); }
#endif

// Calls on_word(begin, end) for every maximal run of word characters in [begin, end) that holds a digit, and
// on_at(position) for every '@', both in ascending order each. `begin` may fall inside a word: it is then cut
// there.
template <class OnWord, class OnAt>
inline void ScanRuns(const char* text, std::size_t begin, std::size_t end, OnWord&& on_word,
                     OnAt&& on_at) noexcept {
  std::size_t open_begin = 0;  // of a word that reaches over the block's end
  bool open = false, open_has_digit = false;
  for (std::size_t base = begin; base < end; base += 64) {
    const std::size_t left = end - base;
    const BlockMasks m = left >= 64 ? VectorMasks(text + base) : ScalarMasks(text + base, left);
    std::uint64_t digits = m.digit;
    if (open && open_has_digit) {
      if ((m.word & 1) != 0) {
        digits |= 1;  // the word goes on: visit it even if its digits lie in the block before
      } else {
        on_word(open_begin, base);
      }
    }
    while (digits != 0) {
      const int at = std::countr_zero(digits);
      const std::uint64_t gaps_before = ~m.word & ((1ULL << at) - 1);
      const std::size_t word_begin = gaps_before != 0
                                         ? base + 64 - static_cast<std::size_t>(std::countl_zero(gaps_before))
                                     : open ? open_begin
                                            : base;
      const std::uint64_t gaps_after = ~m.word >> at;
      if (gaps_after == 0) break;  // reaches the end of the block
      const int word_end = at + std::countr_zero(gaps_after);
      on_word(word_begin, base + static_cast<std::size_t>(word_end));
      digits = word_end == 64 ? 0 : digits & ~0ULL << word_end;
    }
    for (std::uint64_t a = m.at; a != 0; a &= a - 1)
      on_at(base + static_cast<std::size_t>(std::countr_zero(a)));
    const int trailing = std::countl_one(m.word);
    if (trailing == 0) {
      open = false;
    } else if (trailing == 64) {
      open_begin = open ? open_begin : base;
      open_has_digit = (open && open_has_digit) || m.digit != 0;
      open = true;
    } else {
      open = true;
      open_begin = base + 64 - static_cast<std::size_t>(trailing);
      open_has_digit = (m.digit >> (64 - trailing)) != 0;
    }
  }
  if (open && open_has_digit) on_word(open_begin, end);
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_RUN_SCAN_H_
