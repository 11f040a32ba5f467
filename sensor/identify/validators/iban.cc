// SPDX-License-Identifier: Apache-2.0
// International bank account numbers by the SWIFT registry of ISO 13616.
#include "identify/char_class.h"
#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// National part (BBAN) as the registry writes it: n digits, a capital letters, c either; behind the count.
struct Country {
  char code[3];
  const char* bban;
};
constexpr Country kCountries[] = {
    {"AD", "8n12c"},    {"AE", "19n"},      {"AL", "8n16c"},    {"AT", "16n"},     {"AZ", "4a20c"},
    {"BA", "16n"},      {"BE", "12n"},      {"BG", "4a6n8c"},   {"BH", "4a14c"},   {"BI", "23n"},
    {"BR", "23n1a1c"},  {"BY", "4c4n16c"},  {"CH", "5n12c"},    {"CR", "18n"},     {"CY", "8n16c"},
    {"CZ", "20n"},      {"DE", "18n"},      {"DJ", "23n"},      {"DK", "14n"},     {"DO", "4c20n"},
    {"EE", "16n"},      {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},     {"FK", "2a12n"},
    {"FO", "14n"},      {"FR", "10n11c2n"}, {"GB", "4a14n"},    {"GE", "2a16n"},   {"GI", "4a15c"},
    {"GL", "14n"},      {"GR", "7n16c"},    {"GT", "4c20c"},    {"HN", "4a20n"},   {"HR", "17n"},
    {"HU", "24n"},      {"IE", "4a14n"},    {"IL", "19n"},      {"IQ", "4a15n"},   {"IS", "22n"},
    {"IT", "1a10n12c"}, {"JO", "4a4n18c"},  {"KW", "4a22c"},    {"KZ", "3n13c"},   {"LB", "4n20c"},
    {"LC", "4a24c"},    {"LI", "5n12c"},    {"LT", "16n"},      {"LU", "3n13c"},   {"LV", "4a13c"},
    {"LY", "21n"},      {"MC", "10n11c2n"}, {"MD", "2c18c"},    {"ME", "18n"},     {"MK", "3n10c2n"},
    {"MN", "16n"},      {"MR", "23n"},      {"MT", "4a5n18c"},  {"MU", "4a19n3a"}, {"NI", "4a20n"},
    {"NL", "4a10n"},    {"NO", "11n"},      {"OM", "3n16c"},    {"PK", "4a16c"},   {"PL", "24n"},
    {"PS", "4a21c"},    {"PT", "21n"},      {"QA", "4a21c"},    {"RO", "4a16c"},   {"RS", "18n"},
    {"RU", "14n15c"},   {"SA", "2n18c"},    {"SC", "4a20n3a"},  {"SD", "14n"},     {"SE", "20n"},
    {"SI", "15n"},      {"SK", "20n"},      {"SM", "1a10n12c"}, {"SO", "19n"},     {"ST", "21n"},
    {"SV", "4a20n"},    {"TL", "19n"},      {"TN", "20n"},      {"TR", "5n1n16c"}, {"UA", "6n19c"},
    {"VA", "18n"},      {"VG", "4a16n"},    {"XK", "16n"},      {"YE", "4a4n18c"}};

constexpr int BbanLength(const char* bban) noexcept {
  int total = 0, n = 0;
  for (; *bban != '\0'; ++bban) {
    if (IsDigit(*bban)) {
      n = n * 10 + DigitOf(*bban);
    } else {
      total += n;
      n = 0;
    }
  }
  return total;
}

// Countries by their two letters: index into kCountries plus one, and the whole length.
struct Table {
  unsigned char index[26][26] = {};
  unsigned char length[26][26] = {};
  constexpr Table() {
    unsigned char i = 0;
    for (const Country& c : kCountries) {
      index[c.code[0] - 'A'][c.code[1] - 'A'] = ++i;
      length[c.code[0] - 'A'][c.code[1] - 'A'] = static_cast<unsigned char>(4 + BbanLength(c.bban));
    }
  }
};
constexpr Table kTable;

bool BbanFits(std::string_view v, const char* bban) noexcept {
  std::size_t at = 0;
  for (int n = 0; *bban != '\0'; ++bban) {
    if (IsDigit(*bban)) {
      n = n * 10 + DigitOf(*bban);
      continue;
    }
    for (; n > 0; --n, ++at) {
      const char c = v[at];
      if (*bban == 'n' ? !IsDigit(c) : *bban == 'a' ? !IsUpper(c) : !IsDigit(c) && !IsUpper(c)) return false;
    }
  }
  return true;
}

}  // namespace

int IbanLength(char first, char second) noexcept {
  return IsUpper(first) && IsUpper(second) ? kTable.length[first - 'A'][second - 'A'] : 0;
}

bool Iban(std::string_view v) noexcept {
  if (v.size() < 15 || static_cast<int>(v.size()) != IbanLength(v[0], v[1])) return false;
  if (!IsDigit(v[2]) || !IsDigit(v[3])) return false;
  const Country& country = kCountries[kTable.index[v[0] - 'A'][v[1] - 'A'] - 1];
  if (!BbanFits(v.substr(4), country.bban)) return false;
  char turned[40];
  std::size_t n = 0;
  for (char c : v.substr(4)) turned[n++] = c;
  for (char c : v.substr(0, 4)) turned[n++] = c;
  return Mod97({turned, n}) == 1;
}

}  // namespace gander::identify
