// SPDX-License-Identifier: Apache-2.0
// What a document says of its own character set, in ASCII bytes near its start.
#ifndef GANDER_CONTENT_CHARSET_DECLARATION_H_
#define GANDER_CONTENT_CHARSET_DECLARATION_H_

#include "base/bytes.h"
#include "content/charset/charset.h"

namespace gander::content {

// Browsers look no further (WHATWG HTML, §13.2.3.2).
inline constexpr std::size_t kDeclarationBytes = 1024;

// By an XML declaration, <meta charset> or <meta http-equiv content="...; charset=...">, outside of comments. Null when
// there is none of a known name.
const Charset* FindDeclaration(Bytes head) noexcept;

// The charset parameter of a media type. Null when there is none of a known name.
const Charset* CharsetParameter(std::string_view content_type) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_DECLARATION_H_
