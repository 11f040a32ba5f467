// SPDX-License-Identifier: Apache-2.0
// Dates in UTC without the C library's locale and time zone.
#include "base/time.h"

#include <chrono>
#include <cstdio>

namespace gander {
namespace {

struct Calendar {
  int year;
  unsigned month, day;
  int hour, minute, second;
};

Calendar ToCalendar(std::int64_t seconds) noexcept {
  using namespace std::chrono;
  const sys_seconds instant{std::chrono::seconds{seconds}};
  const sys_days day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss clock{instant - day};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count())};
}

}  // namespace

std::string FormatEveTime(Timestamp t) {
  std::int64_t seconds = t.ns / kNanosPerSecond;
  std::int64_t rest = t.ns % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    --seconds;
  }
  const Calendar c = ToCalendar(seconds);
  char text[48];
  const int n = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06lld+0000", c.year, c.month, c.day,
                              c.hour, c.minute, c.second, static_cast<long long>(rest / 1000));
  return {text, static_cast<std::size_t>(n)};
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
