// SPDX-License-Identifier: Apache-2.0
#include "content/archive/directory_lines.h"

#include <cstring>

#include "content/decoder_pool.h"
#include "content/hex.h"
#include "protocol/mime/base64.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::content {
namespace {

constexpr std::string_view kQuotedPrintable = "quoted-printable";

std::size_t Put(char c, std::span<std::byte> out) noexcept {
  out[0] = static_cast<std::byte>(c);
  return 1;
}

}  // namespace

void DirectoryLines::GiveBack() noexcept { body().pool->Give(this); }

void DirectoryLines::Start() noexcept {
  state_ = State::kName;
  cr_ = lf_ = quoted_ = false;
  colons_ = matched_ = held_size_ = 0;
}

std::size_t DirectoryLines::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  std::size_t i = 0;
  for (; i < in.size() && out.size() - n >= kMaxExpansion; ++i) n += Byte(static_cast<char>(in[i]), out.subspan(n));
  in = in.subspan(i);
  return n;
}

// Takes folds out.
std::size_t DirectoryLines::Byte(char c, std::span<std::byte> out) noexcept {
  if (!lf_) {
    if (c == '\n') {
      lf_ = true;
      return 0;
    }
    std::size_t n = 0;
    if (cr_) n = Unfolded('\r', out);
    cr_ = c == '\r';
    return cr_ ? n : n + Unfolded(c, out.subspan(n));
  }
  const bool cr = cr_;
  lf_ = cr_ = false;
  // A soft line end of quoted-printable is one whatever follows.
  const bool soft = state_ == State::kQuoted && held_size_ == 1;
  if (soft) held_size_ = 0;
  if (soft && c != ' ' && c != '\t') return Byte(c, out);
  if (c == ' ' || c == '\t') return soft ? Unfolded(c, out) : 0;
  std::size_t n = FlushHeld(out);
  if (cr) n += Put('\r', out.subspan(n));
  n += Put('\n', out.subspan(n));
  Start();
  return n + Byte(c, out.subspan(n));
}

std::size_t DirectoryLines::Unfolded(char c, std::span<std::byte> out) noexcept {
  switch (state_) {
    case State::kName:
      return Name(c, out);
    case State::kQuoted:
      return Quoted(c, out);
    case State::kBase64:
      return Base64(c, out);
    case State::kEscape:
      return Escape(c, out);
    case State::kValue:
      break;
  }
  if (c != '\\' || ldif_) return Put(c, out);
  state_ = State::kEscape;
  return 0;
}

// The property or attribute, its parameters, the colon.
std::size_t DirectoryLines::Name(char c, std::span<std::byte> out) noexcept {
  if (colons_ > 0) {
    // LDIF: one colon more says base64; blanks follow.
    if (c == ':' && ldif_ && colons_ == 1) {
      ++colons_;
      return Put(c, out);
    }
    if (c == ' ' && ldif_) return Put(c, out);
    state_ = colons_ == 2 ? State::kBase64 : quoted_ ? State::kQuoted : State::kValue;
    return Unfolded(c, out);
  }
  if (c == ':') ++colons_;
  const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  matched_ = lower == kQuotedPrintable[matched_] ? matched_ + 1 : lower == kQuotedPrintable[0] ? 1 : 0;
  if (matched_ == kQuotedPrintable.size()) {
    quoted_ = !ldif_;
    matched_ = 0;
  }
  return Put(c, out);
}

std::size_t DirectoryLines::Quoted(char c, std::span<std::byte> out) noexcept {
  if (held_size_ == 0 && c != '=') return Put(c, out);
  const bool fits = held_size_ == 0 || HexDigit(static_cast<unsigned char>(c)) >= 0;
  if (!fits) {
    const std::size_t n = FlushHeld(out);
    return n + Quoted(c, out.subspan(n));
  }
  held_[held_size_++] = c;
  if (held_size_ < 3) return 0;
  held_size_ = 0;
  return Put(
      static_cast<char>(HexDigit(static_cast<unsigned char>(held_[1])) << 4 | HexDigit(static_cast<unsigned char>(c))),
      out);
}

std::size_t DirectoryLines::Escape(char c, std::span<std::byte> out) noexcept {
  state_ = State::kValue;
  if (c == 'n' || c == 'N') return Put('\n', out);
  if (c == ',' || c == ';' || c == '\\' || c == ':') return Put(c, out);
  Put('\\', out);
  return 1 + Put(c, out.subspan(1));
}

std::size_t DirectoryLines::Base64(char c, std::span<std::byte> out) noexcept {
  held_[held_size_++] = c;
  if (held_size_ <= kShortValue) return 0;
  state_ = State::kValue;
  const std::size_t n = held_size_;
  std::memcpy(out.data(), held_.data(), n);
  held_size_ = 0;
  return n;
}

// The value is over and short: decoded when that can be read.
std::size_t DirectoryLines::EndBase64(std::span<std::byte> out) noexcept {
  const Bytes encoded(reinterpret_cast<const std::byte*>(held_.data()), held_size_);
  held_size_ = 0;
  std::array<std::byte, kShortValue + 3> decoded;
  protocol::mime::Base64Decoder decoder;
  Bytes rest = encoded;
  std::size_t n = decoder.Decode(rest, decoded);
  n += decoder.Finish(std::span(decoded).subspan(n));
  const bool text = n > 0 && protocol::ReadsAsText(Bytes(decoded.data(), n));
  const Bytes told = text ? Bytes(decoded.data(), n) : encoded;
  std::memcpy(out.data(), told.data(), told.size());
  return told.size();
}

// At the end of a line, and of the text.
std::size_t DirectoryLines::FlushHeld(std::span<std::byte> out) noexcept {
  if (state_ == State::kBase64) return EndBase64(out);
  if (state_ == State::kEscape) return Put('\\', out);
  const std::size_t n = held_size_;
  std::memcpy(out.data(), held_.data(), n);
  held_size_ = 0;
  return n;
}

std::size_t DirectoryLines::Finish(std::span<std::byte> out) noexcept {
  std::size_t n = FlushHeld(out);
  if (cr_) n += Put('\r', out.subspan(n));
  if (lf_) n += Put('\n', out.subspan(n));
  Start();
  return n;
}

}  // namespace gander::content
