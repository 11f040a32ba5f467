// SPDX-License-Identifier: Apache-2.0
// SMTP and LMTP (RFC 5321, 2033) with PIPELINING, CHUNKING (RFC 3030), AUTH (RFC 4954) and STARTTLS (RFC
// 3207).
#ifndef GANDER_PROTOCOL_SMTP_SMTP_H_
#define GANDER_PROTOCOL_SMTP_SMTP_H_

#include "protocol/registry.h"

namespace gander::protocol {

// Event "smtp": {"smtp": {"helo", "mail_from", "rcpt_to": []}, "email": {...}}, one a mail, at the end of its
// data. Messages are bodies of type message/rfc822, where = "smtp.data".
extern const ProtocolInfo kSmtp;

}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SMTP_SMTP_H_
