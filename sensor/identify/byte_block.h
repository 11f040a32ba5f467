// SPDX-License-Identifier: Apache-2.0
// Short stretches of text looked at eight or sixteen bytes at a time: class masks, and numbers without a loop.
#ifndef GANDER_IDENTIFY_BYTE_BLOCK_H_
#define GANDER_IDENTIFY_BYTE_BLOCK_H_

#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gander::identify {

inline std::uint64_t Load8(const char* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

// The last `n` < 8 of the bytes before `end`, zeros behind them; eight may be read there.
inline std::uint64_t LastBytes(const char* end, std::size_t n) noexcept {
  return Load8(end - 8) >> (56 - 8 * n) >> 8;  // two shifts, since one of 64 is none
}

// Whether all of the eight characters (first in the lowest byte) are digits.
constexpr bool AllDigits8(std::uint64_t w) noexcept {
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0ULL;
  return ((w & kHigh) | ((w + 0x0606060606060606ULL) & kHigh) >> 4) == 0x3333333333333333ULL;
}

// The number that eight digits write: pairs, then fours, then all (Lemire, "Quickly parsing eight digits", 2018).
constexpr std::uint32_t Number8(std::uint64_t w) noexcept {
  w = (w & 0x0F0F0F0F0F0F0F0FULL) * 2561 >> 8;
  w = (w & 0x00FF00FF00FF00FFULL) * 6553601 >> 16;
  return static_cast<std::uint32_t>((w & 0x0000FFFF0000FFFFULL) * 42949672960001ULL >> 32);
}

// Sixteen bytes; bit i of an answer speaks of byte i.
class ByteBlock {
 public:
  static constexpr std::size_t kBytes = 16;

  explicit ByteBlock(const char* p) noexcept { std::memcpy(&bytes_, p, kBytes); }
  // The last `n` < 16 bytes of `text`, zeros behind them, without a read outside of it.
  ByteBlock(std::string_view text, std::size_t n) noexcept {
    const char* const end = text.data() + text.size();
    std::uint64_t words[2] = {};
    if (text.size() < 8) {
      for (std::size_t i = 0; i < n; ++i) {
        words[0] |= std::uint64_t{static_cast<unsigned char>(*(end - n + i))} << (8 * i);
      }
    } else if (n < 8) {
      words[0] = LastBytes(end, n);
    } else {
      words[0] = Load8(end - n);
      words[1] = LastBytes(end, n - 8);
    }
    Set(words[0], words[1]);
  }

#if defined(__SSE2__)
  // Bounds are ASCII; bytes of other scripts are never within.
  std::uint32_t Within(char low, char high) const noexcept { return Mask(Range(bytes_, low, high)); }
  std::uint32_t Letters() const noexcept {
    return Mask(Range(_mm_or_si128(bytes_, _mm_set1_epi8(0x20)), 'a', 'z'));
  }
  std::uint32_t Equal(char c) const noexcept { return Mask(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  std::uint32_t Foreign() const noexcept { return Mask(bytes_); }  // bytes of other scripts than ASCII

 private:
  static __m128i Range(__m128i v, char low, char high) noexcept {
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), v));
  }
  static std::uint32_t Mask(__m128i v) noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(v)); }
  void Set(std::uint64_t low, std::uint64_t high) noexcept {
    bytes_ = _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
  }
  __m128i bytes_;
#else
  std::uint32_t Within(char low, char high) const noexcept {
    return Ask([=](char c) { return c >= low && c <= high; });
  }
  std::uint32_t Letters() const noexcept {
    return Ask([](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  }
  std::uint32_t Equal(char e) const noexcept {
    return Ask([=](char c) { return c == e; });
  }
  std::uint32_t Foreign() const noexcept {
    return Ask([](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  }

 private:
  template <class F>
  std::uint32_t Ask(F&& f) const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < kBytes; ++i) mask |= f(bytes_[i]) ? 1u << i : 0u;
    return mask;
  }
  void Set(std::uint64_t low, std::uint64_t high) noexcept {
    std::memcpy(bytes_, &low, 8);
    std::memcpy(bytes_ + 8, &high, 8);
  }
  char bytes_[kBytes];
#endif
};

// Calls f(block, at) for the blocks of `text`; the last may be padded with zeros.
template <class F>
inline void EachBlock(std::string_view text, F&& f) noexcept {
  std::size_t at = 0;
  for (; at + ByteBlock::kBytes <= text.size(); at += ByteBlock::kBytes) f(ByteBlock(text.data() + at), at);
  if (at < text.size()) f(ByteBlock(text, text.size() - at), at);
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_BYTE_BLOCK_H_
