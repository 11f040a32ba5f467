// SPDX-License-Identifier: Apache-2.0
// Link-layer header types as capture files number them (LINKTYPE_ values, tcpdump.org/linktypes.html).
#ifndef GANDER_BASE_LINK_TYPE_H_
#define GANDER_BASE_LINK_TYPE_H_

#include <cstdint>

namespace gander {

enum class LinkType : std::uint16_t {
  kNull = 0, kEthernet = 1, kPpp = 9, kRawOld = 12, kPppHdlc = 50, kPppoe = 51, kRaw = 101,
  kCiscoHdlc = 104, kIeee80211 = 105, kFrameRelay = 107, kLoop = 108, kLinuxSll = 113,
  kRadiotap = 127, kIpv4 = 228, kIpv6 = 229, kLinuxSll2 = 276,
};

}  // namespace gander

#endif  // GANDER_BASE_LINK_TYPE_H_
