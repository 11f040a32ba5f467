// SPDX-License-Identifier: Apache-2.0
// What NetBIOS puts around SMB: session requests (RFC 1002 §4.3.2) and the datagram service (§4.4), by which hosts
// announce themselves and log on.
#ifndef GANDER_PROTOCOL_SMB_NETBIOS_H_
#define GANDER_PROTOCOL_SMB_NETBIOS_H_

#include "protocol/parser.h"

namespace gander::protocol::smb {

// Of a session request's data, two names, as fields.
void ReadSessionNames(Bytes data, Direction direction, MessageSink& sink);

// Whether `datagram` carries a message of SMB.
bool IsDatagram(Bytes datagram) noexcept;
// Its names and the text of its message as fields.
void ReadDatagram(Bytes datagram, Direction direction, MessageSink& sink);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_NETBIOS_H_
