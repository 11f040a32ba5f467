// SPDX-License-Identifier: Apache-2.0
// Dates in UTC without the C library's locale and time zone.
#include "base/time.h"

#include <chrono>
#include <cstdio>

#include "base/format.h"

namespace gander {

std::string FormatEveTime(Timestamp t) {
  TimeText text;
  return std::string(WriteEveTime(t, text));
}

bool ParseDate(const std::string& text, Timestamp& out) {
  int year = 0, hour = 0, minute = 0, second = 0, used = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3) return false;
  if (static_cast<std::size_t>(used) != text.size()) {
    int tail = 0;
    const char* rest = text.c_str() + used;
    if (std::sscanf(rest, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &tail) != 3 || tail == 0) return false;
    if (rest[tail] != '\0') return false;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  const bool clock_ok = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61;
  if (!date.ok() || !clock_ok || year < 1970 || year > 2200) return false;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  out.ns = (days * 86400 + hour * 3600 + minute * 60 + second) * kNanosPerSecond;
  return true;
}

}  // namespace gander
