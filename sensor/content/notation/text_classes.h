// SPDX-License-Identifier: Apache-2.0
// 128 bytes of text at a time: whether one begins an escape, and where values of base64 may stand.
#ifndef GANDER_CONTENT_NOTATION_TEXT_CLASSES_H_
#define GANDER_CONTENT_NOTATION_TEXT_CLASSES_H_

#if defined(__AVX2__)

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "content/notation/base64_run.h"

namespace gander::content {

// A byte is of base64, or '=', when one of the upper six bits is set both in the row of its low half and in that of its
// high half; it is a mark when one of the lower two is.
struct TextClassTables {
  alignas(32) std::array<std::uint8_t, 32> low{}, high{};  // each twice, for the two halves of a vector
};
inline constexpr int kMarkBits = 0b11;
inline constexpr TextClassTables kTextClassTables = [] {
  TextClassTables t;
  const auto set = [&t](unsigned c, unsigned bit) {
    for (const unsigned half : {0u, 16u}) {
      t.low[half + (c & 15)] = static_cast<std::uint8_t>(t.low[half + (c & 15)] | 1u << bit);
      t.high[half + (c >> 4)] = static_cast<std::uint8_t>(t.high[half + (c >> 4)] | 1u << bit);
    }
  };
  for (unsigned c = 0; c < 128; ++c) {
    if (protocol::mime::kBase64Values[c] != protocol::mime::kNotBase64 || c == '=') set(c, c >> 4);  // no lower than 2
  }
  set('&', 0);
  set('%', 0);
  set('\\', 1);
  return t;
}();

// Lives where it is used, so that its tables stay in registers.
class TextClasses {
 public:
  static constexpr std::size_t kBytes = 128;

  // Reads kBytes at `p`.
  void Read(const std::byte* p) noexcept {
    for (std::size_t i = 0; i < 4; ++i) classes_[i] = Of(Load(p + 32 * i));
  }
  bool HasMark() const noexcept {
    const __m256i all =
        _mm256_or_si256(_mm256_or_si256(classes_[0], classes_[1]), _mm256_or_si256(classes_[2], classes_[3]));
    return _mm256_testz_si256(all, Fill(kMarkBits)) == 0;
  }
  // Where the first mark is; HasMark().
  std::size_t FirstMark() const noexcept {
    std::size_t i = 0;
    while (MarksIn(classes_[i]) == 0) ++i;
    return 32 * i + static_cast<std::size_t>(std::countr_zero(MarksIn(classes_[i])));
  }
  // Groups of four bytes that are all of base64 or '=', a bit each.
  std::uint64_t Groups() const noexcept {
    return GroupsIn(classes_[0]) | GroupsIn(classes_[1]) << 8 | GroupsIn(classes_[2]) << 16 |
           GroupsIn(classes_[3]) << 24;
  }

 private:
  static __m256i Load(const void* p) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
  static __m256i Fill(int byte) noexcept { return _mm256_set1_epi8(static_cast<char>(byte)); }
  __m256i Of(__m256i x) const noexcept {
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(x, 4), Fill(0x0f));
    return _mm256_and_si256(_mm256_shuffle_epi8(low_, x), _mm256_shuffle_epi8(high_, high));
  }
  static std::uint32_t MarksIn(__m256i classes) noexcept {
    const __m256i marks = _mm256_and_si256(classes, Fill(kMarkBits));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpgt_epi8(marks, _mm256_setzero_si256())));
  }
  static std::uint64_t GroupsIn(__m256i classes) noexcept {
    const __m256i none = _mm256_cmpeq_epi8(classes, _mm256_setzero_si256());
    const __m256i whole = _mm256_cmpeq_epi32(none, _mm256_setzero_si256());
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(whole)));
  }

  __m256i low_ = Load(kTextClassTables.low.data()), high_ = Load(kTextClassTables.high.data());
  __m256i classes_[4];
};

// Runs of groups, over as many reads as follow each other.
class GroupRuns {
 public:
  // Whether a value may be among the bytes whose groups these are; it may begin up to 15 bytes before them.
  bool Next(std::uint64_t groups) noexcept {
    // One of kMinBase64 characters, padding included, has three whole groups wherever it begins.
    static_assert(kMinBase64 >= 3 + 3 * 4);
    groups_ = groups_ >> 32 | groups << 2;
    return (groups_ & groups_ >> 1 & groups_ >> 2) != 0;
  }

 private:
  std::uint64_t groups_ = 0;  // behind the last two of those before
};

}  // namespace gander::content

#endif  // defined(__AVX2__)

#endif  // GANDER_CONTENT_NOTATION_TEXT_CLASSES_H_
