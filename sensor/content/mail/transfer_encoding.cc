// SPDX-License-Identifier: Apache-2.0
#include "content/mail/transfer_encoding.h"

#include <algorithm>
#include <cstring>

#include "content/decoder_pool.h"
#include "content/hex.h"

namespace gander::content {
namespace {

// One foreign byte in the prefix is damage; more is not base64.
constexpr std::size_t kMaxForeign = 1;

bool LooksLikeBase64(Bytes prefix) noexcept {
  std::size_t foreign = 0;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const std::uint8_t c = Octets(prefix)[i];
    if (protocol::mime::kBase64Values[c] == protocol::mime::kNotBase64 && c != '=' && c != '\r' && c != '\n')
      ++foreign;
  }
  return foreign <= kMaxForeign;
}

}  // namespace

void Base64Layer::GiveBack() noexcept { body().pool->Give(this); }

void Base64Layer::Start() noexcept {
  decoder_.Reset();
  settled_ = plain_ = false;
  held_ = 0;
}

Uninspected Base64Layer::Feed(Bytes in) noexcept {
  Uninspected total;
  if (!settled_) {
    const Bytes more = TakeFront(in, kPrefixBytes - held_);
    std::memcpy(hold_.data() + held_, more.data(), more.size());
    held_ += more.size();
    if (held_ < kPrefixBytes) return total;
    total = Settle();
  }
  if (!in.empty()) total += plain_ ? inner().Feed(in) : ConvertingLayer::Feed(in);
  return total;
}

Uninspected Base64Layer::Settle() noexcept {
  const Bytes prefix(hold_.data(), held_);
  settled_ = true;
  plain_ = !LooksLikeBase64(prefix);
  if (plain_) {
    body().sink->OnAnomaly("mime_invalid_base64");
    return inner().Feed(prefix);
  }
  ++body().counters->base64;
  return ConvertingLayer::Feed(prefix);
}

void Base64Layer::End(protocol::BodyEnd end) noexcept {
  if (!settled_ && held_ > 0) Settle();
  ConvertingLayer::End(end);
}

void QuotedPrintableLayer::GiveBack() noexcept { body().pool->Give(this); }

std::size_t QuotedPrintableLayer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  while (!in.empty() && out.size() - n >= kMaxExpansion) {
    if (held_ == 0) {
      // Everything up to the next escape as it stands.
      const std::size_t room = std::min(in.size(), out.size() - n - (kMaxExpansion - 1));
      const void* escape = std::memchr(in.data(), '=', room);
      const std::size_t plain = escape == nullptr ? room : static_cast<const std::byte*>(escape) - in.data();
      std::memcpy(out.data() + n, in.data(), plain);
      n += plain;
      in = in.subspan(plain);
      if (escape == nullptr) continue;
      hold_[held_++] = in[0];
      in = in.subspan(1);
      continue;
    }
    const auto c = static_cast<unsigned char>(in[0]);
    const auto before = static_cast<unsigned char>(hold_[held_ - 1]);
    if (held_ == 1 && (c == '\r' || HexDigit(c) >= 0)) {
      hold_[held_++] = in[0];
      in = in.subspan(1);
    } else if (c == '\n' && (held_ == 1 || before == '\r')) {
      held_ = 0;  // soft line end
      in = in.subspan(1);
    } else if (held_ == 2 && before != '\r' && HexDigit(c) >= 0) {
      out[n++] = static_cast<std::byte>(HexDigit(before) << 4 | HexDigit(c));
      held_ = 0;
      in = in.subspan(1);
    } else {
      std::memcpy(out.data() + n, hold_.data(), held_);  // no escape after all
      n += held_;
      held_ = 0;
    }
  }
  return n;
}

std::size_t QuotedPrintableLayer::Finish(std::span<std::byte> out) noexcept {
  // A lone "=" at the very end is a soft line end whose line end was cut.
  const bool soft = held_ == 1 || (held_ == 2 && hold_[1] == std::byte{'\r'});
  const std::size_t n = soft ? 0 : held_;
  std::memcpy(out.data(), hold_.data(), n);
  held_ = 0;
  return n;
}

}  // namespace gander::content
