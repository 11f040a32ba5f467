// SPDX-License-Identifier: Apache-2.0
// Hardware addresses written in pairs.
#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

constexpr std::size_t kPairs = 6;
constexpr std::size_t kLength = 3 * kPairs - 1;

bool IsHex(char c) noexcept {
  const char u = ToUpper(c);
  return IsDigit(c) || (u >= 'A' && u <= 'F');
}

}  // namespace

Span FindMac(std::string_view text, std::size_t begin) noexcept {
  if (begin + kLength > text.size()) return {};
  const char joint = text[begin + 2];
  if (joint != ':' && joint != '-') return {};
  // Of a longer list only the first pairs are looked at as an address.
  const char before = begin > 0 ? text[begin - 1] : '\0';
  if (IsWord(before) || before == '.' || (before == joint && begin >= 2 && IsAlnum(text[begin - 2]))) return {};
  bool same = true;
  for (std::size_t i = 0; i < kLength; ++i) {
    const char c = text[begin + i];
    if (i % 3 == 2 ? c != joint : !IsHex(c)) return {};
    same = same && (i % 3 == 2 || c == '0');
  }
  // Longer addresses (EUI-64, InfiniBand) and lists of octets go on; all zero is no address.
  const std::size_t end = begin + kLength;
  const char after = end < text.size() ? text[end] : '\0';
  const bool goes_on = (after == ':' || after == '-') && end + 1 < text.size() && IsAlnum(text[end + 1]);
  if (same || IsWord(after) || goes_on || after == ':') return {};
  return {begin, end};
}

}  // namespace gander::identify
