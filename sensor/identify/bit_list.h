// SPDX-License-Identifier: Apache-2.0
// The numbers of the bits of a block's mask, listed. Masks have few bits or none, and which is not to be foreseen: four
// numbers are written whether they are there or not, so that no branch hangs on how many there are but in crowds
// (J. Keiser and D. Lemire, "Parsing gigabytes of JSON per second", 2019, section 3.1.4).
#ifndef GANDER_IDENTIFY_BIT_LIST_H_
#define GANDER_IDENTIFY_BIT_LIST_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__BMI__)
#include <immintrin.h>
#endif

namespace gander::identify {

inline constexpr std::size_t kListed = 64;  // numbers that one call may write

// 64 of no bit. g++ 12 makes a branch of std::countr_zero.
inline std::uint32_t FirstBit(std::uint64_t bits) noexcept {
#if defined(__BMI__)
  return static_cast<std::uint32_t>(_tzcnt_u64(bits));
#else
  return static_cast<std::uint32_t>(std::countr_zero(bits));
#endif
}

// Writes `base` + number of each bit, ascending, to `out`; returns how many. What is written behind them means nothing.
inline std::size_t ListBits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) noexcept {
  constexpr std::size_t kAtOnce = 4;
  const auto n = static_cast<std::size_t>(std::popcount(bits));
  std::size_t done = 0;
  do {
    for (std::size_t k = done; k < done + kAtOnce; ++k) {
      out[k] = base + FirstBit(bits);
      bits &= bits - 1;
    }
    done += kAtOnce;
  } while (done < n);
  return n;
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_BIT_LIST_H_
