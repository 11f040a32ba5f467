// SPDX-License-Identifier: Apache-2.0
// Values of MIME header fields: "text/plain; charset=utf-8; name*0*=...".
#ifndef GANDER_PROTOCOL_MIME_HEADER_VALUE_H_
#define GANDER_PROTOCOL_MIME_HEADER_VALUE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gander::protocol::mime {

// Longest parameter value FindParameter() yields; the rest of a longer one is cut.
inline constexpr std::size_t kMaxParameter = 1024;

std::string_view Trim(std::string_view s) noexcept;
bool EqualsIgnoreCase(std::string_view a, std::string_view b) noexcept;
bool StartsWithIgnoreCase(std::string_view s, std::string_view prefix) noexcept;

// What stands before the first ';', trimmed: "text/plain".
std::string_view MainValue(std::string_view header) noexcept;

class WordConverter;

// Puts the parameter `name` of `header` into `out` (cleared first), without quotes, its continuations joined
// and percent-decoded (RFC 2231), encoded words decoded (RFC 2047); in UTF-8, if there is a `converter`. False when
// there is none.
bool FindParameter(std::string_view header, std::string_view name, std::string& out,
                   WordConverter* converter = nullptr);

// "Name: value" split at its colon; false when `line` is no header field. Views into `line`.
bool SplitField(std::string_view line, std::string_view* name, std::string_view* value) noexcept;

}  // namespace gander::protocol::mime

#endif  // GANDER_PROTOCOL_MIME_HEADER_VALUE_H_
