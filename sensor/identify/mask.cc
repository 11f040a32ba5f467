// SPDX-License-Identifier: Apache-2.0
// Masks.
#include "identify/mask.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Shorter values would be half shown by their two ends.
constexpr std::size_t kMinShown = 6;
// More characters than these make no more dots.
constexpr std::size_t kMaxCounted = Mask::kMaxDots + 2;

// Characters of UTF-8: bytes that are no continuation (10xxxxxx). Stops counting once there are kMaxCounted.
std::size_t CountCharacters(std::string_view s) noexcept {
  std::size_t i = 0, count = 0;
  for (; i + 8 <= s.size() && count < kMaxCounted; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, s.data() + i, 8);
    const std::uint64_t continuation = (word >> 7) & ~(word >> 6) & 0x0101010101010101ULL;
    count += 8 - static_cast<std::size_t>(std::popcount(continuation));
  }
  for (; i < s.size() && count < kMaxCounted; ++i) count += IsContinuation(s[i]) ? 0 : 1;
  return count;
}

}  // namespace

Mask MaskOf(std::string_view value, bool secret) noexcept {
  const std::size_t characters = CountCharacters(value);
  // Only ASCII ends are shown: one ideograph of a name says too much.
  const bool show = !secret && characters >= kMinShown && IsAlnum(value.front()) && IsAlnum(value.back());
  Mask mask;
  mask.dots = static_cast<std::uint8_t>(std::min(Mask::kMaxDots, show ? characters - 2 : characters));
  if (!show) return mask;
  mask.first = value.front();
  mask.last = value.back();
  return mask;
}

void Mask::AppendTo(std::string& out) const {
  if (first != 0) out += first;
  for (std::size_t i = 0; i < dots; ++i) out += "\u00b7";
  if (last != 0) out += last;
}

std::string Mask::ToString() const {
  std::string text;
  AppendTo(text);
  return text;
}

void AppendMask(std::string_view value, bool secret, std::string& out) {
  MaskOf(value, secret).AppendTo(out);
}

}  // namespace gander::identify
