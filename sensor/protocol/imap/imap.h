// SPDX-License-Identifier: Apache-2.0
// IMAP4rev1 (RFC 3501): its lines are scanned, its literals are bodies (messages of FETCH and APPEND). No
// events.
#ifndef GANDER_PROTOCOL_IMAP_IMAP_H_
#define GANDER_PROTOCOL_IMAP_IMAP_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kImap;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_IMAP_IMAP_H_
