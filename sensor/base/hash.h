// SPDX-License-Identifier: Apache-2.0
// Keyed and unkeyed hashes.
#ifndef GANDER_BASE_HASH_H_
#define GANDER_BASE_HASH_H_

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace gander {

// 128-bit key of a SipHash. Lives in memory only; never logged, exported or printed.
struct HashKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

// State and round of SipHash-c-d (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, section 2): c
// rounds a word, d at the end.
class SipState {
 public:
  explicit SipState(const HashKey& key) noexcept
      : v0_(key.k0 ^ 0x736f6d6570736575ULL),
        v1_(key.k1 ^ 0x646f72616e646f6dULL),
        v2_(key.k0 ^ 0x6c7967656e657261ULL),
        v3_(key.k1 ^ 0x7465646279746573ULL) {}

  template <int kRounds>
  void Absorb(std::uint64_t word) noexcept {
    v3_ ^= word;
    for (int i = 0; i < kRounds; ++i) Round();
    v0_ ^= word;
  }
  template <int kRounds>
  std::uint64_t Finish() noexcept {
    v2_ ^= 0xff;
    for (int i = 0; i < kRounds; ++i) Round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void Round() noexcept {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

// SipHash-2-4: where what is hashed with a key that lives long or that others know too is shown to anybody.
std::uint64_t SipHash24(const HashKey& key, Bytes data) noexcept;

// SipHash-1-3, for hashes that never leave the process under a key that is random and secret. The paper (section 4)
// offers fewer rounds for such uses; no attack on 1-3 is known that would need less than the key, least of all
// without seeing an output. Rust's and Python's tables rest on it for the same reason.
inline std::uint64_t SipHash13(const HashKey& key, Bytes data) noexcept {
  SipState state(key);
  const std::size_t rest = data.size() % 8;
  std::uint64_t word = 0;
  for (std::size_t i = 0; i + 8 <= data.size(); i += 8) {
    std::memcpy(&word, data.data() + i, 8);
    state.Absorb<1>(word);
  }
  if (data.size() < 8) {
    for (std::size_t i = 0; i < rest; ++i) word |= static_cast<std::uint64_t>(data[i]) << (8 * i);
  } else {
    // The rest ends the last eight bytes; two shifts, since one of 64 is none.
    std::memcpy(&word, data.data() + data.size() - 8, 8);
    word = word >> (56 - 8 * rest) >> 8;
  }
  state.Absorb<1>(word | static_cast<std::uint64_t>(data.size()) << 56);
  return state.Finish<3>();
}
// The same where the whole word in which `data` ends may be read.
inline std::uint64_t SipHash13Roomy(const HashKey& key, Bytes data) noexcept {
  SipState state(key);
  std::uint64_t word = 0;
  std::size_t i = 0;
  for (; i + 8 <= data.size(); i += 8) {
    std::memcpy(&word, data.data() + i, 8);
    state.Absorb<1>(word);
  }
  word = 0;
  if (i < data.size()) {
    std::memcpy(&word, data.data() + i, 8);
    word &= (std::uint64_t{1} << (8 * (data.size() - i))) - 1;
  }
  state.Absorb<1>(word | static_cast<std::uint64_t>(data.size()) << 56);
  return state.Finish<3>();
}
// The same over the eight bytes of one word.
inline std::uint64_t SipHash13(const HashKey& key, std::uint64_t word) noexcept {
  SipState state(key);
  state.Absorb<1>(word);
  state.Absorb<1>(std::uint64_t{8} << 56);
  return state.Finish<3>();
}

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
