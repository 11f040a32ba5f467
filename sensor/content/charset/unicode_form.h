// SPDX-License-Identifier: Apache-2.0
// UTF-8, UTF-16 and UTF-32 told from other bytes by their looks. What the bytes show counts for more than any label.
#ifndef GANDER_CONTENT_UNICODE_FORM_H_
#define GANDER_CONTENT_UNICODE_FORM_H_

#include "base/bytes.h"
#include "content/charset/charset.h"

namespace gander::content {

// Of the first bytes of a text: by a byte order mark; by zeros in every second byte, as text of Latin letters has them;
// or by code units that are all characters in use, of text in any other script. Null when the bytes are none of these.
// Looks at no more than 128 bytes; of fewer than 24, only marks and Latin letters are known.
const Charset* GuessUnicode(Bytes prefix) noexcept;

// The same for a text that is labelled as `declared`, which is UTF-16 or UTF-32: believed unless the bytes are UTF-8.
const Charset* CheckUnicode(Bytes prefix, const Charset& declared) noexcept;

enum class Utf8Look : std::uint8_t {
  kYes,    // enough well-formed sequences to be no accident
  kSoFar,  // none that is not, and at least one
  kNo,
};

// Whether a text whose first byte is beyond ASCII is UTF-8. Halves of surrogate pairs, each coded by itself as Java and
// databases do (CESU-8), count as well-formed here; longer forms than need be do not.
Utf8Look LookForUtf8(Bytes text) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_UNICODE_FORM_H_
