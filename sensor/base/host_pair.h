// SPDX-License-Identifier: Apache-2.0
// The hash by which all packets between two hosts come to one worker. Arithmetic of 32 bits that the kernel can do as well
// (capture/packet_fanout.cc): what it deals by the addresses it sees and what Gander deals by those in a tunnel then meet,
// as they must where one direction of a connection is mirrored in a tunnel and the other is not.
#ifndef GANDER_BASE_HOST_PAIR_H_
#define GANDER_BASE_HOST_PAIR_H_

#include <cstdint>

namespace gander::host_pair {

// Odd constants: the prime of FNV-1a, and of the golden ratio and pi, to spread pairs that differ in few bits.
inline constexpr std::uint32_t kWord = 0x01000193, kXor = 0x9e3779b1, kSum = 0x85ebca6b;

// An address, as four big-endian words; IPv4 in its mapped form (RFC 4291 §2.5.5.2).
constexpr std::uint32_t End(std::uint32_t w0, std::uint32_t w1, std::uint32_t w2, std::uint32_t w3) noexcept {
  return (w3 + (w2 + (w1 + w0 * kWord) * kWord) * kWord) * kWord;
}
// What the first three words of the mapped form add to the last.
inline constexpr std::uint32_t kMapped = 0xffff * kWord;
static_assert(End(0, 0, 0xffff, 7) == (kMapped + 7) * kWord);

// The same for both directions.
constexpr std::uint32_t Hash(std::uint32_t one, std::uint32_t other) noexcept {
  const std::uint32_t mixed = (one ^ other) * kXor ^ (one + other) * kSum;
  return mixed ^ mixed >> 16;
}

}  // namespace gander::host_pair

#endif  // GANDER_BASE_HOST_PAIR_H_
