// SPDX-License-Identifier: Apache-2.0
// Character sets that are written in ASCII bytes, known by their own signs where no label names them.
#ifndef GANDER_CONTENT_CHARSET_ESCAPED_SETS_H_
#define GANDER_CONTENT_CHARSET_ESCAPED_SETS_H_

#include "base/bytes.h"
#include "content/charset/charset.h"

namespace gander::content {

inline constexpr std::byte kEscape{0x1b};

// The longest sequence that designates a set of two bytes a character (ISO/IEC 2022, section 14.3): ESC '$', up to two
// more.
inline constexpr std::size_t kMaxDesignation = 4;

struct Designation {
  const Charset* charset = nullptr;  // of ISO-2022-JP, -KR, -CN that has the designated set
  bool cut = false;                  // it may become one with what follows
};
// Of bytes that begin with kEscape. Sequences that terminals take, for colours or the ASCII set, are none.
Designation DesignationOf(Bytes sequence) noexcept;

// Of the first bytes of a text: HZ by a stretch between "~{" and "~}" that can be nothing else (RFC 1843), UTF-7 by its
// byte order mark alone (RFC 2152): what looks like UTF-7 otherwise is mostly a sum or a telephone number. Null for all
// others.
const Charset* GuessEscaped(Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_ESCAPED_SETS_H_
