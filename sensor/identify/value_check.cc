// SPDX-License-Identifier: Apache-2.0
// Running tests.
#include "identify/value_check.h"

#include <algorithm>

#include "identify/char_class.h"
#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"

namespace gander::identify {
namespace {

constexpr std::size_t kMaxExpanded = 96;

int Positive(int n, int modulus) noexcept {
  n %= modulus;
  return n < 0 ? n + modulus : n;
}

int DigitSum(int n) noexcept {
  int sum = 0;
  for (; n > 0; n /= 10) sum += n % 10;
  return sum;
}

// The number of `n` digits at `at`; -1 when they are none.
int NumberAt(std::string_view value, std::size_t at, std::size_t n) noexcept {
  if (at + n > value.size()) return -1;
  int number = 0;
  for (char c : value.substr(at, n)) {
    if (!IsDigit(c)) return -1;
    number = number * 10 + DigitOf(c);
  }
  return number;
}

}  // namespace

std::string_view Places::Of(std::string_view value) const noexcept {
  const int size = static_cast<int>(value.size());
  const int low = first < 0 ? size + first : first, high = last < 0 ? size + last : last;
  if (low < 0 || high >= size || high < low) return {};
  return value.substr(static_cast<std::size_t>(low), static_cast<std::size_t>(high - low + 1));
}

std::string_view PlaceList::Of(std::string_view value, char* joined) const noexcept {
  if (parts.size() == 1) return parts[0].Of(value);
  std::size_t n = 0;
  for (const Places& part : parts) {
    const std::string_view held = part.Of(value);
    if (held.empty() || n + held.size() > kMaxJoined) return {};
    n = static_cast<std::size_t>(std::copy(held.begin(), held.end(), joined + n) - joined);
  }
  return {joined, n};
}

int SumTest::Term(int weight, int value) const noexcept {
  const int product = weight * value;
  switch (sums) {
    case Sums::kProducts:
      return product;
    case Sums::kDigits:
      return DigitSum(product);
    case Sums::kLastDigit:
      return product % 10;
    case Sums::kLuhn:
      return weight == 2 && product > 9 ? product - 9 : product;
  }
  return 0;
}

// -1 when a character has no value.
int SumTest::Sum(std::string_view digits, const std::vector<int>& by) const noexcept {
  int sum = plus;
  const std::size_t n = right ? digits.size() : by.size();
  if (digits.size() < n) return -1;
  const bool plain = sums == Sums::kProducts && !right;  // nearly all are
  for (std::size_t i = 0; i < n; ++i) {
    const int value = values[static_cast<unsigned char>(right ? digits[n - 1 - i] : digits[i])];
    if (value < 0) return -1;
    sum += plain ? by[i] * value : Term(by[right ? i % by.size() : i], value);
  }
  return Positive(sum, remainder.moduli[0]);
}

int SumTest::NumberRest(std::string_view prefix, std::string_view digits) const noexcept {
  const int modulus = remainder.moduli[0];
  int rest = 0;
  for (std::string_view part : {prefix, digits}) {
    for (char c : part) {
      const int value = values[static_cast<unsigned char>(c)];
      if (value < 0) return -1;
      rest = (rest * (IsDigit(c) ? 10 : 100) + value) % modulus;
    }
  }
  return rest;
}

bool SumTest::Fits(int rest, std::string_view value, bool repeated) const noexcept {
  if (rest < 0) return false;
  for (std::size_t i = 1; i < remainder.moduli.size(); ++i) rest %= remainder.moduli[i];
  if (!remainder.compared) return rest == remainder.rest;
  const std::string_view check = remainder.check.Of(value);
  if (check.empty()) return false;
  const std::string& table = repeated ? again_table : remainder.table;
  if (table.empty()) {
    return NumberAt(check, 0, check.size()) == (remainder.has_minuend ? remainder.minuend - rest : rest);
  }
  const char right_one = table[static_cast<std::size_t>(rest)];
  if (right_one == '*' && !repeated) return Fits(Sum(at.Of(value), again), value, true);
  return right_one != '-' && check.size() == 1 && check[0] == right_one;
}

bool SumTest::PassPlain(std::string_view value) const noexcept {
  char joined[PlaceList::kMaxJoined];
  const std::string_view digits = number ? number_at.Of(value, joined) : at.Of(value);
  if (digits.empty()) return false;
  if (!number) return Fits(Sum(digits, weights), value, false);
  for (const std::string& prefix : prefixes) {
    if (Fits(NumberRest(prefix, digits), value, false)) return true;
  }
  return false;
}

bool SumTest::Pass(std::string_view value) const noexcept {
  if (expand_from < 0) return PassPlain(value);
  char expanded[kMaxExpanded];
  std::size_t n = 0;
  for (char c : value) {
    if (n + 2 > kMaxExpanded) return false;
    if (IsLetter(c)) {
      const int number_of = ToUpper(c) - 'A' + expand_from;
      expanded[n++] = static_cast<char>('0' + number_of / 10);
      expanded[n++] = static_cast<char>('0' + number_of % 10);
    } else {
      expanded[n++] = c;
    }
  }
  return PassPlain({expanded, n});
}

bool AlgorithmTest::Pass(std::string_view value) const noexcept {
  char parts[PlaceList::kMaxJoined], joined[kMaxExpanded];
  const std::string_view digits = at.Of(value, parts);
  if (digits.empty()) return false;
  for (const std::string& prefix : prefixes) {
    if (prefix.empty()) {
      if (function(digits)) return true;
      continue;
    }
    const std::size_t n = prefix.size() + digits.size();
    if (n > kMaxExpanded) continue;
    std::copy(prefix.begin(), prefix.end(), joined);
    std::copy(digits.begin(), digits.end(), joined + prefix.size());
    if (function({joined, n})) return true;
  }
  return false;
}

int DateTest::CenturyOf(std::string_view whole) const noexcept {
  const std::string_view mark = century_at.Of(whole);
  if (mark.size() != 1) return -1;
  for (const Century& c : centuries) {
    if (c.characters.find(mark[0]) != std::string::npos) return c.base;
  }
  return -1;
}

bool DateTest::PassDay(int date_year, int date_month, int date_day) const noexcept {
  if (unknown && date_month == 0) return true;
  if (unknown && date_day == 0) date_day = 1;
  return any_age ? IsDate(date_year, date_month, date_day) : IsBirthDate(date_year, date_month, date_day);
}

// Month and day as they are written, with what a scheme adds to them.
bool DateTest::PassMonths(int date_year, int written_month, int written_day) const noexcept {
  for (const auto& [added, century] : months) {
    const int date_month = written_month - added;
    if (date_month < (unknown ? 0 : 1) || date_month > 12) continue;
    for (int more : days) {
      if (PassDay(date_year + century, date_month, written_day - more)) return true;
    }
  }
  return false;
}

bool DateTest::Pass(std::string_view whole) const noexcept {
  const std::string_view value = at.Of(whole);
  const int written = NumberAt(value, year.at, year.digits);
  const int written_month = NumberAt(value, month.at, month.digits), written_day = NumberAt(value, day.at, day.digits);
  if (value.empty() || written < 0 || written_month < 0 || written_day < 0) return false;
  if (day_of_year.digits > 0) {
    const int n = NumberAt(value, day_of_year.at, day_of_year.digits);
    return std::any_of(days.begin(), days.end(), [&](int added) { return n - added >= 1 && n - added <= 366; });
  }
  const auto passes = [&](int base) { return PassMonths(base + written, written_month, written_day); };
  if (year.digits == 0) return passes(2000);
  if (year.digits == 4) return passes(0);
  if (year.digits == 3) return passes(written >= 900 ? 1000 : 2000);
  if (!centuries.empty()) {
    const int base = CenturyOf(whole);
    return base >= 0 && passes(base);
  }
  if (months[0].second != 0) return passes(0);
  return passes(1900) || passes(2000);
}

bool PlaceTest::Pass(std::string_view value) const noexcept {
  const std::string_view held = at.Of(value);
  if (held.empty()) return false;
  const std::uint64_t packed = held.size() <= 8 ? Range::Packed(held) : 0;
  const auto within = [&](const Range& r) { return r.Holds(held, packed); };
  if (!is.empty() && std::none_of(is.begin(), is.end(), within)) return false;
  if (std::any_of(is_not.begin(), is_not.end(), within)) return false;
  if (no_same && AllEqual(held)) return false;
  if (no_sequence && IsSequence(held)) return false;
  if (no_palindrome && std::equal(held.begin(), held.end(), held.rbegin())) return false;
  return chars.none() ||
         std::all_of(held.begin(), held.end(), [&](char c) { return chars[static_cast<unsigned char>(c)]; });
}

bool AnyTest::Pass(std::string_view value) const noexcept {
  return std::any_of(ways.begin(), ways.end(), [&](const auto& way) { return PassAll(way, value); });
}

bool PassAll(const std::vector<ValueCheck>& checks, std::string_view value) noexcept {
  for (const ValueCheck& check : checks) {
    if (!check.when.empty() && !PassAll(check.when, value)) continue;
    if (!std::visit([&](const auto& test) { return test.Pass(value); }, check.test)) return false;
  }
  return true;
}

}  // namespace gander::identify
