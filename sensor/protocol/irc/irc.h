// SPDX-License-Identifier: Apache-2.0
// IRC (RFC 1459, RFC 2812) with message tags, SASL and STARTTLS of IRCv3, and the offers of CTCP DCC.
#ifndef GANDER_PROTOCOL_IRC_IRC_H_
#define GANDER_PROTOCOL_IRC_IRC_H_

#include <cstddef>

#include "protocol/registry.h"

namespace gander::protocol {

// Event "irc", one a message that is no reply and no keep-alive: {"irc": {"command", "nick", "user", "host", "target",
// "text", "realname", "password", "dcc": {"type", "file", "address", "port", "size"}}}. What people write is scanned
// message by message (where = "irc.message"), replies of the server too ("irc.reply"). A file that DCC offers moves
// between other hosts than this flow's, so it is named here and read there as whatever it is.
extern const ProtocolInfo kIrc;

namespace irc {

// State of a flow: two lines that have not ended (framing::LineReader::kMaxLine each) and the client's nick.
inline constexpr std::size_t kMaxNick = 64;
inline constexpr std::size_t kMaxParameters = 15;  // RFC 2812 §2.3
inline constexpr std::size_t kMaxCommand = 20;
// Lines at the start of a flow that are no messages before it is given up.
inline constexpr int kMaxStrange = 3;

}  // namespace irc
}  // namespace gander::protocol

#endif  // GANDER_PROTOCOL_IRC_IRC_H_
