// SPDX-License-Identifier: Apache-2.0
#include "content/charset/ascii.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::content {

std::size_t AsciiPrefix(Bytes text) noexcept {
  const std::uint8_t* const p = Octets(text);
  const std::size_t size = text.size();
  std::size_t i = 0;
#if defined(__AVX2__)
  const auto load = [&](std::size_t at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + at)); };
  for (; i + 128 <= size; i += 128) {
    const __m256i all = _mm256_or_si256(_mm256_or_si256(load(i), load(i + 32)), _mm256_or_si256(load(i + 64), load(i + 96)));
    if (_mm256_movemask_epi8(all) != 0) break;
  }
#endif
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, p + i, 8);
    if ((word & kHighBits) != 0) return i + static_cast<std::size_t>(std::countr_zero(word & kHighBits)) / 8;
  }
  while (i < size && p[i] < 0x80) ++i;
  return i;
}

}  // namespace gander::content
