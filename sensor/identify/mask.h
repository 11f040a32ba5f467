// SPDX-License-Identifier: Apache-2.0
// What may be shown of a personal value.
#ifndef GANDER_IDENTIFY_MASK_H_
#define GANDER_IDENTIFY_MASK_H_

#include <algorithm>
#include <string>
#include <string_view>

#include "identify/char_class.h"
#include "identify/finding.h"

namespace gander::identify {

// First and last character with dots between, one dot a character up to 16; a secret or a short value all
// dots.
Mask MaskOf(std::string_view value, bool secret) noexcept;

// Shorter values would be half shown by their two ends.
inline constexpr std::size_t kMinShown = 6;
// The same of a value of so many characters that begins and ends with these. Only ASCII ends are shown: one ideograph
// of a name says too much.
inline Mask MaskOfEnds(char first, char last, std::size_t characters, bool secret) noexcept {
  const bool show = !secret && characters >= kMinShown && IsAlnum(first) && IsAlnum(last);
  const std::size_t dots = std::min(Mask::kMaxDots, show ? characters - 2 : characters);
  if (!show) return {0, 0, static_cast<std::uint8_t>(dots)};
  return {first, last, static_cast<std::uint8_t>(dots)};
}

void AppendMask(std::string_view value, bool secret, std::string& out);

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_MASK_H_
