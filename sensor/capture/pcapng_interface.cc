// SPDX-License-Identifier: Apache-2.0
// Interface Description Block of pcapng and its clock (draft-ietf-opsawg-pcapng, section 4.2).
#include "capture/pcapng_interface.h"

#include <array>

namespace gander::capture {
namespace {

constexpr std::uint16_t kEndOfOptions = 0, kTimeResolution = 9, kTimeOffset = 14;
constexpr std::size_t kFixedBytes = 8;  // link type, reserved, snap length

using Wide = __int128;

constexpr std::array<std::uint64_t, 20> kPowersOfTen = [] {
  std::array<std::uint64_t, 20> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Timestamp Clamped(Wide ns) noexcept {
  if (ns > INT64_MAX) return kDistantFuture;
  if (ns < INT64_MIN) return kDistantPast;
  return {static_cast<std::int64_t>(ns)};
}

}  // namespace

const char* PcapngInterface::Parse(Bytes body, bool swapped, PcapngInterface& out) noexcept {
  out = {};
  if (body.size() < kFixedBytes) return "the interface description is too short";
  out.link_ = LinkTypeFromFile(LoadAs<std::uint16_t>(swapped, body.data()));
  out.snap_length_ = LoadAs<std::uint32_t>(swapped, body.data() + 4);
  Bytes options = body.subspan(kFixedBytes);
  while (options.size() >= 4) {
    const auto code = LoadAs<std::uint16_t>(swapped, options.data());
    const auto length = LoadAs<std::uint16_t>(swapped, options.data() + 2);
    if (code == kEndOfOptions) break;
    const std::size_t padded = (length + std::size_t{3}) & ~std::size_t{3};
    if (options.size() - 4 < padded) return "an option of the interface description runs past its block";
    if (const char* wrong = out.ParseOption(code, options.subspan(4, length), swapped)) return wrong;
    options = options.subspan(4 + padded);
  }
  const bool whole_nanos = !out.binary_ && out.exponent_ <= 9 && out.offset_seconds_ == 0;
  out.nanos_per_tick_ = whole_nanos ? static_cast<std::uint32_t>(kPowersOfTen[9u - out.exponent_]) : 0;
  return nullptr;
}

const char* PcapngInterface::ParseOption(std::uint16_t code, Bytes value, bool swapped) noexcept {
  if (code == kTimeResolution) {
    if (value.size() != 1) return "the time resolution of the interface is not one byte";
    const auto field = static_cast<std::uint8_t>(value[0]);
    binary_ = (field & 0x80) != 0;
    exponent_ = field & 0x7f;
    // Finer than a tick count of 64 bits can carry through a second: no clock writes that.
    if (exponent_ > (binary_ ? 63 : 19)) return "the time resolution of the interface is absurd";
  }
  if (code == kTimeOffset) {
    if (value.size() != 8) return "the time offset of the interface is not eight bytes";
    offset_seconds_ = static_cast<std::int64_t>(LoadAs<std::uint64_t>(swapped, value.data()));
  }
  return nullptr;
}

Timestamp PcapngInterface::TimeOf(std::uint64_t ticks) const noexcept {
  std::uint64_t ns;
  const bool overflow = __builtin_mul_overflow(ticks, std::uint64_t{nanos_per_tick_}, &ns);
  if (nanos_per_tick_ != 0 && !overflow && ns <= INT64_MAX) [[likely]]
    return {static_cast<std::int64_t>(ns)};
  return ExactTimeOf(ticks);
}

Timestamp PcapngInterface::ExactTimeOf(std::uint64_t ticks) const noexcept {
  const std::uint64_t per_second = binary_ ? std::uint64_t{1} << exponent_ : kPowersOfTen[exponent_];
  const Wide seconds = Wide{ticks / per_second} + offset_seconds_;
  const Wide fraction = Wide{ticks % per_second} * kNanosPerSecond / per_second;
  return Clamped(seconds * kNanosPerSecond + fraction);
}

}  // namespace gander::capture
