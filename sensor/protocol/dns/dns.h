// SPDX-License-Identifier: Apache-2.0
// DNS over UDP and TCP (RFC 1035 and its additions), multicast DNS (RFC 6762), LLMNR (RFC 4795).
#ifndef GANDER_PROTOCOL_DNS_DNS_H_
#define GANDER_PROTOCOL_DNS_DNS_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kDns;
extern const ProtocolInfo kMdns;   // UDP port 5353
extern const ProtocolInfo kLlmnr;  // UDP port 5355

namespace dns {

// Records of one section that are written to an event; the rest is only walked over.
inline constexpr int kMaxRecords = 128;
// Compression pointers followed within one name. A name has at most 127 labels.
inline constexpr int kMaxPointers = 127;
// Wire length of a name (RFC 1035 §2.3.4).
inline constexpr std::size_t kMaxName = 255;

}  // namespace dns
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_DNS_DNS_H_
