// SPDX-License-Identifier: Apache-2.0
// International bank account numbers by the SWIFT registry of ISO 13616.
#include <cstdint>
#include <iterator>

#include "identify/byte_block.h"
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

// Places of a whole IBAN that must hold a digit or a capital, one bit each; the others may hold either.
struct Places {
  std::uint64_t digits = 0, capitals = 0;
};
struct PlaceTable {
  Places of[std::size(kCountries)];
  constexpr PlaceTable() {
    for (std::size_t i = 0; i < std::size(kCountries); ++i) {
      of[i] = {0b1100, 0b0011};  // the check digits and the country
      int n = 0, at = 4;
      for (const char* p = kCountries[i].bban; *p != '\0'; ++p) {
        if (IsDigit(*p)) {
          n = n * 10 + DigitOf(*p);
          continue;
        }
        const std::uint64_t run = ((std::uint64_t{1} << n) - 1) << at;
        (*p == 'n' ? of[i].digits : of[i].capitals) |= *p == 'c' ? 0 : run;
        at += n;
        n = 0;
      }
    }
  }
};
constexpr PlaceTable kPlaces;

}  // namespace

int IbanLength(char first, char second) noexcept {
  return IsUpper(first) && IsUpper(second) ? kTable.length[first - 'A'][second - 'A'] : 0;
}

bool Iban(std::string_view v) noexcept {
  if (v.size() < 15 || static_cast<int>(v.size()) != IbanLength(v[0], v[1])) return false;
  std::uint64_t digits = 0, capitals = 0;
  EachBlock(v, [&](const ByteBlock& block, std::size_t at) {
    digits |= std::uint64_t{block.Within('0', '9')} << at;
    capitals |= std::uint64_t{block.Within('A', 'Z')} << at;
  });
  const Places& places = kPlaces.of[kTable.index[v[0] - 'A'][v[1] - 'A'] - 1];
  const std::uint64_t all = (std::uint64_t{1} << v.size()) - 1;
  if ((places.digits & ~digits) != 0 || (places.capitals & ~capitals) != 0 || (digits | capitals) != all) return false;
  // The country's letters and the check digits go behind the national part.
  const int national = Mod97(v.substr(4));  // letters and digits alone, as was just seen
  const int behind = AlnumValue(v[0]) * 10000 + AlnumValue(v[1]) * 100 + Number(v.substr(2, 2));
  return (national * 1'000'000 + behind) % 97 == 1;
}

}  // namespace gander::identify
