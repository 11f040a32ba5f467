// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/utf16_text.h"

#include <utility>

namespace gander::protocol::framing {
namespace {

void Append(std::uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

constexpr std::uint32_t kReplacement = 0xfffd;

}  // namespace

void Utf16Text::Unit(std::uint16_t unit, std::string& out) {
  const bool low = unit >= 0xdc00 && unit < 0xe000;
  if (high_surrogate_ != 0) {
    const std::uint16_t high = std::exchange(high_surrogate_, 0);
    if (low) return Append(0x10000 + ((high & 0x3ffu) << 10 | (unit & 0x3ffu)), out);
    Append(kReplacement, out);
  }
  if (unit >= 0xd800 && unit < 0xdc00) {
    high_surrogate_ = unit;
    return;
  }
  Append(low ? kReplacement : unit, out);
}

void Utf16Text::Feed(Bytes in, std::string& out) {
  for (const std::byte b : in) {
    const auto octet = static_cast<std::uint8_t>(b);
    if (!has_low_) {
      low_ = octet;
    } else {
      Unit(static_cast<std::uint16_t>(low_ | octet << 8), out);
    }
    has_low_ = !has_low_;
  }
}

std::string FromUtf16(Bytes in) {
  std::string out;
  Utf16Text().Feed(in, out);
  return out;
}

}  // namespace gander::protocol::framing
