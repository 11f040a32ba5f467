// SPDX-License-Identifier: Apache-2.0
// Keyed and unkeyed hashes.
#ifndef GANDER_BASE_HASH_H_
#define GANDER_BASE_HASH_H_

#include <cstdint>

#include "base/bytes.h"

namespace gander {

// 128-bit key of a SipHash. Lives in memory only; never logged, exported or printed.
struct HashKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
std::uint64_t SipHash24(const HashKey& key, Bytes data) noexcept;

// SipHash-1-3 over one 64-bit word: re-keying of a tag that is already the output of SipHash-2-4.
std::uint64_t SipHash13(const HashKey& key, std::uint64_t word) noexcept;

// Finaliser of MurmurHash3 (Appleby, public domain): spreads bits, is not keyed. Never for data an
// attacker chooses where collisions would cost us; use SipHash there.
constexpr std::uint64_t Mix64(std::uint64_t x) noexcept {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  x ^= x >> 33;
  return x;
}

}  // namespace gander

#endif  // GANDER_BASE_HASH_H_
