// SPDX-License-Identifier: Apache-2.0
// The State whose law reaches an address.
#ifndef GANDER_POLICY_JURISDICTION_H_
#define GANDER_POLICY_JURISDICTION_H_

#include <array>
#include <compare>
#include <string_view>

namespace gander::policy {

// ISO 3166-1 alpha-2; "ZZ" unknown, "XA" anycast or cloud edge.
struct Jurisdiction {
  std::array<char, 2> code{'Z', 'Z'};
  auto operator<=>(const Jurisdiction&) const = default;
  bool known() const noexcept { return code != std::array<char, 2>{'Z', 'Z'}; }
  std::string_view text() const noexcept { return {code.data(), 2}; }
};

inline constexpr Jurisdiction kAnycast{{'X', 'A'}};

// Whether `code` is a country of ISO 3166-1, or one of XA, ZZ and XK (Kosovo, user-assigned yet in common use).
bool IsKnownCountry(Jurisdiction code) noexcept;

}  // namespace gander::policy

#endif  // GANDER_POLICY_JURISDICTION_H_
