// SPDX-License-Identifier: Apache-2.0
// What the operator knows a party to do. A role permits nothing: it tells a detector which pattern is this party's
// trade.
#ifndef GANDER_POLICY_ROLES_H_
#define GANDER_POLICY_ROLES_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace gander::policy {

enum class Role : std::uint8_t {
  kCollector,   // authorised collector: receives from many (D03, D15)
  kProcessor,   // processes on the operator's behalf
  kRelay,       // passes on what is not its own: mail exchanger, proxy, gateway (D04)
  kTunnel,      // declared end of a tunnel or overlay network (D13, D22)
  kUpdateHost,  // serves software and updates (D11, D23)
  kResolver,    // answers names for others (D09)
  kMonitor,     // asks at fixed times: monitoring, time, discovery (D06, D10, D11)
  kBackup,      // takes copies of whole stores (D12, D17)
  kRemoteExit,  // where travelling staff come from: VPN exit (D08)
};
inline constexpr std::size_t kRoles = 9;

const char* NameOf(Role role) noexcept;  // "collector", "update_host" ...
bool ParseRole(std::string_view text, Role& out) noexcept;
std::string KnownRoles();  // "collector, processor, ..."

class RoleSet {
 public:
  constexpr bool Has(Role role) const noexcept { return (bits_ >> static_cast<unsigned>(role) & 1u) != 0; }
  constexpr void Add(Role role) noexcept {
    bits_ = static_cast<std::uint16_t>(bits_ | 1u << static_cast<unsigned>(role));
  }
  constexpr void Add(RoleSet others) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | others.bits_); }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr std::uint16_t bits() const noexcept { return bits_; }
  auto operator<=>(const RoleSet&) const = default;

 private:
  std::uint16_t bits_ = 0;
};

}  // namespace gander::policy

#endif  // GANDER_POLICY_ROLES_H_
