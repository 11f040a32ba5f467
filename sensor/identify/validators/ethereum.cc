// SPDX-License-Identifier: Apache-2.0
// Addresses of Ethereum: the case of their letters is a check (EIP-55), over Keccak-256 as it was submitted to NIST
// (G. Bertoni et al., "The Keccak SHA-3 submission", 2011), whose padding differs from that of FIPS 202.
#include <array>
#include <bit>
#include <cstdint>

#include "identify/char_class.h"
#include "identify/validators/families.h"

namespace gander::identify {
namespace {

constexpr std::size_t kDigits = 40;

// Lane (x, y) is at 5 * y + x.
using State = std::array<std::uint64_t, 25>;

constexpr std::array<std::uint64_t, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

constexpr std::array<int, 25> kRotations = {0,  1, 62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                            25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

void Theta(State& a) noexcept {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t i = 0; i < a.size(); ++i) parity[i % 5] ^= a[i];
  for (std::size_t i = 0; i < a.size(); ++i) a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
}

// Rho and pi: each lane turned and moved to (y, 2x + 3y).
State Moved(const State& a) noexcept {
  State b{};
  for (std::size_t y = 0; y < 5; ++y) {
    for (std::size_t x = 0; x < 5; ++x)
      b[5 * ((2 * x + 3 * y) % 5) + y] = std::rotl(a[5 * y + x], kRotations[5 * y + x]);
  }
  return b;
}

void Permute(State& a) noexcept {
  for (const std::uint64_t constant : kRoundConstants) {
    Theta(a);
    const State b = Moved(a);
    for (std::size_t y = 0; y < 25; y += 5) {
      for (std::size_t x = 0; x < 5; ++x) a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
    }
    a[0] ^= constant;
  }
}

// Of one block: what is hashed here has 40 bytes. The first eight bytes of the hash that a lane holds come first.
State KeccakOf(const std::array<std::uint8_t, kDigits>& text) noexcept {
  constexpr std::size_t kRate = 136;  // bytes, for a hash of 256 bits
  State state{};
  const auto absorb = [&](std::size_t at, std::uint8_t byte) {
    state[at / 8] ^= std::uint64_t{byte} << (8 * (at % 8));
  };
  for (std::size_t i = 0; i < text.size(); ++i) absorb(i, text[i]);
  absorb(kDigits, 0x01);
  absorb(kRate - 1, 0x80);
  Permute(state);
  return state;
}

}  // namespace

bool EthereumAddress(std::string_view raw) noexcept {
  if (raw.size() != kDigits + 2 || raw[0] != '0' || ToLower(raw[1]) != 'x') return false;
  std::array<std::uint8_t, kDigits> lower{};
  bool has_lower = false, has_upper = false;
  for (std::size_t i = 0; i < kDigits; ++i) {
    const char c = raw[i + 2];
    lower[i] = static_cast<std::uint8_t>(ToLower(c));
    if (!IsDigit(c) && (lower[i] < 'a' || lower[i] > 'f')) return false;
    has_lower = has_lower || IsLower(c);
    has_upper = has_upper || IsUpper(c);
  }
  if (!has_lower || !has_upper) return true;  // written without the check
  const State hash = KeccakOf(lower);
  for (std::size_t i = 0; i < kDigits; ++i) {
    const std::uint64_t byte = hash[i / 16] >> (8 * (i / 2 % 8)) & 0xFF;
    const std::uint64_t digit = i % 2 == 0 ? byte >> 4 : byte & 15;
    if (!IsDigit(raw[i + 2]) && IsUpper(raw[i + 2]) != (digit >= 8)) return false;
  }
  return true;
}

}  // namespace gander::identify
