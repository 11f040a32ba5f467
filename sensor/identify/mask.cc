// SPDX-License-Identifier: Apache-2.0
// Masks.
#include "identify/mask.h"

#include <algorithm>
#include <cstring>

#include "identify/char_class.h"

namespace gander::identify {
namespace {

constexpr std::string_view kDot = "\xC2\xB7";  // U+00B7
constexpr std::size_t kMaxDots = 16;
// Shorter values would be half shown by their two ends.
constexpr std::size_t kMinShown = 6;

std::size_t CountCharacters(std::string_view s) noexcept {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return !IsContinuation(c); }));
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
  for (std::size_t i = 0; i < dots; ++i) {
    std::memcpy(out, kDot.data(), kDot.size());
    out += kDot.size();
  }
  if (show) *out++ = value.back();
  return mask;
}

void AppendMask(std::string_view value, bool secret, std::string& out) { out += MaskOf(value, secret).text; }

}  // namespace gander::identify
