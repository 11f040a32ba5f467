// SPDX-License-Identifier: Apache-2.0
// One code point as UTF-8 (RFC 3629).
#ifndef GANDER_CONTENT_UTF8_H_
#define GANDER_CONTENT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace gander::content {

inline constexpr std::size_t kMaxUtf8Bytes = 4;

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

}  // namespace gander::content

#endif  // GANDER_CONTENT_UTF8_H_
