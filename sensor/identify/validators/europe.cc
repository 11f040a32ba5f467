// SPDX-License-Identifier: Apache-2.0
// National numbers of Europe, Russia and Turkey.
#include <cstdint>

#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::string_view kDniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

bool DniLetterFits(int number, char letter) noexcept {
  return kDniLetters[static_cast<std::size_t>(number % 23)] == letter;
}

}  // namespace

bool UkNhs(std::string_view v) noexcept {
  if (v.size() != 10 || !AllDigits(v) || AllEqual(v) || IsSequence(v)) return false;
  const int check = 11 - WeightedSum(v, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return check != 10 && check % 11 == DigitOf(v[9]);
}

bool UkNino(std::string_view v) noexcept {
  if (v.size() != 9 || !IsUpper(v[0]) || !IsUpper(v[1]) || !AllDigits(v.substr(2, 6))) return false;
  if (v[8] < 'A' || v[8] > 'D') return false;
  constexpr std::string_view kNever = "DFIQUV";
  if (kNever.find(v[0]) != std::string_view::npos || kNever.find(v[1]) != std::string_view::npos)
    return false;
  if (v[1] == 'O') return false;
  for (std::string_view p : {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}) {
    if (v.substr(0, 2) == p) return false;
  }
  return !AllEqual(v.substr(2, 6));
}

bool FrenchNir(std::string_view v) noexcept {
  if (v.size() != 15 || v[0] < '1' || v[0] > '8' || v[0] == '5' || v[0] == '6') return false;
  const int month = Number(v.substr(3, 2));
  if (!AllDigits(v.substr(0, 5)) || !IsDigit(v[5]) || !AllDigits(v.substr(7))) return false;
  // Months beyond 12 mark births whose month is not known.
  if (month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  char body[13];
  for (int i = 0; i < 13; ++i) body[i] = v[static_cast<std::size_t>(i)];
  if (body[6] == 'A' || body[6] == 'B') {
    if (body[5] != '2') return false;
    body[5] = '1';
    body[6] = body[6] == 'A' ? '9' : '8';
  }
  if (!IsDigit(body[6])) return false;
  if (body[5] == '0' && body[6] == '0') return false;
  std::uint64_t n = 0;
  for (char c : body) n = n * 10 + static_cast<std::uint64_t>(DigitOf(c));
  return 97 - static_cast<int>(n % 97) == Number(v.substr(13, 2));
}

bool GermanTaxId(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || v[0] == '0' || !Mod11_10Passes(v)) return false;
  // In the first ten places exactly one digit stands twice or three times (and not three in a row).
  int seen[10] = {};
  for (char c : v.substr(0, 10)) ++seen[DigitOf(c)];
  int repeated = 0;
  for (int n : seen) {
    if (n > 3) return false;
    repeated += n > 1 ? 1 : 0;
  }
  if (repeated != 1) return false;
  for (std::size_t i = 2; i < 10; ++i) {
    if (v[i] == v[i - 1] && v[i] == v[i - 2]) return false;
  }
  return true;
}

bool GermanIdCard(std::string_view v) noexcept {
  if (v.size() != 10 || !IsDigit(v[9])) return false;
  constexpr std::string_view kAlphabet = "0123456789CFGHJKLMNPRTVWXYZ";
  bool has_letter = false;
  for (char c : v.substr(0, 9)) {
    if (kAlphabet.find(c) == std::string_view::npos) return false;
    has_letter = has_letter || IsUpper(c);
  }
  return has_letter && Mrz731(v.substr(0, 9)) == DigitOf(v[9]);
}

bool DutchBsn(std::string_view v) noexcept {
  if (v.size() != 9 || !AllDigits(v) || AllEqual(v) || v.substr(0, 2) == "00") return false;
  return WeightedSum(v, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0;
}

bool SpanishDni(std::string_view v) noexcept {
  return v.size() == 9 && AllDigits(v.substr(0, 8)) && !AllEqual(v.substr(0, 8)) &&
         DniLetterFits(Number(v.substr(0, 8)), v[8]);
}

bool SpanishNie(std::string_view v) noexcept {
  if (v.size() != 9 || v[0] < 'X' || v[0] > 'Z' || !AllDigits(v.substr(1, 7))) return false;
  return DniLetterFits((v[0] - 'X') * 10'000'000 + Number(v.substr(1, 7)), v[8]);
}

bool PolishPesel(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v)) return false;
  constexpr int kCentury[] = {1900, 2000, 2100, 2200, 1800};
  const int month = Number(v.substr(2, 2));
  const int year = kCentury[month / 20] + Number(v.substr(0, 2));
  if (!IsBirthDate(year, month % 20, Number(v.substr(4, 2)))) return false;
  const int sum = WeightedSum(v, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3});
  return (10 - sum % 10) % 10 == DigitOf(v[10]);
}

bool PolishIdCard(std::string_view v) noexcept {
  if (v.size() != 9 || !AllDigits(v.substr(3))) return false;
  constexpr int kWeights[] = {7, 3, 1, 0, 7, 3, 1, 7, 3};
  int sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    if (i < 3 && !IsUpper(v[i])) return false;
    sum += AlnumValue(v[i]) * kWeights[i];
  }
  return sum % 10 == DigitOf(v[3]);
}

bool RussianInn12(std::string_view v) noexcept {
  if (v.size() != 12 || !AllDigits(v) || AllEqual(v)) return false;
  const int first = WeightedSum(v, {7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10;
  const int second = WeightedSum(v, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10;
  return first == DigitOf(v[10]) && second == DigitOf(v[11]);
}

bool RussianSnils(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || AllEqual(v.substr(0, 9))) return false;
  return WeightedSum(v, {9, 8, 7, 6, 5, 4, 3, 2, 1}) % 101 % 100 == Number(v.substr(9, 2));
}

bool TurkishId(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || v[0] == '0') return false;
  const int odd = WeightedSum(v, {1, 0, 1, 0, 1, 0, 1, 0, 1});
  const int even = WeightedSum(v, {0, 1, 0, 1, 0, 1, 0, 1});
  const int tenth = ((7 * odd - even) % 10 + 10) % 10;
  return tenth == DigitOf(v[9]) && (odd + even + tenth) % 10 == DigitOf(v[10]);
}

bool TurkishTaxNumber(std::string_view v) noexcept {
  if (v.size() != 10 || !AllDigits(v) || AllEqual(v)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const int shifted = (DigitOf(v[i]) + 9 - static_cast<int>(i)) % 10;
    const int rest = (shifted << (9 - i)) % 9;
    sum += shifted != 0 && rest == 0 ? 9 : rest;
  }
  return (10 - sum % 10) % 10 == DigitOf(v[9]);
}

bool CypriotTin(std::string_view v) noexcept {
  if (v.size() == 11 && v.substr(0, 2) == "CY") v.remove_prefix(2);
  if (v.size() != 9 || !AllDigits(v.substr(0, 8)) || v.substr(0, 2) == "12") return false;
  constexpr int kOdd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};  // what a digit counts at the first place, the third ...
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += i % 2 == 0 ? kOdd[DigitOf(v[i])] : DigitOf(v[i]);
  return v[8] == 'A' + sum % 26;
}

}  // namespace gander::identify
