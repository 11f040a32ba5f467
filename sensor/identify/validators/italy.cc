// SPDX-License-Identifier: Apache-2.0
// Italian codice fiscale (DM 23/12/1976) with its omocodia letters.
#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Value of a character in an odd place, by its alphanumeric value (0-9, A-Z).
constexpr int kOdd[36] = {1,  0,  5, 7, 9,  13, 15, 17, 19, 21, 1,  0,  5,  7,  9,  13, 15, 17,
                          19, 21, 2, 4, 18, 20, 11, 3,  6,  8,  12, 14, 16, 10, 22, 25, 24, 23};

// Where two people would share a code, digits are written as these letters.
int OmocodiaDigit(char c) noexcept {
  if (IsDigit(c)) return DigitOf(c);
  const auto at = std::string_view("LMNPQRSTUV").find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

int Pair(std::string_view v, std::size_t at) noexcept {
  const int a = OmocodiaDigit(v[at]), b = OmocodiaDigit(v[at + 1]);
  return a < 0 || b < 0 ? -1 : a * 10 + b;
}

bool CheckLetterFits(std::string_view v) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const int value = AlnumValue(v[i]);
    if (value < 0) return false;
    sum += i % 2 == 0 ? kOdd[value] : value < 10 ? value : value - 10;
  }
  return v[15] == 'A' + sum % 26;
}

}  // namespace

bool ItalianTaxCode(std::string_view v) noexcept {
  if (v.size() != 16) return false;
  for (std::size_t i = 0; i < 6; ++i) {
    if (!IsUpper(v[i])) return false;
  }
  const int year = Pair(v, 6);
  const auto month = std::string_view("ABCDEHLMPRST").find(v[8]);
  int day = Pair(v, 9);
  if (day > 40) day -= 40;  // women
  // The century is not written: a day of 29 February needs one of the two to be leap.
  if (year < 0 || month == std::string_view::npos) return false;
  const int m = static_cast<int>(month) + 1;
  if (!IsDate(1900 + year, m, day) && !IsDate(2000 + year, m, day)) return false;
  // Municipality: a letter A-M or Z and three digits.
  if (!((v[11] >= 'A' && v[11] <= 'M') || v[11] == 'Z') || Pair(v, 12) < 0 || OmocodiaDigit(v[14]) < 0)
    return false;
  return CheckLetterFits(v);
}

}  // namespace gander::identify
