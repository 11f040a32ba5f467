// SPDX-License-Identifier: Apache-2.0
// Registered numbers that say what follows a header (IANA, IEEE registration authority).
#ifndef GANDER_DECODE_NUMBERS_H_
#define GANDER_DECODE_NUMBERS_H_

#include <cstdint>

namespace gander::decode {

namespace ethertype {
inline constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806, kTrill = 0x22f3, kTransparentEthernet = 0x6558,
                               kMacsec = 0x88e5, kAvtp = 0x22f0, kRarp = 0x8035, kIpx = 0x8137, kFlowControl = 0x8808,
                               kSlowProtocols = 0x8809, kPppoeDiscovery = 0x8863, kEapol = 0x888e, kProfinet = 0x8892,
                               kEthercat = 0x88a4, kGoose = 0x88b8, kLldp = 0x88cc, kPtp = 0x88f7, kFcoe = 0x8906,
                               kLoopback = 0x9000,
                               kFrameRelay = 0x6559, kVlan = 0x8100, kIpv6 = 0x86dd, kPpp = 0x880b,
                               kWccp = 0x883e, kMpls = 0x8847, kMplsUpstream = 0x8848, kPppoeSession = 0x8864,
                               kServiceVlan = 0x88a8, kErspan2 = 0x88be, kProviderBackbone = 0x88e7,
                               kFabricPath = 0x8903, kVnTag = 0x8926, kETag = 0x893f, kNsh = 0x894f,
                               kVlanOld = 0x9100, kVlanOlder = 0x9200, kErspan3 = 0x22eb;
inline constexpr std::uint16_t kLargestLength = 1500;  // smaller values are an 802.3 length
}  // namespace ethertype

namespace next_header {  // what ip_proto of base/ does not name
inline constexpr std::uint8_t kHopByHop = 0, kIpv4 = 4, kIpv6 = 41, kRouting = 43, kFragment = 44,
                              kAuthentication = 51, kNone = 59, kDestination = 60, kL2tp = 115, kMobility = 135,
                              kHip = 139, kShim6 = 140;
}  // namespace next_header

namespace ppp {
inline constexpr std::uint16_t kIpv4 = 0x0021, kIpv6 = 0x0057, kMpls = 0x0281;
}  // namespace ppp

namespace udp_port {  // tunnels whose port is not an option
inline constexpr std::uint16_t kL2tp = 1701, kGreInUdp = 4754, kGtp0 = 3386, kVxlanGpe = 4790, kMplsInUdp = 6635,
                               kVxlanLinux = 8472, kTzsp = 37008;
}  // namespace udp_port

}  // namespace gander::decode

#endif  // GANDER_DECODE_NUMBERS_H_
