// SPDX-License-Identifier: Apache-2.0
// Mail that nobody declared: a file that begins like a message (RFC 5322), or like a mailbox of several (RFC 4155).
#ifndef GANDER_CONTENT_MAIL_FILE_H_
#define GANDER_CONTENT_MAIL_FILE_H_

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace gander::content {

enum class MailFile : std::uint8_t { kNone, kMessage, kMailbox };

// What a text of the media type `type` that begins with `prefix` is. A message has nothing but header fields up to an
// empty line or the prefix's end, and among them what programs write into mail and people do not write into texts. A
// part of a mail often begins with the fields of another, copied: of text/plain more is asked.
MailFile MailFileOf(std::string_view type, Bytes prefix) noexcept;

// Whether it takes more of the file to tell.
bool MayBeMailFile(Bytes prefix) noexcept;

// Whether `line` (without its end) stands between the messages of a mailbox: "From", an address, a date as asctime()
// has it.
bool IsMailboxLine(std::string_view line) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_MAIL_FILE_H_
