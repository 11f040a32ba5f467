// SPDX-License-Identifier: Apache-2.0
// Last labels of host names: whether the root of the DNS knows them.
#ifndef GANDER_DETECT_D09_DNS_TUNNEL_TOP_LEVEL_DOMAINS_H_
#define GANDER_DETECT_D09_DNS_TUNNEL_TOP_LEVEL_DOMAINS_H_

#include <string_view>

namespace gander::detect {

// Lower case, as in the zone ("xn--..." for what is not ASCII).
bool IsTopLevelDomain(std::string_view label) noexcept;
// Not delegated, yet used inside networks: "local", "lan", "corp".
bool IsPrivateTopLevel(std::string_view label) noexcept;

}  // namespace gander::detect

#endif  // GANDER_DETECT_D09_DNS_TUNNEL_TOP_LEVEL_DOMAINS_H_
