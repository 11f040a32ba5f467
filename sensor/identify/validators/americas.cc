// SPDX-License-Identifier: Apache-2.0
// National numbers of the Americas.
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {

bool UsSsn(std::string_view v) noexcept {
  if (v.size() != 9 || !AllDigits(v)) return false;
  const int area = Number(v.substr(0, 3)), group = Number(v.substr(3, 2)), serial = Number(v.substr(5));
  if (area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0) return false;
  // Numbers the SSA has voided because they were printed in wallets and advertisements.
  for (std::string_view voided : {"078051120", "219099999", "457555462", "123456789"}) {
    if (v == voided) return false;
  }
  return !AllEqual(v);
}

bool BrazilianCpf(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || AllEqual(v)) return false;
  const int a = WeightedSum(v, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  const int b = WeightedSum(v, {11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return (a < 2 ? 0 : 11 - a) == DigitOf(v[9]) && (b < 2 ? 0 : 11 - b) == DigitOf(v[10]);
}

bool BrazilianPis(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || AllEqual(v)) return false;
  const int rest = WeightedSum(v, {3, 2, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return (rest < 2 ? 0 : 11 - rest) == DigitOf(v[10]);
}

}  // namespace gander::identify
