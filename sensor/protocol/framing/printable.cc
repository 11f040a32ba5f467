// SPDX-License-Identifier: Apache-2.0
#include "protocol/framing/printable.h"

#include <cstdint>

namespace gander::protocol::framing {
namespace {

// Octets of the sequence that begins with `lead`; 0 when none may.
std::size_t SequenceLength(std::uint8_t lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

}  // namespace

bool IsUtf8(std::string_view s) noexcept {
  for (std::size_t i = 0; i < s.size();) {
    const auto lead = static_cast<std::uint8_t>(s[i]);
    const std::size_t n = SequenceLength(lead);
    if (n == 0 || n > s.size() - i) return false;
    for (std::size_t k = 1; k < n; ++k) {
      if ((static_cast<std::uint8_t>(s[i + k]) & 0xc0) != 0x80) return false;
    }
    if (n > 2) {
      const auto second = static_cast<std::uint8_t>(s[i + 1]);
      const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
      if (overlong || (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f)) return false;
    }
    i += n;
  }
  return true;
}

std::string_view Printable(std::string_view s, std::string& scratch) {
  if (IsUtf8(s)) return s;
  static constexpr char kHex[] = "0123456789abcdef";
  scratch.clear();
  for (const char c : s) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (octet < 0x80) {
      scratch += c;
    } else {
      scratch += "\\x";
      scratch += kHex[octet >> 4];
      scratch += kHex[octet & 15];
    }
  }
  return scratch;
}

}  // namespace gander::protocol::framing
