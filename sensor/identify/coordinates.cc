// SPDX-License-Identifier: Apache-2.0
// Pairs of latitude and longitude in decimal degrees.
#include "identify/char_class.h"
#include "identify/span_finders.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMinDecimals = 4;  // about 11 m: a place, not a town
constexpr std::size_t kMaxDecimals = 15;

// Reads [-+]d{1,3}.d{4,15} at `i`; leaves `i` behind it. `limit` in degrees.
bool ReadDegrees(std::string_view text, std::size_t& i, int limit) noexcept {
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  int degrees = 0;
  std::size_t digits = 0;
  for (; i < text.size() && IsDigit(text[i]) && digits < 4; ++i, ++digits)
    degrees = degrees * 10 + DigitOf(text[i]);
  if (digits == 0 || digits > 3 || i >= text.size() || text[i] != '.') return false;
  const std::size_t point = i++;
  bool zero = true;
  while (i < text.size() && IsDigit(text[i])) zero = text[i++] == '0' && zero;
  const std::size_t decimals = i - point - 1;
  if (decimals < kMinDecimals || decimals > kMaxDecimals) return false;
  if (i < text.size() && (IsWord(text[i]) || (text[i] == '.' && i + 1 < text.size() && IsDigit(text[i + 1]))))
    return false;
  return degrees < limit || (degrees == limit && zero);
}

// What may stand between the two numbers: ", " or `","lon":"` or `&lon=` or `;`.
bool SkipBetween(std::string_view text, std::size_t& i) noexcept {
  constexpr std::size_t kMaxBetween = 24;
  const std::size_t stop = i + kMaxBetween < text.size() ? i + kMaxBetween : text.size();
  const std::size_t begin = i;
  bool letters = false, assigned = false;
  for (; i < stop; ++i) {
    const char c = text[i];
    if (IsDigit(c) || c == '-' || c == '+') break;
    if (IsLetter(c) || c == '_') {
      letters = true;
    } else if (c == ':' || c == '=' || c == '>') {
      assigned = true;
    } else if (c != ' ' && c != ',' && c != ';' && c != '"' && c != '\'' && c != '&' && c != '<' &&
               c != '/' && c != '|') {
      return false;
    }
  }
  return i > begin && i < stop && (!letters || assigned);
}

}  // namespace

Span FindCoordinates(std::string_view text, std::size_t begin) noexcept {
  if (begin > 0 && (text[begin - 1] == '-' || text[begin - 1] == '+')) --begin;
  if (begin > 0 && (IsWord(text[begin - 1]) || text[begin - 1] == '.')) return {};
  std::size_t i = begin;
  if (!ReadDegrees(text, i, 90) || !SkipBetween(text, i) || !ReadDegrees(text, i, 180)) return {};
  return {begin, i};
}

}  // namespace gander::identify
