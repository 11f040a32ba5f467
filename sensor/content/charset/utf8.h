// SPDX-License-Identifier: Apache-2.0
// One code point as UTF-8 (RFC 3629).
#ifndef GANDER_CONTENT_UTF8_H_
#define GANDER_CONTENT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace gander::content {

inline constexpr std::size_t kMaxUtf8Bytes = 4;
inline constexpr std::uint32_t kReplacement = 0xfffd;  // stands for what is no character

// UTF-16 (RFC 2781): what is beyond U+FFFF takes two units.
constexpr bool IsHighSurrogate(std::uint32_t unit) noexcept { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool IsLowSurrogate(std::uint32_t unit) noexcept { return unit >= 0xdc00 && unit < 0xe000; }
constexpr std::uint32_t FromSurrogates(std::uint32_t high, std::uint32_t low) noexcept {
  return 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
}

// `c` is at most 0x10ffff; `out` has room for kMaxUtf8Bytes. Returns the bytes written.
inline std::size_t PutUtf8(std::uint32_t c, std::span<std::byte> out) noexcept {
  const auto put = [&](std::size_t i, std::uint32_t v) { out[i] = static_cast<std::byte>(v); };
  if (c < 0x80) {
    put(0, c);
    return 1;
  }
  if (c < 0x800) {
    put(0, 0xc0 | c >> 6);
    put(1, 0x80 | (c & 0x3f));
    return 2;
  }
  if (c < 0x10000) {
    put(0, 0xe0 | c >> 12);
    put(1, 0x80 | (c >> 6 & 0x3f));
    put(2, 0x80 | (c & 0x3f));
    return 3;
  }
  put(0, 0xf0 | c >> 18);
  put(1, 0x80 | (c >> 12 & 0x3f));
  put(2, 0x80 | (c >> 6 & 0x3f));
  put(3, 0x80 | (c & 0x3f));
  return 4;
}

// What a character of a font or an escape stands for, as a reader of the text sees it: spaces of any width are ' ',
// what has no width (soft hyphen, joiners, marks of direction) is nothing, so that it parts no number; control
// characters but tab and line ends are ' '; lone surrogates and numbers beyond Unicode are U+FFFD. At most
// kMaxUtf8Bytes bytes, may be none.
std::size_t PutReadable(std::uint32_t c, std::span<std::byte> out) noexcept;

}  // namespace gander::content

#endif  // GANDER_CONTENT_UTF8_H_
