// SPDX-License-Identifier: Apache-2.0
#include "content/charset/utf8.h"

namespace gander::content {
namespace {

// Unicode general category Zs and the line and paragraph separators.
constexpr bool IsWideSpace(std::uint32_t c) noexcept {
  return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

// Soft hyphen, zero width space and joiners, marks and overrides of direction, word joiner, invisible operators.
constexpr bool IsInvisible(std::uint32_t c) noexcept {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff;
}

}  // namespace

std::size_t PutReadable(std::uint32_t c, std::span<std::byte> out) noexcept {
  const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
  if (control || c == 0x7f || IsWideSpace(c)) c = ' ';
  if (IsInvisible(c)) return 0;
  if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = kReplacement;
  return PutUtf8(c, out);
}

}  // namespace gander::content
