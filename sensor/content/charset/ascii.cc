// SPDX-License-Identifier: Apache-2.0
#include "content/charset/ascii.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::content {

namespace {

constexpr std::uint8_t kEscape = 0x1b;

// Bytes before the first one beyond 0x7f; with `escape`, or ESC.
template <bool escape>
std::size_t Prefix(Bytes text) noexcept {
  const std::uint8_t* const p = Octets(text);
  const std::size_t size = text.size();
  std::size_t i = 0;
#if defined(__AVX2__)
  constexpr std::size_t kStep = 128;
  // The upper bit of a byte that ends it.
  const auto ends = [&](std::size_t at) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + at));
    return escape ? _mm256_or_si256(x, _mm256_cmpeq_epi8(x, _mm256_set1_epi8(kEscape))) : x;
  };
  const auto ended = [&](std::size_t at) {
    const __m256i all =
        _mm256_or_si256(_mm256_or_si256(ends(at), ends(at + 32)), _mm256_or_si256(ends(at + 64), ends(at + 96)));
    return _mm256_movemask_epi8(all) != 0;
  };
  while (i + kStep <= size && !ended(i)) i += kStep;
  // What is left is read with bytes before it once more.
  if (i > 0 && i + kStep > size && !ended(size - kStep)) return size;
#endif
  // A byte of zero borrows from the one behind it, so only the first hit counts.
  constexpr std::uint64_t kHighBits = 0x8080808080808080, kOnes = 0x0101010101010101;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, p + i, 8);
    const std::uint64_t differs = word ^ kOnes * kEscape;
    const std::uint64_t hits = (word | (escape ? (differs - kOnes) & ~differs : 0)) & kHighBits;
    if (hits != 0) return i + static_cast<std::size_t>(std::countr_zero(hits)) / 8;
  }
  while (i < size && p[i] < 0x80 && !(escape && p[i] == kEscape)) ++i;
  return i;
}

}  // namespace

std::size_t AsciiPrefix(Bytes text) noexcept { return Prefix<false>(text); }
std::size_t UnescapedAsciiPrefix(Bytes text) noexcept { return Prefix<true>(text); }

}  // namespace gander::content
