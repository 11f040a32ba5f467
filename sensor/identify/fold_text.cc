// SPDX-License-Identifier: Apache-2.0
// Folding of digits and signs to ASCII.
#include "identify/fold_text.h"

#include <algorithm>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace gander::identify {
namespace {

constexpr unsigned char Byte(char c) noexcept { return static_cast<unsigned char>(c); }

// The ASCII character that the sequence at `p` stands for and its length, or length 0.
struct Replacement {
  char ascii = 0;
  int length = 0;
};

Replacement Look(const char* p, std::size_t left) noexcept {
  const unsigned a = Byte(p[0]);
  const unsigned b = left > 1 ? Byte(p[1]) : 0, c = left > 2 ? Byte(p[2]) : 0;
  if (a == 0xEF && b == 0xBC && c >= 0x81 && c <= 0xBF)
    return {static_cast<char>(0x21 + (c - 0x81)), 3};  // U+FF01..
  if (a == 0xEF && b == 0xBD && c >= 0x80 && c <= 0x9E) return {static_cast<char>(0x60 + (c - 0x80)), 3};
  if (a == 0xD9 && b >= 0xA0 && b <= 0xA9) return {static_cast<char>('0' + (b - 0xA0)), 2};  // U+0660..
  if (a == 0xDB && b >= 0xB0 && b <= 0xB9) return {static_cast<char>('0' + (b - 0xB0)), 2};  // U+06F0..
  if (a == 0xE0 && b == 0xA5 && c >= 0xA6 && c <= 0xAF)
    return {static_cast<char>('0' + (c - 0xA6)), 3};                      // U+0966..
  if (a == 0xE2 && b == 0x80 && c >= 0x90 && c <= 0x95) return {'-', 3};  // U+2010..2015
  if (a == 0xE2 && b == 0x88 && c == 0x92) return {'-', 3};               // U+2212
  return {};
}

// A lead byte that can begin such a sequence, followed by a byte that can go on with it.
bool Suspect(unsigned a, unsigned b) noexcept {
  return (a == 0xEF && (b == 0xBC || b == 0xBD)) || (a == 0xD9 && b >= 0xA0 && b <= 0xA9) ||
         (a == 0xDB && b >= 0xB0) || (a == 0xE0 && b == 0xA5) || (a == 0xE2 && (b == 0x80 || b == 0x88));
}

}  // namespace

bool NeedsFold(std::string_view text) noexcept {
  std::size_t i = 0;
  const auto check = [&](std::size_t from, std::size_t to) {
    for (std::size_t k = from; k < to; ++k) {
      if (Byte(text[k]) >= 0xD9 && k + 1 < text.size() && Suspect(Byte(text[k]), Byte(text[k + 1])) &&
          Look(text.data() + k, text.size() - k).length > 0) {
        return true;
      }
    }
    return false;
  };
#if defined(__AVX2__)
  for (; i + 32 <= text.size(); i += 32) {
    const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i));
    const auto any = static_cast<std::uint32_t>(_mm256_movemask_epi8(x));
    if (any == 0) continue;
    __m256i lead = _mm256_cmpeq_epi8(x, _mm256_set1_epi8(static_cast<char>(0xEF)));
    for (int b : {0xD9, 0xDB, 0xE0, 0xE2}) {
      lead = _mm256_or_si256(lead, _mm256_cmpeq_epi8(x, _mm256_set1_epi8(static_cast<char>(b))));
    }
    if (_mm256_movemask_epi8(lead) != 0 && check(i, i + 32)) return true;
  }
#endif
  return check(i, text.size());
}

void FoldedText::Fold(std::string_view text) {
  folded_.clear();
  origin_.clear();
  folded_.reserve(text.size());
  origin_.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size();) {
    const Replacement r = Byte(text[i]) < 0x80 ? Replacement{} : Look(text.data() + i, text.size() - i);
    folded_.push_back(r.length > 0 ? r.ascii : text[i]);
    origin_.push_back(static_cast<std::uint32_t>(i));
    i += r.length > 0 ? static_cast<std::size_t>(r.length) : 1;
  }
  origin_.push_back(static_cast<std::uint32_t>(text.size()));
}

std::size_t FoldedText::Folded(std::size_t at) const noexcept {
  return static_cast<std::size_t>(std::lower_bound(origin_.begin(), origin_.end(), at) - origin_.begin());
}

}  // namespace gander::identify
