// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <bit>
#include <cstring>

namespace gander {
namespace {

// State and round of SipHash, section 2 of the paper.
struct SipState {
  std::uint64_t v0, v1, v2, v3;

  explicit SipState(const HashKey& key) noexcept
      : v0(key.k0 ^ 0x736f6d6570736575ULL),
        v1(key.k1 ^ 0x646f72616e646f6dULL),
        v2(key.k0 ^ 0x6c7967656e657261ULL),
        v3(key.k1 ^ 0x7465646279746573ULL) {}

  void Round() noexcept {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  template <int kRounds>
  void Absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    for (int i = 0; i < kRounds; ++i) Round();
    v0 ^= word;
  }

  template <int kRounds>
  std::uint64_t Finish() noexcept {
    v2 ^= 0xff;
    for (int i = 0; i < kRounds; ++i) Round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace

std::uint64_t SipHash24(const HashKey& key, Bytes data) noexcept {
  SipState state(key);
  const std::size_t whole = data.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, data.data() + i, 8);
    state.Absorb<2>(word);
  }
  std::uint64_t last = static_cast<std::uint64_t>(data.size()) << 56;
  for (std::size_t i = whole; i < data.size(); ++i) {
    last |= static_cast<std::uint64_t>(data[i]) << (8 * (i - whole));
  }
  state.Absorb<2>(last);
  return state.Finish<4>();
}

std::uint64_t SipHash13(const HashKey& key, std::uint64_t word) noexcept {
  SipState state(key);
  state.Absorb<1>(word);
  state.Absorb<1>(std::uint64_t{8} << 56);
  return state.Finish<3>();
}

}  // namespace gander
