// SPDX-License-Identifier: Apache-2.0
// Luhn, ISO 7064, Verhoeff and the 7-3-1 rule of travel documents.
#include "identify/validators/checksum.h"

#include <cstdint>

namespace gander::identify {

bool LuhnPasses(std::string_view digits) noexcept {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    if (!IsDigit(digits[i])) return false;
    int d = DigitOf(digits[i]) << (twice ? 1 : 0);
    sum += d > 9 ? d - 9 : d;
  }
  return !digits.empty() && sum % 10 == 0;
}

int Mod97(std::string_view alnum) noexcept {
  constexpr std::uint64_t kRoom =
      100'000'000'000'000'000;  // two more digits still fit behind a smaller number
  std::uint64_t rest = 0;
  for (char c : alnum) {
    const int v = AlnumValue(c);
    if (v < 0) return -1;
    rest = rest * (v < 10 ? 10 : 100) + static_cast<std::uint64_t>(v);
    if (rest >= kRoom) rest %= 97;
  }
  return static_cast<int>(rest % 97);
}

bool Mod11_2Passes(std::string_view value) noexcept {
  if (value.size() < 2) return false;
  int c = 0;
  for (char ch : value.substr(0, value.size() - 1)) {
    if (!IsDigit(ch)) return false;
    c = (c + DigitOf(ch)) * 2 % 11;
  }
  const int check = (12 - c) % 11;
  return check == 10 ? value.back() == 'X' : value.back() == '0' + check;
}

bool Mod11_10Passes(std::string_view digits) noexcept {
  if (digits.size() < 2 || !AllDigits(digits)) return false;
  int p = 10;
  for (char c : digits.substr(0, digits.size() - 1)) {
    p = (p + DigitOf(c)) % 10;
    p = (p == 0 ? 10 : p) * 2 % 11;
  }
  return (11 - p) % 10 == DigitOf(digits.back());
}

bool VerhoeffPasses(std::string_view digits) noexcept {
  static constexpr std::uint8_t kProduct[10][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
      {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
      {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
      {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
  static constexpr std::uint8_t kPermutation[8][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
      {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
      {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
  if (!AllDigits(digits)) return false;
  int c = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    c = kProduct[c][kPermutation[i % 8][DigitOf(digits[digits.size() - 1 - i])]];
  }
  return c == 0;
}

int Mrz731(std::string_view value) noexcept {
  static constexpr int kWeights[3] = {7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const int v = value[i] == '<' ? 0 : AlnumValue(value[i]);
    if (v < 0) return -1;
    sum += v * kWeights[i % 3];
  }
  return sum % 10;
}

}  // namespace gander::identify
