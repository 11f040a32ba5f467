// SPDX-License-Identifier: Apache-2.0
#include "content/notation/form.h"

#include <cstring>

#include "content/decoder_pool.h"
#include "content/hex.h"

namespace gander::content {

void FormLayer::GiveBack() noexcept { body().pool->Give(this); }

std::size_t FormLayer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  std::size_t i = 0;
  for (; i < in.size() && out.size() - n >= kMaxExpansion; ++i) {
    const auto c = static_cast<unsigned char>(in[i]);
    if (held_ > 0) {
      const int digit = HexDigit(c);
      if (digit >= 0 && held_ == 1) {
        hold_[held_++] = in[i];
        continue;
      }
      if (digit >= 0) {
        out[n++] = static_cast<std::byte>(HexDigit(static_cast<unsigned char>(hold_[1])) << 4 | digit);
        held_ = 0;
        continue;
      }
      n += Finish(out.subspan(n));  // a percent sign that escapes nothing stands for itself
    }
    switch (c) {
      case '%':
        hold_[held_++] = in[i];
        break;
      case '+':
        out[n++] = std::byte{' '};
        break;
      case '&':
        out[n++] = std::byte{'\n'};
        break;
      default:
        out[n++] = in[i];
    }
  }
  in = in.subspan(i);
  return n;
}

std::size_t FormLayer::Finish(std::span<std::byte> out) noexcept {
  const std::size_t n = held_;
  std::memcpy(out.data(), hold_.data(), n);
  held_ = 0;
  return n;
}

}  // namespace gander::content
