// SPDX-License-Identifier: Apache-2.0
// Normalising values, sixteen bytes at a time where the processor can.
#include "identify/normal_form.h"

#include <array>
#include <bit>
#include <cstdint>

#include "identify/byte_block.h"
#include "identify/char_class.h"
#include "identify/pack_bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gander::identify {
namespace {

// What a byte becomes in a normalised value; zero is left out.
constexpr std::array<char, 256> MakeNormal() {
  std::array<char, 256> table{};
  for (int b = 0; b < 256; ++b) {
    const char c = static_cast<char>(b);
    table[static_cast<std::size_t>(b)] = IsAlnum(c) ? ToUpper(c) : IsAscii(c) ? '\0' : c;
  }
  return table;
}
constexpr auto kNormal = MakeNormal();

std::size_t NormaliseBytes(std::string_view text, char* out) noexcept {
  std::size_t n = 0;
  for (char c : text) {
    const char kept = kNormal[static_cast<unsigned char>(c)];
    out[n] = kept;
    n += kept != '\0' ? 1 : 0;
  }
  return n;
}

#if defined(__SSE2__)
// Sixteen bytes of text; `out` has room for sixteen.
std::size_t NormaliseBlock(__m128i x, char* out) noexcept {
  // Signed compares serve as range tests: bytes of other scripts are negative and fall out of every range.
  const auto within = [](__m128i v, char low, char high) {
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), v));
  };
  const __m128i case_bit = _mm_set1_epi8(0x20);
  const __m128i letter = within(_mm_or_si128(x, case_bit), 'a', 'z');
  const __m128i foreign = _mm_cmpgt_epi8(_mm_setzero_si128(), x);
  const __m128i keep = _mm_or_si128(_mm_or_si128(letter, foreign), within(x, '0', '9'));
  const __m128i upper = _mm_andnot_si128(_mm_and_si128(letter, case_bit), x);
  const auto kept = static_cast<std::uint32_t>(_mm_movemask_epi8(keep));
  if (kept == 0xFFFF) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), upper);
    return 16;
  }
  // The bytes kept of either half side by side, then both halves; one store, so that what reads a part of the value
  // next need not wait.
  const auto half = [](__m128i v) { return static_cast<std::uint64_t>(_mm_cvtsi128_si64(v)); };
  const std::uint64_t low = PackBytes(half(upper), kPackControls[kept & 0xFF]);
  const std::uint64_t high = PackBytes(half(_mm_unpackhi_epi64(upper, upper)), kPackControls[kept >> 8]);
  const int n = 4 * std::popcount(kept & 0xFF);  // bits to half the place of `high`; shifts by 64 are none
  const std::uint64_t first = low | high << n << n, second = high >> (32 - n) >> (32 - n);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                   _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first)));
  return static_cast<std::size_t>(std::popcount(kept));
}

// The last `n` < 16 bytes of `text` with zeros behind them, without a read outside of it.
__m128i LastBlock(std::string_view text, std::size_t n) noexcept {
  const char* const end = text.data() + text.size();
  if (text.size() < 8) {
    const char* const from = end - n;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < n; ++i) word |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
    return _mm_cvtsi64_si128(static_cast<long long>(word));
  }
  if (n < 8) return _mm_cvtsi64_si128(static_cast<long long>(LastBytes(end, n)));
  return _mm_set_epi64x(static_cast<long long>(LastBytes(end, n - 8)), static_cast<long long>(Load8(end - n)));
}
#endif

}  // namespace

std::size_t Normalise(std::string_view text, char* out, std::size_t capacity) noexcept {
  if (text.size() > capacity) text = text.substr(0, capacity);
#if defined(__SSE2__)
  std::size_t n = 0, i = 0;
  for (; i + 16 <= text.size(); i += 16) {
    n += NormaliseBlock(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i)), out + n);
  }
  if (i == text.size()) return n;
  if (n + 16 <= capacity) return n + NormaliseBlock(LastBlock(text, text.size() - i), out + n);
  return n + NormaliseBytes(text.substr(i), out + n);
#else
  return NormaliseBytes(text, out);
#endif
}

}  // namespace gander::identify
