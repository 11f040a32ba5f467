// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_CONTENT_HEX_H_
#define GANDER_CONTENT_HEX_H_

namespace gander::content {

// Value of a hexadecimal digit, -1 for other characters.
constexpr int HexDigit(unsigned char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace gander::content

#endif  // GANDER_CONTENT_HEX_H_
