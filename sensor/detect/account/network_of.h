// SPDX-License-Identifier: Apache-2.0
// The network an address is taken to belong to where nothing better is known of its holder.
#ifndef GANDER_DETECT_ACCOUNT_NETWORK_OF_H_
#define GANDER_DETECT_ACCOUNT_NETWORK_OF_H_

#include <algorithm>

#include "base/net.h"

namespace gander::detect {

// Its /24, or /48 of IPv6.
inline IpPrefix NetworkOf(IpAddress a) noexcept {
  const std::size_t kept = a.v4 ? 15 : 6;
  std::fill(a.octets.begin() + static_cast<std::ptrdiff_t>(kept), a.octets.end(), std::uint8_t{0});
  return {a, static_cast<std::uint8_t>(8 * kept)};
}

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_NETWORK_OF_H_
