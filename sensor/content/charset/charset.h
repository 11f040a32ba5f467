// SPDX-License-Identifier: Apache-2.0
// Character sets by the names that documents and mail call them by. The names mean what browsers take them for, which
// is the WHATWG Encoding Standard (§4.2), since that is how the text will be read; mail's are added.
#ifndef GANDER_CONTENT_CHARSET_H_
#define GANDER_CONTENT_CHARSET_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gander::content {

enum class CharsetKind : std::uint8_t {
  kUtf8,
  kUnits,    // UTF-16 and UTF-32
  kLatin,    // windows-1252, which any bytes can be: what servers say that know nothing
  kBytes,    // a byte a character, the lower 128 as in ASCII
  kPairs,    // one to four bytes a character, of which the first is beyond ASCII unless it is ASCII
  kEscaped,  // ASCII bytes that are not ASCII: ISO-2022, HZ, UTF-7
};

struct Charset {
  std::string_view name;    // in paths
  const char* icu;          // the converter
  CharsetKind kind;
  std::string_view labels;  // further ones, a space between
};

// The set that `label` names, case and blanks around it ignored; null when nobody uses such a name.
const Charset* FindCharset(std::string_view label) noexcept;

// Names for the code's own use; each is there.
const Charset& Utf8() noexcept;
const Charset& Windows1252() noexcept;

// Position in the table, for lists by charset.
std::size_t CharsetIndex(const Charset& charset) noexcept;
inline constexpr std::size_t kCharsets = 50;

// All of them, for tests.
std::span<const Charset> Charsets() noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_CHARSET_H_
