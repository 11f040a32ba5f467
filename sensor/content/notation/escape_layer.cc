// SPDX-License-Identifier: Apache-2.0
#include "content/notation/escape_layer.h"

#include <algorithm>
#include <cstring>

namespace gander::content {

Uninspected EscapeLayer::Feed(Bytes in) noexcept {
  if (in.empty()) return {};
  if (!IsOpen() && std::memchr(in.data(), mark_, in.size()) == nullptr) return inner().Feed(in);
  return ConvertingLayer::Feed(in);
}

std::size_t EscapeLayer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    if (!IsOpen()) {
      const std::size_t room = std::min(in.size(), out.size() - n - (kMaxExpansion - 1));
      const void* const mark = std::memchr(in.data(), mark_, room);
      const std::size_t plain = mark == nullptr ? room : static_cast<const std::byte*>(mark) - in.data();
      std::memcpy(out.data() + n, in.data(), plain);
      n += plain;
      in = in.subspan(plain);
      if (mark == nullptr) continue;
      std::size_t written = 0;
      if (const std::size_t read = Whole(in, out.subspan(n), written); read > 0) {
        n += written;
        in = in.subspan(read);
        continue;
      }
    }
    bool taken = true;
    n += Step(static_cast<unsigned char>(in[0]), out.subspan(n), taken);
    if (taken) in = in.subspan(1);
  }
  return n;
}

}  // namespace gander::content
