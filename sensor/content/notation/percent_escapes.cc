// SPDX-License-Identifier: Apache-2.0
#include "content/notation/percent_escapes.h"

#include <cstring>

#include "content/charset/utf8.h"
#include "content/decoder_pool.h"
#include "content/hex.h"

namespace gander::content {

void PercentEscapes::GiveBack() noexcept { body().pool->Give(this); }

std::size_t PercentEscapes::Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept {
  constexpr std::size_t kOctet = 3;  // of "%41"
  if (in.size() < kOctet) return 0;
  const int high = HexDigit(static_cast<unsigned char>(in[1])), low = HexDigit(static_cast<unsigned char>(in[2]));
  if (high < 0 || low < 0) return 0;
  const int value = high << 4 | low;
  if (value < 0x20 || value == 0x7f || value == '%') return 0;
  out[0] = static_cast<std::byte>(value == '"' ? '\'' : value);
  written = 1;
  return kOctet;
}

std::size_t PercentEscapes::Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept {
  const bool fits = count_ == 0 || HexDigit(c) >= 0 || (count_ == 1 && c == 'u');
  if (!fits) {
    taken = false;
    return Finish(out);
  }
  held_[count_++] = c;
  const std::uint8_t whole = held_[1] == 'u' ? 6 : 3;
  return count_ > 1 && count_ == whole ? Decode(out) : 0;
}

std::size_t PercentEscapes::Decode(std::span<std::byte> out) noexcept {
  const bool wide = count_ == 6;
  std::uint32_t value = 0;
  for (std::size_t i = wide ? 2 : 1; i < count_; ++i) {
    value = value << 4 | static_cast<std::uint32_t>(HexDigit(held_[i]));
  }
  if (value == '%') {
    count_ = 1;
    return 0;
  }
  const bool control = (value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0x7f;
  if (control) return Finish(out);
  count_ = 0;
  if (value == '"') value = '\'';
  if (wide) return PutReadable(value, out);
  out[0] = static_cast<std::byte>(value);
  return 1;
}

std::size_t PercentEscapes::Finish(std::span<std::byte> out) noexcept {
  const std::size_t n = count_;
  std::memcpy(out.data(), held_.data(), n);
  count_ = 0;
  return n;
}

}  // namespace gander::content
