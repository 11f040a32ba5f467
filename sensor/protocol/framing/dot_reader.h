// SPDX-License-Identifier: Apache-2.0
// The data of a mail as DATA sends it: lines, a dot doubled at the start of a line, a lone dot at the end
// (RFC 5321 §4.5.2). POP3 sends mails the same way (RFC 1939 §3).
#ifndef GANDER_PROTOCOL_FRAMING_DOT_READER_H_
#define GANDER_PROTOCOL_FRAMING_DOT_READER_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander::protocol::framing {

class DotReader {
 public:
  // `bare_lf`: the peers end lines with LF alone, so a dot before a bare LF ends the data. Otherwise only
  // ".\r\n" does: believing more would let a sender hide a second mail within the first (SMTP smuggling).
  void Begin(bool bare_lf) noexcept {
    at_ = At::kLineStart;
    bare_lf_ = bare_lf;
  }

  // Takes the next stretch of unstuffed data off the front of `in`; views into `in`, or a static byte. Call
  // until `in` is empty or done() is true; `in` then begins behind the end.
  Bytes Next(Bytes& in) noexcept;
  bool done() const noexcept { return at_ == At::kDone; }

 private:
  enum class At : std::uint8_t { kLineStart, kInLine, kDot, kDotCr, kDone };
  At at_ = At::kDone;
  bool bare_lf_ = false;
};

}  // namespace gander::protocol::framing

#endif  // GANDER_PROTOCOL_FRAMING_DOT_READER_H_
