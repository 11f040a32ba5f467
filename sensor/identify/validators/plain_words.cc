// SPDX-License-Identifier: Apache-2.0
// Values that have no scheme of their own but a form by which nonsense is told: addresses, national telephone numbers,
// sums of money, names of accounts, births of minors, vectors.
#include <algorithm>
#include <ctime>

#include "identify/char_class.h"
#include "identify/validators/calendar.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

std::size_t CountDigits(std::string_view v) noexcept {
  return static_cast<std::size_t>(std::count_if(v.begin(), v.end(), IsDigit));
}

struct Day {
  int year = 0, month = 0, day = 0;
};

Day Today() noexcept {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
}

bool IsYoung(int year, int month, int day) noexcept {
  constexpr int kYears = 16;  // GDPR Art. 8; PIPL Art. 28 says 14
  static const Day kToday = Today();
  if (!IsDate(year, month, day)) return false;
  const int then = (year * 12 + month) * 31 + day, today = (kToday.year * 12 + kToday.month) * 31 + kToday.day;
  return then <= today && today - then < kYears * 12 * 31;
}

}  // namespace

// "Fix address translation when 3 cells ...", "select frame 0 by address": words of a message, of no street.
bool IsPhrase(std::string_view raw) noexcept {
  const bool all_small = std::none_of(raw.begin(), raw.end(), [](char c) { return IsUpper(c); });
  if (all_small && !IsDigit(raw[0]) && raw.find(',') == kNpos) return true;
  for (const std::string_view word : {" for ", " when ", " if ", " with ", " by ", " than ", " from ", " is "}) {
    if (raw.find(word) != kNpos) return true;
  }
  return false;
}

// A street with a number, in words and digits, or Chinese, Japanese or Korean.
bool PostalAddress(std::string_view raw) noexcept {
  if (raw.size() < 8 || raw.find_first_of("@{}<>=\\_#*") != kNpos || raw.find("://") != kNpos) return false;
  std::size_t foreign = 0, letters = 0, longest = 0, run = 0, gaps = 0;
  for (char c : raw) {
    foreign += IsAscii(c) ? 0u : 1u;
    run = IsLetter(c) || !IsAscii(c) ? run + 1 : 0;
    letters += run > 0 ? 1u : 0u;
    longest = std::max(longest, run);
    gaps += c == ' ' ? 1u : 0u;
  }
  const std::size_t digits = CountDigits(raw);
  if (digits == 0 || digits > 16 || longest < 3) return false;
  if (foreign >= 12 && static_cast<unsigned char>(raw[0]) >= 0xE3) return true;
  if (foreign == 0 && IsPhrase(raw)) return false;
  return gaps >= 1 && letters >= 4 && letters > digits;
}

// National forms as a form field holds them, without a country code. What has a rule of its own is left to it.
bool NationalPhone(std::string_view raw) noexcept {
  if (raw.empty() || raw[0] == '+' || raw.find("..") != kNpos || raw.find("--") != kNpos) return false;
  char digits[16];
  std::size_t n = 0;
  for (char c : raw) {
    if (!IsDigit(c)) continue;
    if (n == sizeof digits) return false;
    digits[n++] = c;
  }
  const std::string_view v(digits, n);
  if (n < 7 || n > 12 || AllEqual(v) || IsSequence(v) || v.substr(0, 2) == "00") return false;
  const bool mobile_elsewhere = ChineseMobile(v) || JapaneseMobile(v) || KoreanMobile(v);
  if (mobile_elsewhere) return false;
  const bool american =
      (n == 10 && v[0] >= '2' && v[3] >= '2') || (n == 11 && v[0] == '1' && v[1] >= '2' && v[4] >= '2');
  const bool trunk = v[0] == '0' && n >= 8;
  const bool spaced = raw.find_first_of(" -().") != kNpos && n >= 8;
  return american || trunk || spaced;
}

// A number of three digits or more with its marks of thousands and cents, a currency before or behind it.
bool Amount(std::string_view raw) noexcept {
  if (raw.size() > 32) return false;
  std::size_t letters = 0, marks = 0;
  for (char c : raw) {
    if (IsLetter(c)) {
      ++letters;
    } else if (c == '.' || c == ',' || c == ' ' || c == '\'') {
      ++marks;
    } else if (IsAscii(c) && !IsDigit(c) && c != '$' && c != '-' && c != '+' && c != '/') {
      return false;
    }
  }
  const std::size_t digits = CountDigits(raw);
  return digits >= 3 && digits <= 15 && letters <= 8 && marks <= 8 && !AllEqual(raw);
}

