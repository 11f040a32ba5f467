// SPDX-License-Identifier: Apache-2.0
// Who logs on.
#ifndef GANDER_PROTOCOL_SMB_SESSION_H_
#define GANDER_PROTOCOL_SMB_SESSION_H_

#include "protocol/smb/connection.h"

namespace gander::protocol::smb {

// The token of a session setup: "ntlmssp" or "kerberos" to the event, names to scan.
void ReadSecurityToken(Bytes token, Direction direction, Record& detail, MessageSink& sink);

}  // namespace gander::protocol::smb

#endif  // GANDER_PROTOCOL_SMB_SESSION_H_
