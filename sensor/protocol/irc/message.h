// SPDX-License-Identifier: Apache-2.0
// A line of IRC taken apart.
#ifndef GANDER_PROTOCOL_IRC_MESSAGE_H_
#define GANDER_PROTOCOL_IRC_MESSAGE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "protocol/irc/irc.h"

namespace gander::protocol::irc {

// Views into the line.
struct Message {
  std::string_view nick, user, host;  // of the prefix "nick!user@host"; a server's name stands in `nick`
  std::string_view command;
  std::array<std::string_view, kMaxParameters> parameters;
  std::size_t count = 0;  // of parameters
  bool trailing = false;  // the last one stands behind a colon

  bool numeric() const noexcept { return command.size() == 3 && command[0] >= '0' && command[0] <= '9'; }
  std::string_view parameter(std::size_t i) const noexcept { return i < count ? parameters[i] : std::string_view(); }
  std::string_view last() const noexcept { return count > 0 ? parameters[count - 1] : std::string_view(); }
};

// False when `line` is no message.
bool ReadMessage(std::string_view line, Message& out) noexcept;

// An offer in a CTCP message: "\x01DCC SEND file 3232235777 5000 1024\x01".
struct DccOffer {
  std::string_view type, file;
  std::uint64_t address = 0;  // IPv4 as one number; 0 when it is written in another form
  std::uint64_t port = 0, size = 0;
};
bool ReadDcc(std::string_view text, DccOffer& out) noexcept;

}  // namespace gander::protocol::irc

#endif  // GANDER_PROTOCOL_IRC_MESSAGE_H_
