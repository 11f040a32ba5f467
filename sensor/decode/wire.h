// SPDX-License-Identifier: Apache-2.0
// Reading fields of a header whose size was checked beforehand.
#ifndef GANDER_DECODE_WIRE_H_
#define GANDER_DECODE_WIRE_H_

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "base/net.h"

namespace gander::decode {

static_assert(std::endian::native == std::endian::little, "the loads below swap bytes");

inline std::uint8_t Load8(Bytes b, std::size_t at) noexcept { return static_cast<std::uint8_t>(b[at]); }

inline std::uint16_t Load16(Bytes b, std::size_t at) noexcept {
  std::uint16_t v;
  std::memcpy(&v, b.data() + at, sizeof v);
  return __builtin_bswap16(v);
}

inline std::uint32_t Load32(Bytes b, std::size_t at) noexcept {
  std::uint32_t v;
  std::memcpy(&v, b.data() + at, sizeof v);
  return __builtin_bswap32(v);
}

inline std::uint32_t Load24(Bytes b, std::size_t at) noexcept {
  return std::uint32_t{Load16(b, at)} << 8 | Load8(b, at + 2);
}

// IpAddress::FromV4Octets without the way through memory in small pieces, which costs twice the rest of the header.
inline void SetV4(IpAddress& a, Bytes b, std::size_t at) noexcept {
  std::uint32_t four;
  std::memcpy(&four, b.data() + at, sizeof four);
  const std::uint64_t halves[2] = {0, std::uint64_t{four} << 32 | 0xffff0000};  // ::ffff:a.b.c.d, little-endian
  std::memcpy(a.octets.data(), halves, sizeof halves);
  a.v4 = true;
}

}  // namespace gander::decode

#endif  // GANDER_DECODE_WIRE_H_
