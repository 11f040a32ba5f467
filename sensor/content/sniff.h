// SPDX-License-Identifier: Apache-2.0
// What a leaf is: by the type it is declared as and by its first bytes.
#ifndef GANDER_CONTENT_SNIFF_H_
#define GANDER_CONTENT_SNIFF_H_

#include <string_view>

#include "base/bytes.h"

namespace gander::content {

// Short name of the format whose magic number `prefix` begins with ("gzip", "zip", "pdf", "png"); empty when
// none.
std::string_view MagicOf(Bytes prefix) noexcept;

// Whether what follows the 128 bytes of `prefix` is wanted too: a tar archive has its magic number in byte 257, of a
// mail more than the first field must be seen.
bool WantsLongerLook(Bytes prefix) noexcept;

// Whether a media type (no parameters) is text by its name: text/*, JSON, XML, JavaScript, SQL, YAML and
// their like.
bool IsTextType(std::string_view type) noexcept;

// Whether a media type (no parameters) is what pages and their interfaces are made of: HTML, style, scripts, plain text,
// JSON, XML, pictures, sound, film, type faces. No table, no document, no archive, nothing unnamed.
bool IsPagePart(std::string_view type) noexcept;

// Whether a leaf that begins so is text: what protocol::ReadsAsText() says, UTF-16 and UTF-32 of any script, and values
// too short to be judged by shares (a word in KOI8-R) that have no control characters.
bool LooksLikeText(Bytes prefix) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_SNIFF_H_
