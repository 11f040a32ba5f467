// SPDX-License-Identifier: Apache-2.0
// ONC RPC (RFC 5531) of programs that have no folder of their own: portmap and rpcbind (RFC 1833), mount (RFC 1813
// appendix I), status, locks, NIS. Over TCP and UDP.
#ifndef GANDER_PROTOCOL_RPC_RPC_H_
#define GANDER_PROTOCOL_RPC_RPC_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "rpc", one a call with its reply: {"rpc": {"xid", "status", "auth_type", "creds", "program", "program_name",
// "version", "procedure", "type", "path" | "port"}}. The text in arguments and results is a field ("rpc.text").
extern const ProtocolInfo kRpc;

namespace rpc {

// Calls that await their reply, a flow.
inline constexpr std::size_t kMaxCalls = 32;
inline constexpr std::size_t kMaxPath = 1024;  // RFC 1813 §5.1.4

}  // namespace rpc
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_RPC_RPC_H_
