// SPDX-License-Identifier: Apache-2.0
// Eight bytes, of which some are kept and moved together. By a shuffle and a table, not by BMI2's pext, which is
// microcode on AMD before Zen 3: 14 ns for one byte kept and 80 for eight, one after the other on Zen 2; this takes 3.
#ifndef GANDER_IDENTIFY_PACK_BYTES_H_
#define GANDER_IDENTIFY_PACK_BYTES_H_

#include <array>
#include <cstdint>

#if defined(__SSSE3__)
#include <immintrin.h>
#endif

namespace gander::identify {

// Which byte goes where: of each byte of the result the place it comes from, 0x80 = zero.
using PackControl = std::uint64_t;

// By which bytes are kept: bit i speaks of byte i, the lowest first.
inline constexpr std::array<PackControl, 256> kPackControls = [] {
  std::array<PackControl, 256> controls{};
  for (unsigned keep = 0; keep < 256; ++keep) {
    PackControl control = 0x8080808080808080ULL;
    unsigned n = 0;
    for (unsigned from = 0; from < 8; ++from) {
      if ((keep >> from & 1) == 0) continue;
      control ^= (PackControl{0x80} ^ from) << (8 * n++);
    }
    controls[keep] = control;
  }
  return controls;
}();

// The bytes of `word` that `control` keeps, side by side from the lowest on, zeros behind them.
inline std::uint64_t PackBytes(std::uint64_t word, PackControl control) noexcept {
#if defined(__SSSE3__)
  const auto vector = [](std::uint64_t v) { return _mm_cvtsi64_si128(static_cast<long long>(v)); };
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_shuffle_epi8(vector(word), vector(control))));
#else
  std::uint64_t packed = 0;
  for (int to = 0; to < 64 && (control >> to & 0x80) == 0; to += 8) {
    packed |= (word >> (8 * (control >> to & 7)) & 0xFF) << to;
  }
  return packed;
#endif
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_PACK_BYTES_H_
