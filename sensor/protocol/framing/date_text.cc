// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/date_text.h"

#include <chrono>
#include <cstdio>

namespace gander::protocol::framing {

void AppendDate(int year, int month, int day, std::string& text) {
  char out[32];
  const int n = std::snprintf(out, sizeof out, "%04d-%02d-%02d", year, month, day);
  if (year >= 1 && year <= 9999) text.append(out, static_cast<std::size_t>(n));
}

void AppendDate(std::int64_t days, std::string& text) {
  constexpr std::int64_t kMost = 3'000'000;  // year 9999 and some
  if (days < -kMost || days > kMost) return;
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  AppendDate(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
             static_cast<int>(static_cast<unsigned>(date.day())), text);
}

}  // namespace gander::protocol::framing
