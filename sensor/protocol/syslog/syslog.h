// SPDX-License-Identifier: Apache-2.0
// Syslog: RFC 5424 and the older form that RFC 3164 describes, a message a datagram (RFC 5426) or framed in a stream by
// line ends or by octet counts (RFC 6587). Logs hold what people do: each message is scanned as a text of its own.
#ifndef GANDER_PROTOCOL_SYSLOG_SYSLOG_H_
#define GANDER_PROTOCOL_SYSLOG_SYSLOG_H_

#include "protocol/registry.h"

namespace gander::protocol {

extern const ProtocolInfo kSyslog;

namespace syslog {

// Of a message's begin, where the header stands, so much is kept while it spans chunks; the text passes through.
inline constexpr std::size_t kMaxHead = 1024;
// A count before a message in a stream has at most so many digits (RFC 6587 §3.4.1 sets none).
inline constexpr std::size_t kMaxCountDigits = 6;

}  // namespace syslog
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_SYSLOG_SYSLOG_H_
