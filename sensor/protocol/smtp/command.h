// SPDX-License-Identifier: Apache-2.0
// Commands and reply lines of SMTP, read one line at a time.
#ifndef GANDER_PROTOCOL_SMTP_COMMAND_H_
#define GANDER_PROTOCOL_SMTP_COMMAND_H_

#include <cstdint>
#include <string_view>

namespace gander::protocol::smtp {

enum class Verb : std::uint8_t {
  kUnknown,
  kHelo,
  kMail,
  kRcpt,
  kData,
  kBdat,
  kRset,
  kAuth,
  kStartTls,
  kQuit,
  kOther,      // known, its argument is text: VRFY, EXPN, HELP, NOOP, ETRN, TURN, XCLIENT
  kEndOfData,  // no command: the reply to a mail's data is waited for
};

struct Command {
  Verb verb = Verb::kUnknown;
  std::string_view name;      // as written
  std::string_view argument;  // trimmed
};
Command ParseCommand(std::string_view line) noexcept;

// The address of "FROM:<a@b> SIZE=1": "<a@b>", or what stands there without brackets. Empty when there is
// none.
std::string_view AddressOf(std::string_view argument) noexcept;

// "250-text", "250 text", "250".
struct Reply {
  int code = 0;
  bool last = true;  // of a reply of several lines
  std::string_view text;
};
bool ParseReply(std::string_view line, Reply* out) noexcept;

// Whether `name` can be the host name a server's greeting begins with.
bool LooksLikeHost(std::string_view name) noexcept;

}  // namespace gander::protocol::smtp

#endif  // GANDER_PROTOCOL_SMTP_COMMAND_H_
