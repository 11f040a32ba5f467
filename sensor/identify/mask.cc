// SPDX-License-Identifier: Apache-2.0
// Masks.
#include "identify/mask.h"

#include <algorithm>
#include <cstdint>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

// Shorter values would be half shown by their two ends.
constexpr std::size_t kMinShown = 6;
// More characters than these make no more dots.
constexpr std::size_t kMaxCounted = Mask::kMaxDots + 2;

bool AllAscii(std::string_view s) noexcept {
  constexpr std::uint64_t kUpper = 0x8080808080808080ULL;
  if (s.size() < 8) return std::all_of(s.begin(), s.end(), IsAscii);
  std::uint64_t bits = Load8(s.data() + s.size() - 8);
  for (std::size_t i = 0; i + 8 < s.size() && i < 2 * kMaxCounted; i += 8) bits |= Load8(s.data() + i);
  return (bits & kUpper) == 0;
}

// Characters of UTF-8, counted up to kMaxCounted.
std::size_t CountCharacters(std::string_view s) noexcept {
  if (AllAscii(s)) return s.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < s.size() && count < kMaxCounted; ++i) count += IsContinuation(s[i]) ? 0 : 1;
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
