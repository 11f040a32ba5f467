// SPDX-License-Identifier: Apache-2.0
// Decides by counting. Random or compressed bytes are 38 % printable, 12 % control characters and 50 % above
// 0x7f; every threshold below keeps a wide distance to those shares.
#include <array>

#include "protocol/plain_text/plain_text.h"

namespace gander::protocol {
namespace {

constexpr std::size_t kWindow = 256;
constexpr std::size_t kReadablePercent = 60;
// With so many bytes, a text without control characters is no accident even if every byte is above 0x7f.
constexpr std::size_t kEnoughBytes = 64;
constexpr std::size_t kControlPercent = 2;

struct Shares {
  std::size_t total = 0;
  std::size_t readable = 0;  // printable ASCII, white space, bytes of well-formed UTF-8 sequences
  std::size_t control = 0;   // C0 controls and DEL
  std::size_t utf16 = 0;     // pairs of a zero and a printable byte
};

constexpr bool IsReadable(std::uint8_t c) noexcept {
  return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

constexpr std::array<bool, 256> kReadable = [] {
  std::array<bool, 256> table{};
  for (int i = 0; i < 256; ++i) table[i] = IsReadable(static_cast<std::uint8_t>(i));
  return table;
}();

// Length of the well-formed multi-byte UTF-8 sequence at `p`, 0 when there is none.
std::size_t Utf8Length(const std::uint8_t* p, std::size_t n) noexcept {
  const std::size_t length = *p >= 0xf0 && *p < 0xf5 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 0;
  if (length == 0 || *p >= 0xf5 || length > n) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((p[i] & 0xc0) != 0x80) return 0;
  }
  return length;
}

void Count(Bytes window, Shares& shares) noexcept {
  const std::uint8_t* p = Octets(window);
  const std::size_t n = window.size();
  shares.total += n;
  for (std::size_t i = 0; i < n;) {
    if (kReadable[p[i]]) {
      ++shares.readable;
      shares.utf16 += (i > 0 && p[i - 1] == 0) || (i + 1 < n && p[i + 1] == 0);
    } else if (p[i] < 0x20 || p[i] == 0x7f) {
      ++shares.control;
    } else if (const std::size_t length = Utf8Length(p + i, n - i); length > 0) {
      shares.readable += length;
      i += length;
      continue;
    }
    ++i;
  }
}

}  // namespace

bool ReadsAsText(Bytes payload) noexcept {
  Shares shares;
  if (payload.size() <= 3 * kWindow) {
    Count(payload, shares);
  } else {
    Count(payload.first(kWindow), shares);
    Count(payload.subspan(payload.size() / 2, kWindow), shares);
    Count(payload.last(kWindow), shares);
  }
  if (shares.total == 0) return false;
  if (shares.readable * 100 >= shares.total * kReadablePercent) return true;
  if (shares.utf16 * 2 * 100 >= shares.total * 80) return true;
  return shares.total >= kEnoughBytes && shares.control * 100 < shares.total * kControlPercent;
}

}  // namespace gander::protocol
