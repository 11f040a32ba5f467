// SPDX-License-Identifier: Apache-2.0
#include "content/notation/json_escapes.h"

#include <utility>

#include "content/charset/utf8.h"
#include "content/decoder_pool.h"
#include "content/hex.h"

namespace gander::content {
namespace {

std::size_t Put(unsigned char c, std::span<std::byte> out) noexcept {
  out[0] = std::byte{c};
  return 1;
}

}  // namespace

void JsonEscapes::GiveBack() noexcept { body().pool->Give(this); }

void JsonEscapes::Start() noexcept {
  state_ = State::kNone;
  high_ = 0;
}

std::size_t JsonEscapes::Whole(Bytes in, std::span<std::byte> out, std::size_t& written) noexcept {
  constexpr std::size_t kUnit = 6;  // of "\\u0041"
  if (in.size() < kUnit) return 0;
  const auto c = static_cast<unsigned char>(in[1]);
  if (c == '\\' || c == 'x') return 0;
  if (c != 'u') {
    odd_ = true;
    written = Character(c, out);
    return 2;
  }
  std::uint32_t value = 0;
  for (std::size_t i = 2; i < kUnit; ++i) {
    const int digit = HexDigit(static_cast<unsigned char>(in[i]));
    if (digit < 0) return 0;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  if (value == '\\' || IsHighSurrogate(value)) return 0;
  written = value == '"' ? Put('\'', out) : PutReadable(value, out);
  return kUnit;
}

std::size_t JsonEscapes::Step(unsigned char c, std::span<std::byte> out, bool& taken) noexcept {
  if (state_ == State::kDigits) {
    if (const int digit = HexDigit(c); digit >= 0) {
      digits_[count_++] = c;
      value_ = value_ << 4 | static_cast<std::uint32_t>(digit);
      return count_ == wanted_ ? Unit(out) : 0;
    }
    taken = false;
    return Raw(out);
  }
  if (state_ != State::kSlashes) {
    if (c == '\\') {
      state_ = State::kSlashes;
      odd_ = true;
      return 0;
    }
    taken = false;
    return Raw(out);
  }
  if (c == '\\') {
    odd_ = !odd_;
    return 0;
  }
  if (c == 'u' || c == 'x') {
    state_ = State::kDigits;
    wanted_ = c == 'u' ? 4 : 2;
    count_ = 0;
    value_ = 0;
    return 0;
  }
  const std::size_t n = LoneHigh(out);
  return n + Character(c, out.subspan(n));
}

// Behind backslashes: what the two stand for.
std::size_t JsonEscapes::Character(unsigned char c, std::span<std::byte> out) noexcept {
  state_ = State::kNone;
  switch (c) {
    case '"':
      return Put(odd_ ? '\'' : '"', out);
    case '\'':
    case '/':
      return Put(c, out);
    case 'n':
      if (letters_) return Put('\n', out);
      break;
    case 'r':
      if (letters_) return Put('\r', out);
      break;
    case 't':
      if (letters_) return Put('\t', out);
      break;
    case 'b':
    case 'f':
      // Of an even number it is the name of a folder: no writer of JSON escapes text that has these two.
      if (letters_ && odd_) return Put(' ', out);
      break;
    default:
      break;
  }
  Put('\\', out);
  return 1 + Put(c, out.subspan(1));
}

// All digits of a \u or \x are there.
std::size_t JsonEscapes::Unit(std::span<std::byte> out) noexcept {
  state_ = State::kNone;
  if (high_ != 0 && IsLowSurrogate(value_)) {
    return PutReadable(FromSurrogates(std::exchange(high_, 0), value_), out);
  }
  const std::size_t n = LoneHigh(out);
  if (IsHighSurrogate(value_)) {
    high_ = value_;
    state_ = State::kAfterHigh;
    return n;
  }
  if (value_ == '\\') {
    state_ = State::kSlashes;
    odd_ = false;  // a quote behind it is not escaped
    return n;
  }
  return n + (value_ == '"' ? Put('\'', out.subspan(n)) : PutReadable(value_, out.subspan(n)));
}

std::size_t JsonEscapes::LoneHigh(std::span<std::byte> out) noexcept {
  const bool lone = high_ != 0;
  high_ = 0;
  return lone ? PutUtf8(kReplacement, out) : 0;
}

// What was read of an escape that is none, as it stood.
std::size_t JsonEscapes::Raw(std::span<std::byte> out) noexcept {
  std::size_t n = LoneHigh(out);
  if (state_ == State::kSlashes || state_ == State::kDigits) n += Put('\\', out.subspan(n));
  if (state_ == State::kDigits) {
    n += Put(wanted_ == 4 ? 'u' : 'x', out.subspan(n));
    for (std::size_t i = 0; i < count_; ++i) n += Put(digits_[i], out.subspan(n));
  }
  state_ = State::kNone;
  return n;
}

std::size_t JsonEscapes::Finish(std::span<std::byte> out) noexcept { return Raw(out); }

}  // namespace gander::content
