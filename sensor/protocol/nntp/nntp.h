// SPDX-License-Identifier: Apache-2.0
// NNTP (RFC 3977) with authentication (RFC 4643), STARTTLS (RFC 4642), streaming feeds (RFC 4644) and compression
// (RFC 8054), and the older commands of RFC 2980.
#ifndef GANDER_PROTOCOL_NNTP_NNTP_H_
#define GANDER_PROTOCOL_NNTP_NNTP_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "nntp", one a command with its answer: {"nntp": {"request": {"command", "args": []}, "response": {"code",
// "text"}}, "email": {...} as SMTP has it where an article went}. Articles are bodies of type message/rfc822 (where =
// "nntp.article"), other lists of lines are text ("nntp.lines").
extern const ProtocolInfo kNntp;

namespace nntp {

// State of a flow: two lines that have not ended, the commands without an answer, the headers of one article
// (mime::MailHeaders).
inline constexpr std::size_t kMaxOutstanding = 32;  // commands sent ahead; all are forgotten when there are more
inline constexpr std::size_t kMaxArgument = 512;    // RFC 3977 §3.1 allows lines of that length
inline constexpr int kMaxStrange = 8;               // lines of neither kind at the start before the flow is given up

}  // namespace nntp
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_NNTP_NNTP_H_
