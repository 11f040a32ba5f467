// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071).
#ifndef GANDER_DECODE_CHECKSUM_H_
#define GANDER_DECODE_CHECKSUM_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/net.h"

namespace gander::decode {

// Ones' complement sum of `b` as big-endian 16-bit words, an odd byte padded with zero, on top of `start`.
// Over data that holds its own correct checksum it is 0xffff.
std::uint16_t OnesSum(Bytes b, std::uint32_t start = 0) noexcept;

// Sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 793, RFC 8200 §8.1), to start OnesSum with.
std::uint32_t PseudoHeaderSum(const FiveTuple& tuple, std::size_t length) noexcept;

}  // namespace gander::decode

#endif  // GANDER_DECODE_CHECKSUM_H_
