// SPDX-License-Identifier: Apache-2.0
// DNS over UDP and TCP (RFC 1035 and its additions), multicast DNS (RFC 6762), LLMNR (RFC 4795).
#ifndef GANDER_PROTOCOL_DNS_DNS_H_
#define GANDER_PROTOCOL_DNS_DNS_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kDns;
extern const ProtocolInfo kMdns;   // UDP port 5353
extern const ProtocolInfo kLlmnr;  // UDP port 5355

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_DNS_DNS_H_
