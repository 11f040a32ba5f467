// SPDX-License-Identifier: Apache-2.0
#include "content/utf16.h"

#include "content/decoder_pool.h"
#include "content/utf8.h"

namespace gander::content {
namespace {

constexpr std::uint32_t kByteOrderMark = 0xfeff;
constexpr std::size_t kMinGuessBytes = 8;

}  // namespace

Utf16Order GuessUtf16(Bytes prefix) noexcept {
  const std::uint8_t* p = Octets(prefix);
  const std::size_t n = prefix.size();
  if (n >= 2 && p[0] == 0xff && p[1] == 0xfe) return Utf16Order::kLittle;
  if (n >= 2 && p[0] == 0xfe && p[1] == 0xff) return Utf16Order::kBig;
  if (n < kMinGuessBytes) return Utf16Order::kNone;
  std::size_t zeros[2] = {0, 0};
  std::size_t control = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (p[i] == 0) ++zeros[i & 1];
    if (p[i] != 0 && p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') ++control;
  }
  const std::size_t most = n / 2 * 3 / 4;
  if (control * 16 > n) return Utf16Order::kNone;
  if (zeros[1] >= most && zeros[0] == 0) return Utf16Order::kLittle;
  if (zeros[0] >= most && zeros[1] == 0) return Utf16Order::kBig;
  return Utf16Order::kNone;
}

void Utf16Layer::GiveBack() noexcept { body().pool->Give(this); }

void Utf16Layer::Start() noexcept {
  half_ = false;
  at_start_ = true;
  high_ = 0;
}

std::size_t Utf16Layer::Unit(std::uint32_t unit, std::span<std::byte> out) noexcept {
  const bool skip = at_start_ && unit == kByteOrderMark;
  at_start_ = false;
  if (skip) return 0;
  std::size_t n = 0;
  if (high_ != 0) {
    const std::uint32_t high = high_;
    high_ = 0;
    if (IsLowSurrogate(unit)) return PutUtf8(FromSurrogates(high, unit), out);
    n = PutUtf8(kReplacement, out);
  }
  if (IsHighSurrogate(unit)) {
    high_ = unit;
    return n;
  }
  return n + PutUtf8(IsLowSurrogate(unit) ? kReplacement : unit, out.subspan(n));
}

std::size_t Utf16Layer::Convert(Bytes& in, std::span<std::byte> out) noexcept {
  std::size_t n = 0;
  std::size_t i = 0;
  for (; i < in.size() && out.size() - n >= kMaxExpansion; ++i) {
    const auto c = static_cast<std::uint8_t>(in[i]);
    if (!half_) {
      first_ = c;
      half_ = true;
      continue;
    }
    half_ = false;
    const std::uint32_t unit = big_endian_ ? std::uint32_t{first_} << 8 | c : std::uint32_t{c} << 8 | first_;
    n += Unit(unit, out.subspan(n));
  }
  in = in.subspan(i);
  return n;
}

std::size_t Utf16Layer::Finish(std::span<std::byte> out) noexcept {
  const bool broken = half_ || high_ != 0;
  Start();
  return broken ? PutUtf8(kReplacement, out) : 0;
}

}  // namespace gander::content
