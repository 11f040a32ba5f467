// SPDX-License-Identifier: Apache-2.0
// POP3 (RFC 1939) with CAPA and STLS (RFC 2449, 2595).
#ifndef GANDER_PROTOCOL_POP3_POP3_H_
#define GANDER_PROTOCOL_POP3_POP3_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "pop3": {"request": {"command", "args": []}, "response": {"success", "status", "header", "data":
// []}}, one a reply. Messages of RETR and TOP are bodies of type message/rfc822, where = "pop3.retr".
extern const ProtocolInfo kPop3;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_POP3_POP3_H_
