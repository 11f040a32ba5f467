// SPDX-License-Identifier: Apache-2.0
// What goes through a named pipe: calls of DCE/RPC (C706), connection-oriented, as far as their heads tell; and its
// text.
#ifndef GANDER_PROTOCOL_SMB_RPC_H_
#define GANDER_PROTOCOL_SMB_RPC_H_

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// Octets that tell a packet.
inline constexpr std::size_t kRpcHead = 16;
// Whether `data` begins with the head of a packet.
bool IsRpcPacket(Bytes data) noexcept;

// What the client wrote to the pipe, and what it read from it; of calls each with its answer becomes one event.
void OnPipeRequest(Connection& connection, File& pipe, const Message& message, Bytes data, MessageSink& sink);
void OnPipeAnswer(Connection& connection, File& pipe, const Message& message, Bytes data, MessageSink& sink);

// Adds "dcerpc" to an event.
void WriteRpc(const Transaction& transaction, const std::vector<Interface>& interfaces, Record& out);

// What the interface of this UUID is called; null when it is not a common one.
const char* ServiceName(std::string_view uuid) noexcept;

// The strings in `data`, in UTF-16 or ASCII, one a line.
void AppendStrings(Bytes data, std::string& out);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_RPC_H_
