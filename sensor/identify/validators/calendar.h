// SPDX-License-Identifier: Apache-2.0
// Dates inside identifiers and dates of birth.
#ifndef GANDER_IDENTIFY_VALIDATORS_CALENDAR_H_
#define GANDER_IDENTIFY_VALIDATORS_CALENDAR_H_

#include <string_view>

namespace gander::identify {

// Nobody alive was born before the first; the second only rejects nonsense, since packet time is not known
// here.
inline constexpr int kOldestBirthYear = 1900;
inline constexpr int kLatestBirthYear = 2035;

constexpr bool IsDate(int year, int month, int day) noexcept {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

constexpr bool IsBirthDate(int year, int month, int day) noexcept {
  return year >= kOldestBirthYear && year <= kLatestBirthYear && IsDate(year, month, day);
}

}  // namespace gander::identify

#endif  // GANDER_IDENTIFY_VALIDATORS_CALENDAR_H_
