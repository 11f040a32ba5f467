// SPDX-License-Identifier: Apache-2.0
// Check-digit arithmetic that many schemes share. Values hold only what the scheme allows; each returns false
// on anything else instead of reading it wrongly.
#ifndef GANDER_IDENTIFY_VALIDATORS_CHECKSUM_H_
#define GANDER_IDENTIFY_VALIDATORS_CHECKSUM_H_

#include <initializer_list>
#include <string_view>

#include "identify/byte_block.h"
#include "identify/char_class.h"

namespace gander::identify {

inline bool AllDigits(std::string_view v) noexcept {
  if (v.size() < 8) {
    for (char c : v) {
      if (!IsDigit(c)) return false;
    }
    return !v.empty();
  }
  for (std::size_t i = 0; i + 8 < v.size(); i += 8) {
    if (!AllDigits8(Load8(v.data() + i))) return false;
  }
  return AllDigits8(Load8(v.data() + v.size() - 8));
}

inline bool AllEqual(std::string_view v) noexcept {
  for (char c : v) {
    if (c != v[0]) return false;
  }
  return true;
}

// 1234567890..., 9876543210...: what people type when asked for a number.
inline bool IsSequence(std::string_view v) noexcept {
  bool up = true, down = true;
  for (std::size_t i = 1; i < v.size(); ++i) {
    const int step = (DigitOf(v[i]) - DigitOf(v[i - 1]) + 10) % 10;
    up = up && step == 1;
    down = down && step == 9;
  }
  return up || down;
}

// Sum of weight times digit over as many places as there are weights; the caller has checked the length.
inline int WeightedSum(std::string_view digits, std::initializer_list<int> weights) noexcept {
  int sum = 0;
  std::size_t i = 0;
  for (int w : weights) sum += w * DigitOf(digits[i++]);
  return sum;
}

inline int Number(std::string_view digits) noexcept {
  int n = 0;
  for (char c : digits) n = n * 10 + DigitOf(c);
  return n;
}

// ISO/IEC 7812-1 annex B: from the right every second digit is doubled, digits of the products added, sum mod
// 10 = 0.
bool LuhnPasses(std::string_view digits) noexcept;
// ISO 7064 MOD 97-10 over letters (two digits each) and digits: remainder of the number.
int Mod97(std::string_view alnum) noexcept;
// ISO 7064 MOD 11-2: check character 0-9 or X last.
bool Mod11_2Passes(std::string_view value) noexcept;
// ISO 7064 MOD 11,10: check digit last.
bool Mod11_10Passes(std::string_view digits) noexcept;
// Verhoeff, "Error detecting decimal codes" (1969): dihedral group D5, check digit last.
bool VerhoeffPasses(std::string_view digits) noexcept;
// Luhn's rule in base 36 (A = 10): every second value from the right but one is doubled, the two places of the product
// in base 36 added, sum mod 36 = 0.
bool Luhn36Passes(std::string_view alnum) noexcept;
// Damm, "Totally anti-symmetric quasigroups" (2004), the table of order 10; check digit last.
bool DammPasses(std::string_view digits) noexcept;
// ISO 7064 MOD 37-2: check character 0-9, A-Z or * last; MOD 37,36: 0-9 or A-Z last.
bool Mod37_2Passes(std::string_view value) noexcept;
bool Mod37_36Passes(std::string_view value) noexcept;
// ICAO 9303 part 3: weights 7, 3, 1, letters 10..35, '<' = 0; remainder mod 10.
int Mrz731(std::string_view value) noexcept;

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALIDATORS_CHECKSUM_H_
