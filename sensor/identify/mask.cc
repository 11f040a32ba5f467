// SPDX-License-Identifier: Apache-2.0
// Masks.
#include "identify/mask.h"

#include <algorithm>
#include <cstdint>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {
namespace {

// More characters than these make no more dots.
constexpr std::size_t kMaxCounted = Mask::kMaxDots + 2;

// Whether its first 2 * kMaxCounted bytes are: no more are counted.
bool AllAscii(std::string_view s) noexcept {
  constexpr std::uint64_t kUpper = 0x8080808080808080ULL;
  if (s.size() < 8) return std::all_of(s.begin(), s.end(), IsAscii);
  const char* const last = s.data() + s.size() - 8;
  const auto at = [&](std::size_t i) { return Load8(std::min(s.data() + i, last)); };
  static_assert(2 * kMaxCounted <= 40);
  return ((at(0) | at(8) | at(16) | at(24) | at(32)) & kUpper) == 0;
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
  if (value.empty()) return {};
  return MaskOfEnds(value.front(), value.back(), CountCharacters(value), secret);
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
