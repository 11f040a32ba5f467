// SPDX-License-Identifier: Apache-2.0
// National numbers of the Americas.
#include <cstdint>

#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {

bool UsSsn(std::string_view v) noexcept {
  if (v.size() != 9 || !IsDigit(v[8])) return false;
  const std::uint64_t head = Load8(v.data());
  if (!AllDigits8(head)) return false;
  const std::uint32_t number = Number8(head) * 10 + static_cast<std::uint32_t>(DigitOf(v[8]));
  const std::uint32_t area = number / 1'000'000, group = number / 10'000 % 100, serial = number % 10'000;
  if (area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0) return false;
  // Numbers the SSA has voided because they were printed in wallets and advertisements.
  for (std::uint32_t voided : {78'051'120u, 219'099'999u, 457'555'462u, 123'456'789u}) {
    if (number == voided) return false;
  }
  return number % 111'111'111 != 0;  // one digit nine times
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
