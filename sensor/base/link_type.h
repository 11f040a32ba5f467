// SPDX-License-Identifier: Apache-2.0
// Link-layer header types as capture files number them (LINKTYPE_ values, tcpdump.org/linktypes.html).
#ifndef GANDER_BASE_LINK_TYPE_H_
#define GANDER_BASE_LINK_TYPE_H_

#include <cstdint>

namespace gander {

enum class LinkType : std::uint16_t {
  kNull = 0, kEthernet = 1, kTokenRing = 6, kPpp = 9, kFddi = 10, kRawOld = 12, kPppHdlc = 50, kPppoe = 51,
  kAtmRfc1483 = 100, kRaw = 101, kCiscoHdlc = 104, kIeee80211 = 105, kFrameRelay = 107, kLoop = 108, kEnc = 109,
  kLinuxSll = 113, kPflog = 117, kPrism = 119, kIpOverFc = 122, kRadiotap = 127, kAvs = 163, kPpi = 192, kErf = 197,
  kPppWithDirection = 204, kCiscoHdlcWithDirection = 205, kFrameRelayWithDirection = 206, kMpls = 219, kIpv4 = 228,
  kIpv6 = 229, kNflog = 239, kNetAnalyzer = 240, kNetAnalyzerPreamble = 241, kPktap = 258, kMpacket = 274,
  kLinuxSll2 = 276, kDsaTagBroadcom = 281, kDsaTagPrepended = 282, kDsaTagMarvell = 283, kDsaTagMarvellEther = 284,
};

}  // namespace gander

#endif  // GANDER_BASE_LINK_TYPE_H_
