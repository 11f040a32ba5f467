// SPDX-License-Identifier: Apache-2.0
// The character set of text that does not say it, or says it wrongly: what it would read as in each is held against
// what languages look like. ICU has a detector too; it takes 90 us for 256 bytes, this takes a few, so nobody's bodies
// can buy the time of other flows with it.
#ifndef GANDER_CONTENT_CHARSET_GUESS_H_
#define GANDER_CONTENT_CHARSET_GUESS_H_

#include "base/bytes.h"
#include "content/charset/charset.h"

namespace gander::content {

// Of a text in bytes, of which some are beyond ASCII, and that is not UTF-8. Null when it looks like no text in any
// set: its ASCII can be read as it stands. Meant for a few hundred bytes; looks at all it is given. In doubt it is
// `preferred`.
const Charset* GuessCharset(Bytes text, const Charset* preferred = nullptr) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_GUESS_H_
