// SPDX-License-Identifier: Apache-2.0
// Masks.
#include "identify/mask.h"

#include <algorithm>
#include <cstring>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxDots = 16;
constexpr std::string_view kDots = "················";  // U+00B7, two bytes each
static_assert(kDots.size() == 2 * kMaxDots);
// Shorter values would be half shown by their two ends.
constexpr std::size_t kMinShown = 6;

std::size_t CountCharacters(std::string_view s) noexcept {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return !IsContinuation(c); }));
}

}  // namespace

Mask MaskOf(std::string_view value, bool secret) noexcept {
  Mask mask;
  char* out = mask.text;
  const std::size_t characters = CountCharacters(value);
  // Only ASCII ends are shown: one ideograph of a name says too much.
  const bool show = !secret && characters >= kMinShown && IsAlnum(value.front()) && IsAlnum(value.back());
  if (show) *out++ = value.front();
  const std::size_t dots = std::min(kMaxDots, show ? characters - 2 : characters);
  std::memcpy(out, kDots.data(), dots * 2);
  out += dots * 2;
  if (show) *out++ = value.back();
  return mask;
}

void AppendMask(std::string_view value, bool secret, std::string& out) { out += MaskOf(value, secret).text; }

}  // namespace gander::identify