// Letters, digits, point, hyphen and underscore; an @ before them, the address of a profile or one of those marks
// within tells it from a plain word.
bool AccountName(std::string_view raw) noexcept {
  const bool marked = raw.find_first_of("@/_.0123456789") != kNpos;
  const std::size_t slash = raw.find("://");
  if (slash != kNpos) {
    while (!raw.empty() && raw.back() == '/') raw.remove_suffix(1);
    const std::size_t path = raw.find('/', slash + 3);
    if (path == kNpos) return false;
    raw.remove_prefix(path + 1);
  }
  if (!raw.empty() && raw[0] == '@') raw.remove_prefix(1);
  if (!marked || raw.size() < 4 || raw.size() > 64 || AllEqual(raw)) return false;
  for (std::string_view word : {"true", "false", "null", "none", "undefined", "share", "intent/tweet", "summary",
                                "site", "string", "enabled", "disabled", "https", "icon"}) {
    if (raw == word) return false;
  }
  const auto allowed = [](char c) { return IsWord(c) || c == '.' || c == '-'; };
  return std::all_of(raw.begin(), raw.end(), allowed) && std::any_of(raw.begin(), raw.end(), IsAlnum);
}

bool MinorBirthDate(std::string_view v) noexcept {
  if (v.size() != 8 || !AllDigits(v)) return false;
  const int head = Number(v.substr(0, 4)), tail = Number(v.substr(4));
  return IsYoung(head, tail / 100, tail % 100) || IsYoung(tail, head % 100, head / 100) ||
         IsYoung(tail, head / 100, head % 100);
}

// Google's GA1.n.number.time and Facebook's fb.n.milliseconds.number: the time lies between 2008 and 2100.
bool AnalyticsClient(std::string_view raw) noexcept {
  std::string_view parts[4];
  std::size_t count = 0;
  for (std::string_view rest = raw; count < 4;) {
    const std::size_t dot = rest.find('.');
    parts[count++] = rest.substr(0, dot);
    if (dot == kNpos) break;
    rest.remove_prefix(dot + 1);
  }
  if (count != 4) return false;
  const auto plausible = [](std::string_view time) {
    return AllDigits(time) && time >= "1200000000" && time < "4102444800";
  };
  if (raw[0] == 'G') return AllDigits(parts[1]) && AllDigits(parts[2]) && parts[3].size() == 10 && plausible(parts[3]);
  return AllDigits(parts[1]) && parts[2].size() == 13 && plausible(parts[2].substr(0, 10)) && AllDigits(parts[3]);
}

// The first number of a vector, or base64 of 24 octets and more.
bool FeatureVector(std::string_view raw) noexcept {
  const bool number = raw.find('.') != kNpos && raw.size() >= 5 &&
                      raw.find_first_not_of("+-.0123456789eE") == kNpos;
  return number || (raw.size() >= 32 && raw.find_first_of(" .:") == kNpos && HighEntropy(raw));
}

// 3GPP2 S.R0048: 14 hexadecimal digits, the first A or above, or 18 decimal ones (32 bits in ten, 24 in eight); a check
// digit may stand behind.
bool Meid(std::string_view raw) noexcept {
  char kept[20];
  std::size_t n = 0;
  for (char c : raw) {
    if (c == ' ') continue;
    if (n == sizeof kept) return false;
    kept[n++] = ToUpper(c);
  }
  const std::string_view v(kept, n);
  const auto hex = [](char c) { return IsDigit(c) || (c >= 'A' && c <= 'F'); };
  if ((v.size() == 14 || v.size() == 15) && std::all_of(v.begin(), v.end(), hex)) return v[0] >= 'A';
  if ((v.size() != 18 && v.size() != 19) || !AllDigits(v)) return false;
  return v.substr(0, 10) <= "4294967295" && v.substr(10, 8) <= "16777215" && v[0] != '0';
}

// Track 1 of a magnetic stripe: ISO/IEC 7813, format B.
bool CardTrackOne(std::string_view raw) noexcept {
  const std::size_t name = raw.find('^');
  if (raw.size() < 20 || name == kNpos || name < 14) return false;
  char digits[20];
  std::size_t n = 0;
  for (char c : raw.substr(2, name - 2)) {
    if (c == ' ') continue;
    if (!IsDigit(c) || n == sizeof digits) return false;
    digits[n++] = c;
  }
  const std::size_t expiry = raw.find('^', name + 1);
  if (expiry == kNpos || expiry - name < 3 || raw.size() < expiry + 8 || !AllDigits(raw.substr(expiry + 1, 4)))
    return false;
  const int month = Number(raw.substr(expiry + 3, 2));
  return month >= 1 && month <= 12 && PaymentCard({digits, n});
}

}  // namespace gander::identify
