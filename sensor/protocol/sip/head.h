// SPDX-License-Identifier: Apache-2.0
// The head of a SIP message: start line and header fields (RFC 3261 §7).
#ifndef GANDER_PROTOCOL_SIP_HEAD_H_
#define GANDER_PROTOCOL_SIP_HEAD_H_

#include <cstdint>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::sip {

struct StartLine {
  bool request = false;
  std::string_view line;  // without its end
  std::string_view method, uri;   // of a request
  std::string_view code, reason;  // of a response
};
// False when `line` is neither "INVITE sip:bob@example.org SIP/2.0" nor "SIP/2.0 200 OK".
bool ReadStartLine(std::string_view line, StartLine& out) noexcept;

// Whether `text` may be the begin of such a line.
Probe MayStart(std::string_view text) noexcept;

// One header field a call, folded lines joined to one view (their ends stay within it). False at the empty line.
bool NextField(std::string_view& head, std::string_view& name, std::string_view& value) noexcept;

// The long form of a compact name: "f" -> "From" (RFC 3261 §7.3.3); others as they are.
std::string_view LongName(std::string_view name) noexcept;

}  // namespace gander::protocol::sip

#endif  // GANDER_PROTOCOL_SIP_HEAD_H_
