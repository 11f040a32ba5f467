// SPDX-License-Identifier: Apache-2.0
// Lines of a text that may announce a file within it: "begin 644 name", "=ybegin ...", "-----BEGIN ...".
#ifndef GANDER_CONTENT_LINE_MARK_H_
#define GANDER_CONTENT_LINE_MARK_H_

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "content/mail/yenc.h"

namespace gander::content {

// Whether a line that begins with the bytes of `begin`, however few, may be one of them.
bool MayAnnounceFile(std::string_view begin) noexcept;

// Where the first line of `in` begins that may be one of them; in.size() when none does. `at_start`: whether in[0]
// begins a line. Costs a look at each line's first byte, 32 at a time.
std::size_t FindAnnouncement(Bytes in, bool at_start) noexcept;

enum class FileCoding : std::uint8_t { kUuencode, kBase64, kYenc, kPem };

struct Announcement {
  FileCoding coding = FileCoding::kUuencode;
  std::string_view name;  // view into the line; may be empty
  bool coded_name = false;  // the name is base64
  YencHead yenc;
};
// What `line` (without its end) announces, when it is well formed. PEM of keys and certificates, and what is locked or
// signed, is not: nothing in it is text.
std::optional<Announcement> ReadAnnouncement(std::string_view line) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_LINE_MARK_H_
