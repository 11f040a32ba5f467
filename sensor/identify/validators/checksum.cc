// SPDX-License-Identifier: Apache-2.0
// Luhn, ISO 7064, Verhoeff and the 7-3-1 rule of travel documents.
#include "identify/validators/checksum.h"

#include <cstdint>

namespace gander::identify {

// Eight digits at a time from the right: bytes 0, 2, 4 and 6 of such a word are doubled.
bool LuhnPasses(std::string_view digits) noexcept {
  if (!AllDigits(digits)) return false;
  const auto sum_of = [](std::uint64_t word) {
    constexpr std::uint64_t kEven = 0x00FF00FF00FF00FFULL, kOnes = 0x0101010101010101ULL;
    word &= 0x0F * kOnes;
    const std::uint64_t twice = (word & kEven) << 1;
    const std::uint64_t above_nine = (twice + 0x76 * kOnes) >> 7 & kOnes;
    const std::uint64_t kept = (word & ~kEven) + twice - 9 * above_nine;  // no byte borrows from the next
    return static_cast<unsigned>(kept * kOnes >> 56);                     // at most 8 * 9
  };
  unsigned sum = 0;
  std::size_t left = digits.size();
  for (; left >= 8; left -= 8) sum += sum_of(Load8(digits.data() + left - 8));
  if (left > 0) {
    std::uint64_t front = 0;  // its last digit in the highest byte
    for (std::size_t i = 0; i < left; ++i) {
      front |= std::uint64_t{static_cast<unsigned char>(digits[i])} << (8 * (8 - left + i));
    }
    sum += sum_of(front);
  }
  return sum % 10 == 0;
}

int Mod97(std::string_view alnum) noexcept {
  std::uint64_t rest = 0;
  const auto left = [&](std::size_t i) { return alnum.size() - i; };
  for (std::size_t i = 0; i < alnum.size();) {
    if (left(i) >= 8) {
      if (const std::uint64_t word = Load8(alnum.data() + i); AllDigits8(word)) {
        rest = (rest * 100'000'000 + Number8(word)) % 97;
        i += 8;
        continue;
      }
    } else if (i > 0 && alnum.size() >= 8) {
      // What is left, with zeros in place of what was read.
      constexpr std::uint64_t kZeros = 0x3030303030303030ULL;
      const std::uint64_t read = ~std::uint64_t{0} >> (8 * left(i));
      const std::uint64_t word = (Load8(alnum.data() + alnum.size() - 8) & ~read) | (kZeros & read);
      if (AllDigits8(word)) {
        constexpr std::uint64_t kPowers[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000};
        return static_cast<int>((rest * kPowers[left(i)] + Number8(word)) % 97);
      }
    }
    do {  // up to the next digit behind a letter
      const int v = AlnumValue(alnum[i++]);
      if (v < 0) return -1;
      rest = (rest * (v < 10 ? 10 : 100) + static_cast<std::uint64_t>(v)) % 97;
    } while (i < alnum.size() && (left(i) < 8 || !IsDigit(alnum[i])));
  }
  return static_cast<int>(rest);
}

// Horner's rule in base 2 without a remainder a step: eight digits at a time in pairs, fours, all.
bool Mod11_2Passes(std::string_view value) noexcept {
  if (value.size() < 2) return false;
  std::string_view digits = value.substr(0, value.size() - 1);
  if (!AllDigits(digits)) return false;
  std::uint64_t c = 0;
  for (; digits.size() >= 8; digits.remove_prefix(8)) {
    const std::uint64_t one = Load8(digits.data()) & 0x0F0F0F0F0F0F0F0FULL;
    const std::uint64_t two = (2 * one + (one >> 8)) & 0x00FF00FF00FF00FFULL;
    const std::uint64_t four = (4 * two + (two >> 16)) & 0x0000FFFF0000FFFFULL;
    c = (256 * c + ((16 * four + (four >> 32)) & 0xFFFFFFFF)) % 11;
  }
  for (char d : digits) c = 2 * c + static_cast<std::uint64_t>(DigitOf(d));  // seven at most
  const auto check = static_cast<int>((12 - 2 * c % 11) % 11);
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

bool Luhn36Passes(std::string_view alnum) noexcept {
  int sum = 0;
  bool doubled = false;
  for (auto c = alnum.rbegin(); c != alnum.rend(); ++c, doubled = !doubled) {
    const int v = AlnumValue(*c) * (doubled ? 2 : 1);
    if (v < 0) return false;
    sum += v / 36 + v % 36;
  }
  return !alnum.empty() && sum % 36 == 0;
}

bool DammPasses(std::string_view digits) noexcept {
  static constexpr std::uint8_t kTable[10][10] = {
      {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
      {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
      {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
      {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}};
  if (!AllDigits(digits)) return false;
  int row = 0;
  for (char c : digits) row = kTable[row][DigitOf(c)];
  return row == 0;
}

bool Mod37_2Passes(std::string_view value) noexcept {
  if (value.size() < 2) return false;
  int p = 0;
  for (char c : value.substr(0, value.size() - 1)) {
    const int v = AlnumValue(c);
    if (v < 0) return false;
    p = (p + v) * 2 % 37;
  }
  const int check = value.back() == '*' ? 36 : AlnumValue(value.back());
  return check >= 0 && (p + check) % 37 == 1;
}

bool Mod37_36Passes(std::string_view value) noexcept {
  if (value.size() < 2) return false;
  int p = 36;
  for (char c : value.substr(0, value.size() - 1)) {
    const int v = AlnumValue(c);
    if (v < 0) return false;
    p = (p + v) % 36;
    p = (p == 0 ? 36 : p) * 2 % 37;
  }
  const int check = AlnumValue(value.back());
  return check >= 0 && (p + check) % 36 == 1;
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
