// SPDX-License-Identifier: Apache-2.0
// Telnet (RFC 854, RFC 855) with terminal type (RFC 1091), environment (RFC 1408, RFC 1572), encryption (RFC 2946) and
// MUD compression.
#ifndef GANDER_PROTOCOL_TELNET_TELNET_H_
#define GANDER_PROTOCOL_TELNET_TELNET_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Commands and options are taken out; what remains of each direction is one text (where = "telnet.text"), but for what
// is typed at a prompt for a user or a password: those are fields ("telnet.login"). Event "telnet", one an attempt to
// log in: {"telnet": {"login": {"username", "password"}, "terminal_type"}}, and one at the end: {"telnet": {"session":
// {"logins", "options": ["echo", ...]}, "terminal_type"}}.
extern const ProtocolInfo kTelnet;

namespace telnet {

// State of a flow: 1 KB.
inline constexpr std::size_t kMaxLine = 128;         // of a typed name or password, of the end of a prompt
inline constexpr std::size_t kMaxNegotiation = 256;  // of a subnegotiation; the rest of a longer one is passed over
inline constexpr std::size_t kMaxTerminal = 64;

}  // namespace telnet
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_TELNET_TELNET_H_
