// SPDX-License-Identifier: Apache-2.0
// SNMP v1 (RFC 1157), v2c (RFC 1901, RFC 3416) and the clear part of v3 (RFC 3412, RFC 3414). A message a datagram;
// nothing is held between them.
#ifndef GANDER_PROTOCOL_SNMP_SNMP_H_
#define GANDER_PROTOCOL_SNMP_SNMP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kSnmp;

namespace snmp {

// Variables of one message that are named in its event and whose text is scanned.
inline constexpr std::size_t kMaxVariables = 128;

}  // namespace snmp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SNMP_SNMP_H_
