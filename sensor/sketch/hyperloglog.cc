// SPDX-License-Identifier: Apache-2.0
// Registers and Ertl's estimator.
#include "sketch/hyperloglog.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gander::sketch {
namespace {

// Weight of the registers still at zero (Ertl 2017, eq. 13): sum of 2^(k-1) x^(2^k), k >= 1, plus x.
double Sigma(double x) noexcept {
  if (x == 1.0) return HUGE_VAL;
  double power = 1.0, sum = x, before;
  do {
    x *= x;
    before = sum;
    sum += x * power;
    power += power;
  } while (sum != before);
  return sum;
}

// Weight of the saturated registers (eq. 14).
double Tau(double x) noexcept {
  if (x == 0.0 || x == 1.0) return 0.0;
  double power = 1.0, sum = 1.0 - x, before;
  do {
    x = std::sqrt(x);
    before = sum;
    power *= 0.5;
    sum -= (1.0 - x) * (1.0 - x) * power;
  } while (sum != before);
  return sum / 3.0;
}

// Octet i of `w` goes to place i ^ turn.
std::uint64_t TurnOctets(std::uint64_t w, std::size_t turn) noexcept {
  if (turn & 1) w = (w >> 8 & 0x00ff00ff00ff00ff) | (w & 0x00ff00ff00ff00ff) << 8;
  if (turn & 2) w = (w >> 16 & 0x0000ffff0000ffff) | (w & 0x0000ffff0000ffff) << 16;
  if (turn & 4) w = w >> 32 | w << 32;
  return w;
}

}  // namespace

void HyperLogLog::Merge(const HyperLogLog& other) noexcept {
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

// Eight registers at a time: the lower three bits of the turn swap octets within a word, the others swap words.
void HyperLogLog::MergeTurned(const HyperLogLog& other, std::size_t turn) noexcept {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  HyperLogLog turned;
  for (std::size_t word = 0; word < kRegisters / kWord; ++word) {
    std::uint64_t w;
    std::memcpy(&w, &other.registers_[word * kWord], kWord);
    w = TurnOctets(w, turn % kWord);
    std::memcpy(&turned.registers_[(word ^ turn / kWord) * kWord], &w, kWord);
  }
  Merge(turned);
}

double HyperLogLog::Estimate() const noexcept {
  // Neighbours often hold the same rank: four tallies keep one increment from waiting for the last.
  std::array<std::array<std::uint32_t, kMaxRank + 1>, 4> tallies{};
  for (std::size_t i = 0; i < kRegisters; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) ++tallies[k][registers_[i + k]];
  }
  std::array<std::uint32_t, kMaxRank + 1> count{};
  for (const auto& tally : tallies) {
    for (std::size_t rank = 0; rank < count.size(); ++rank) count[rank] += tally[rank];
  }
  constexpr double m = kRegisters;
  double z = m * Tau(1.0 - count[kMaxRank] / m);
  for (unsigned k = kRankBits; k >= 1; --k) z = 0.5 * (z + count[k]);
  z += m * Sigma(count[0] / m);
  constexpr double kAlpha = 0.5 / 0.693147180559945309417;  // 1 / (2 ln 2)
  constexpr double kCeiling = 4e18;  // fits 63 bits with its margin; only crafted registers get here
  return std::min(kAlpha * m * m / z, kCeiling);
}

}  // namespace gander::sketch
