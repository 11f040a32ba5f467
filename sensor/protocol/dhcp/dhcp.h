// SPDX-License-Identifier: Apache-2.0
// DHCP (RFC 2131, options of RFC 2132 and later) with BOOTP (RFC 951), and DHCPv6 (RFC 8415): which device, by which
// name, gets which address. A message a datagram; nothing is held between them.
#ifndef GANDER_PROTOCOL_DHCP_DHCP_H_
#define GANDER_PROTOCOL_DHCP_DHCP_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "dhcp" of both, with Suricata's names (of its extended log). Names, identifiers of clients and subscribers and
// what relays add are fields ("dhcp.option"), the hardware address too ("dhcp.client_mac").
extern const ProtocolInfo kDhcp, kDhcpv6;

namespace dhcp {

// Fixed part of BOOTP with the cookie of RFC 2132 §2.
inline constexpr std::size_t kHeader = 236, kCookieEnd = 240;
// What a BOOTP message without a cookie is filled up to (RFC 951 §3).
inline constexpr std::size_t kBootp = 300;
// Options and addresses of one message that are read.
inline constexpr int kMaxOptions = 256;
inline constexpr std::size_t kMaxAddresses = 16;
// Relays between client and server (RFC 8415 §7.6 has eight), and options within options.
inline constexpr int kMaxRelays = 8;

}  // namespace dhcp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_DHCP_DHCP_H_
