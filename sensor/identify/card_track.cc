// SPDX-License-Identifier: Apache-2.0
// The second track of a magnetic stripe: ;number=YYMM, service code and the issuer's own digits, ?
#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {

Span FindCardTrack(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kLeast = 7, kMost = 21;  // expiry, service code, discretionary data
  if (begin == 0 || text[begin - 1] != ';' || end + kLeast >= text.size() || text[end] != '=') return {};
  for (std::size_t i = begin; i < end; ++i) {
    if (!IsDigit(text[i])) return {};
  }
  std::size_t i = end + 1;
  while (i < text.size() && IsDigit(text[i]) && i - end <= kMost) ++i;
  if (i - end - 1 < kLeast || i >= text.size() || text[i] != '?') return {};
  const int month = DigitOf(text[end + 3]) * 10 + DigitOf(text[end + 4]);
  if (month < 1 || month > 12) return {};
  return {begin - 1, i + 1};
}

}  // namespace gander::identify
