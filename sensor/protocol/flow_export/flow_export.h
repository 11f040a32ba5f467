// SPDX-License-Identifier: Apache-2.0
// Records of connections that routers and probes send to a collector: NetFlow version 5 and 9 (RFC 3954), IPFIX (RFC
// 7011), sFlow version 5 (sflow.org), and HEP version 3, which copies telephone signalling. They are recognised and
// counted, not taken apart: what matters is that somebody is told who spoke to whom. A message a datagram.
#ifndef GANDER_PROTOCOL_FLOW_EXPORT_FLOW_EXPORT_H_
#define GANDER_PROTOCOL_FLOW_EXPORT_FLOW_EXPORT_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kFlowExport;

namespace flow_export {

// Templates of a flow whose record length is known; records by further ones are counted by the length below.
inline constexpr std::size_t kMaxTemplates = 32;
// Octets taken for a record whose template was not seen: more than most have, so that too few are counted.
inline constexpr std::size_t kUnknownRecord = 64;

}  // namespace flow_export
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_FLOW_EXPORT_FLOW_EXPORT_H_
