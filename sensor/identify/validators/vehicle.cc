// SPDX-License-Identifier: Apache-2.0
// Vehicle identification numbers: ISO 3779, with the check digit of 49 CFR 565 where makers must or do write one.
#include "identify/char_class.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Letters as 49 CFR 565.15 counts them; I, O and Q are not written.
int ValueOf(char c) noexcept {
  if (IsDigit(c)) return DigitOf(c);
  constexpr std::string_view kLetters = "ABCDEFGH";
  constexpr std::string_view kMore = "JKLMN.P.R", kLast = "STUVWXYZ";
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    if (kLetters[i] == c) return static_cast<int>(i) + 1;
  }
  for (std::size_t i = 0; i < kMore.size(); ++i) {
    if (kMore[i] == c) return static_cast<int>(i) + 1;
  }
  for (std::size_t i = 0; i < kLast.size(); ++i) {
    if (kLast[i] == c) return static_cast<int>(i) + 2;
  }
  return -1;
}

}  // namespace

bool Vin(std::string_view v) noexcept {
  constexpr int kWeights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  if (v.size() != 17 || AllEqual(v)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const int value = ValueOf(v[i]);
    if (value < 0) return false;
    sum += kWeights[i] * value;
  }
  // The last four count the vehicles.
  if (!AllDigits(v.substr(13))) return false;
  // North America, China, Japan and Korea; European makers put there what they like.
  const char region = v[0];
  const bool checked = (region >= '1' && region <= '5') || (region >= 'J' && region <= 'L');
  const int rest = sum % 11;
  return !checked || v[8] == (rest == 10 ? 'X' : static_cast<char>('0' + rest));
}

}  // namespace gander::identify
