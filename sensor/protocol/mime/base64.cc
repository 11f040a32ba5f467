// SPDX-License-Identifier: Apache-2.0
#include "protocol/mime/base64.h"

namespace gander::protocol::mime {

std::size_t Base64Decoder::Decode(Bytes& in, std::span<std::byte> out) noexcept {
  const std::uint8_t* p = Octets(in);
  const std::uint8_t* const end = p + in.size();
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  std::uint8_t* const to_end = to + out.size();
  std::uint8_t* const begin = to;
  while (p != end && to_end - to >= 3) {
    // Whole groups in one step: the common case between two line ends.
    while (count_ == 0 && end - p >= 4 && to_end - to >= 3) {
      const std::uint32_t a = kBase64Values[p[0]], b = kBase64Values[p[1]], c = kBase64Values[p[2]],
                          d = kBase64Values[p[3]];
      if ((a | b | c | d) > 63) break;
      const std::uint32_t v = a << 18 | b << 12 | c << 6 | d;
      to[0] = static_cast<std::uint8_t>(v >> 16);
      to[1] = static_cast<std::uint8_t>(v >> 8);
      to[2] = static_cast<std::uint8_t>(v);
      to += 3;
      p += 4;
    }
    if (p == end || to_end - to < 3) break;
    const std::uint8_t c = *p++;
    if (c == '=') {
      to += Finish({reinterpret_cast<std::byte*>(to), 3});
      continue;
    }
    const std::uint8_t v = kBase64Values[c];
    if (v == kNotBase64) continue;
    group_ = group_ << 6 | v;
    if (++count_ < 4) continue;
    to[0] = static_cast<std::uint8_t>(group_ >> 16);
    to[1] = static_cast<std::uint8_t>(group_ >> 8);
    to[2] = static_cast<std::uint8_t>(group_);
    to += 3;
    group_ = count_ = 0;
  }
  in = in.last(static_cast<std::size_t>(end - p));
  return static_cast<std::size_t>(to - begin);
}

std::size_t Base64Decoder::Finish(std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  if (count_ == 2 && !out.empty()) {
    out[n++] = static_cast<std::byte>(group_ >> 4);
  } else if (count_ == 3 && out.size() >= 2) {
    out[n++] = static_cast<std::byte>(group_ >> 10);
    out[n++] = static_cast<std::byte>(group_ >> 2);
  }
  group_ = count_ = 0;
  return n;
}

}  // namespace gander::protocol::mime
