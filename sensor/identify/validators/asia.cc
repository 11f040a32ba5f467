// SPDX-License-Identifier: Apache-2.0
// National numbers and mobile numbers of Asia and the Middle East.
#include <cstdint>

#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Codes of provinces (GB/T 2260).
constexpr bool IsProvince(int code) noexcept {
  return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
         (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
         code == 71 || code == 81 || code == 82 || code == 83 || code == 91;
}
struct Provinces {
  bool has[100] = {};
  constexpr Provinces() {
    for (int code = 0; code < 100; ++code) has[code] = IsProvince(code);
  }
};
constexpr Provinces kProvinces;

}  // namespace

bool ChineseResidentId(std::string_view v) noexcept {
  if (v.size() != 18) return false;
  const std::uint64_t head = Load8(v.data()), date = Load8(v.data() + 6);
  if (!AllDigits8(head) || !AllDigits8(date)) return false;
  const auto born = static_cast<int>(Number8(date));  // YYYYMMDD
  return kProvinces.has[Number8(head) / 1'000'000] && IsBirthDate(born / 10000, born / 100 % 100, born % 100) &&
         Mod11_2Passes(v);
}

bool ChineseMobile(std::string_view v) noexcept {
  if (v.size() != 11 || !AllDigits(v) || v[0] != '1' || v[1] < '3') return false;
  // 140, 142, 143 and 154 are not given to people.
  const int head = Number(v.substr(0, 3));
  return head != 140 && head != 142 && head != 143 && head != 154 && !AllEqual(v.substr(2));
}

bool JapaneseMyNumber(std::string_view v) noexcept {
  if (v.size() != 12 || !AllDigits(v) || AllEqual(v) || IsSequence(v)) return false;
  const int rest = WeightedSum(v, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return (rest <= 1 ? 0 : 11 - rest) == DigitOf(v[11]);
}

bool JapaneseMobile(std::string_view v) noexcept {
  return v.size() == 11 && AllDigits(v) && v[0] == '0' && v[1] >= '7' && v[1] <= '9' && v[2] == '0' &&
         v[3] != '0';
}

bool KoreanRrn(std::string_view v) noexcept {
  if (v.size() != 13 || !AllDigits(v)) return false;
  constexpr int kCentury[] = {1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800};
  const int kind = DigitOf(v[6]);
  const int year = kCentury[kind] + Number(v.substr(0, 2));
  return IsDate(year, Number(v.substr(2, 2)), Number(v.substr(4, 2))) && year <= kLatestBirthYear;
}

bool KoreanMobile(std::string_view v) noexcept {
  if (v.size() < 10 || v.size() > 11 || !AllDigits(v) || v[0] != '0' || v[1] != '1') return false;
  return v[2] == '0' ? v.size() == 11 : v[2] == '1' || (v[2] >= '6' && v[2] <= '9');
}

bool Aadhaar(std::string_view v) noexcept {
  if (v.size() != 12 || v[0] < '2' || !VerhoeffPasses(v)) return false;
  for (std::size_t i = 0; i < 6; ++i) {
    if (v[i] != v[11 - i]) return true;  // not a palindrome
  }
  return false;
}

bool IndianPan(std::string_view v) noexcept {
  if (v.size() != 10 || !AllDigits(v.substr(5, 4)) || !IsUpper(v[9]) || v.substr(5, 4) == "0000")
    return false;
  for (char c : v.substr(0, 5)) {
    if (!IsUpper(c)) return false;
  }
  return std::string_view("ABCFGHJLPT").find(v[3]) != std::string_view::npos;
}

bool TaiwaneseId(std::string_view v) noexcept {
  if (v.size() != 10 || !IsUpper(v[0]) || !AllDigits(v.substr(1))) return false;
  if (v[1] != '1' && v[1] != '2' && v[1] != '8' && v[1] != '9') return false;
  // Letters in the order of the household registry's two-digit values, from 10 on.
  const auto letter = static_cast<int>(std::string_view("ABCDEFGHJKLMNPQRSTUVXYWZIO").find(v[0])) + 10;
  const int sum = letter / 10 + letter % 10 * 9 + WeightedSum(v.substr(1), {8, 7, 6, 5, 4, 3, 2, 1, 1});
  return sum % 10 == 0;
}

bool SaudiId(std::string_view v) noexcept {
  return v.size() == 10 && (v[0] == '1' || v[0] == '2') && LuhnPasses(v) && !AllEqual(v);
}

bool EgyptianId(std::string_view v) noexcept {
  if (v.size() != 14 || !AllDigits(v) || (v[0] != '2' && v[0] != '3')) return false;
  const int year = (v[0] == '2' ? 1900 : 2000) + Number(v.substr(1, 2));
  const int governorate = Number(v.substr(7, 2));
  const bool known = (governorate >= 1 && governorate <= 4) || (governorate >= 11 && governorate <= 19) ||
                     (governorate >= 21 && governorate <= 29) || (governorate >= 31 && governorate <= 35) ||
                     governorate == 88;
  return known && IsBirthDate(year, Number(v.substr(3, 2)), Number(v.substr(5, 2)));
}

}  // namespace gander::identify
