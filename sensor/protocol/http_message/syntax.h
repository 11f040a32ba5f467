// SPDX-License-Identifier: Apache-2.0
// The grammar of HTTP/1 on text that is already complete. Nothing here keeps state.
#ifndef GANDER_PROTOCOL_HTTP_MESSAGE_SYNTAX_H_
#define GANDER_PROTOCOL_HTTP_MESSAGE_SYNTAX_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/parser.h"

namespace gander::protocol::http {

// How the first bytes of a message are judged. kNeedMore only for fewer than kStartBytes bytes without a line
// end.
inline constexpr std::size_t kStartBytes = 34;
// A method token and a space. `known_only` accepts only registered methods, with a target behind.
Probe RequestStart(std::string_view s, bool known_only) noexcept;
bool IsKnownMethod(std::string_view s) noexcept;
// "HTTP/" or Shoutcast's "ICY ".
Probe ResponseStart(std::string_view s) noexcept;

struct RequestLine {
  std::string_view method;
  std::string_view target;   // up to the first blank, as most servers take it
  std::string_view words;    // all between method and version
  std::string_view version;  // "HTTP/1.1"; empty for HTTP/0.9
};
// False when there is no target. A GET alone (HTTP/0.9) may do without.
bool ParseRequestLine(std::string_view line, RequestLine& out) noexcept;

struct StatusLine {
  std::string_view version;
  std::string_view code;  // the word behind the version
  int status = 0;  // 0 when it is not a number
};
bool ParseStatusLine(std::string_view line, StatusLine& out) noexcept;

// Content-Range (RFC 9110 §14.4).
BodyRange ParseContentRange(std::string_view value) noexcept;

// One line off the front of `text`, without its line end.
std::string_view TakeLine(std::string_view& text) noexcept;
// As TakeLine; a carriage return with neither a line feed nor a blank behind it ends a line too, as some clients take
// it.
std::string_view TakeHeaderLine(std::string_view& text) noexcept;
// Without white space and control characters at both ends.
std::string_view Trim(std::string_view s) noexcept;
bool EqualsNoCase(std::string_view a, std::string_view b) noexcept;
bool StartsWithNoCase(std::string_view s, std::string_view prefix) noexcept;

// Host and port of "host", "host:port", "[::1]:port"; `port` 0 when there is none.
struct Authority {
  std::string_view host;
  std::uint16_t port = 0;
};
Authority SplitAuthority(std::string_view s) noexcept;
// The authority of "http://user@host:port/path"; empty when `target` is not absolute.
std::string_view AuthorityOf(std::string_view target) noexcept;

// Undoes percent-encoding once; with `form` a '+' behind the first '?' is a space. Returns `s` itself when
// there is nothing to undo, else a view of `scratch`.
std::string_view PercentDecode(std::string_view s, bool form, std::string& scratch);

// The file name of a Content-Disposition header (RFC 6266), decoded into `scratch` if needed; empty without
// one.
std::string_view DispositionFileName(std::string_view value, std::string& scratch);

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_MESSAGE_SYNTAX_H_
