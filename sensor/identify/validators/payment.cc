// SPDX-License-Identifier: Apache-2.0
// Payment cards and device numbers that carry a Luhn digit.
#include <cstdint>
#include <iterator>

#include "identify/validators/checksum.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

// Issuer ranges by their first six digits (ISO/IEC 7812-1; ranges as the schemes publish them) and the
// lengths issued, as a bit set of 13..19.
struct IssuerRange {
  std::uint32_t low, high;
  std::uint8_t lengths;
};
constexpr std::uint8_t Lengths(int low, int high) noexcept {
  std::uint8_t bits = 0;
  for (int n = low; n <= high; ++n) bits = static_cast<std::uint8_t>(bits | 1u << (n - 13));
  return bits;
}
constexpr IssuerRange kIssuers[] = {
    {122000, 122000, Lengths(15, 15)},  // published sample of UATP
    {180000, 180099, Lengths(15, 15)},
    {213100, 213199, Lengths(15, 15)},  // JCB
    {220000, 220499, Lengths(16, 19)},  // Mir
    {222100, 272099, Lengths(16, 16)},  // Mastercard
    {300000, 305999, Lengths(14, 14)},
    {309500, 309599, Lengths(14, 14)},  // Diners
    {340000, 349999, Lengths(15, 15)},  // American Express
    {352800, 358999, Lengths(16, 16)},  // JCB
    {360000, 369999, Lengths(14, 14)},
    {370000, 379999, Lengths(15, 15)},
    {380000, 399999, Lengths(14, 14)},
    {400000, 499999, Lengths(13, 13) | Lengths(16, 16) | Lengths(19, 19)},  // Visa
    {500000, 509999, Lengths(16, 19)},                                      // Maestro, Elo, Verve
    {510000, 559999, Lengths(16, 16)},                                      // Mastercard
    {560000, 589999, Lengths(16, 19)},                                      // Maestro
    {600000, 699999, Lengths(16, 19)},  // Discover, RuPay, UnionPay, Maestro
    {810000, 817199, Lengths(16, 19)},  // UnionPay
    {979200, 979299, Lengths(16, 16)},  // Troy
};

// The first range that ends at or behind n * 1000, for every n.
struct IssuerIndex {
  std::uint8_t first[1000] = {};
  constexpr IssuerIndex() {
    std::size_t range = 0;
    for (std::uint32_t n = 0; n < 1000; ++n) {
      while (range < std::size(kIssuers) && kIssuers[range].high < n * 1000) ++range;
      first[n] = static_cast<std::uint8_t>(range);
    }
  }
};
constexpr IssuerIndex kIssuerIndex;

}  // namespace

bool PaymentCard(std::string_view v) noexcept {
  if (v.size() < 13 || v.size() > 19) return false;
  const std::uint64_t head = Load8(v.data());
  if (!AllDigits8(head)) return false;
  const std::uint32_t prefix = Number8(head) / 100;
  for (std::size_t i = kIssuerIndex.first[prefix / 1000]; i < std::size(kIssuers); ++i) {
    const IssuerRange& r = kIssuers[i];
    if (prefix < r.low) return false;
    if (prefix > r.high) continue;
    // A card of one repeated digit behind its issuer is a placeholder.
    return (r.lengths >> (v.size() - 13) & 1) != 0 && !AllEqual(v) && LuhnPasses(v);
  }
  return false;
}

bool Imei(std::string_view v) noexcept {
  if (v.size() != 15 || !AllDigits(v)) return false;
  const int body = Number(v.substr(0, 2));
  const bool known = body == 1 || body == 35 || body == 86 || body == 99 || body == 44 || body == 45 ||
                     body == 49 || (body >= 50 && body <= 54);
  return known && LuhnPasses(v);
}

bool HexUuid(std::string_view v) noexcept {
  bool hex = true;
  for (char c : v) hex = hex && (IsDigit(c) || (c >= 'A' && c <= 'F'));
  return hex && v.size() == 32 && !AllEqual(v);
}

bool LuhnOnly(std::string_view v) noexcept { return LuhnPasses(v) && !AllEqual(v); }

}  // namespace gander::identify
