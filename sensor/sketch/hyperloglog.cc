// SPDX-License-Identifier: Apache-2.0
// Registers and Ertl's estimator.
#include "sketch/hyperloglog.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gander::sketch {
namespace {

constexpr unsigned kRankBits = 64 - HyperLogLog::kLog2Registers;
constexpr unsigned kMaxRank = kRankBits + 1;  // all rank bits zero

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

}  // namespace

bool HyperLogLog::Insert(std::uint64_t tag) noexcept {
  std::uint8_t& cell = registers_[tag >> kRankBits];
  const std::uint64_t rest = tag << kLog2Registers;
  const auto rank = static_cast<std::uint8_t>(rest == 0 ? kMaxRank : std::countl_zero(rest) + 1);
  if (rank <= cell) return false;
  cell = rank;
  return true;
}

void HyperLogLog::Merge(const HyperLogLog& other) noexcept {
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

double HyperLogLog::Estimate() const noexcept {
  std::array<std::uint32_t, kMaxRank + 1> count{};
  for (std::uint8_t r : registers_) ++count[r];
  constexpr double m = kRegisters;
  double z = m * Tau(1.0 - count[kMaxRank] / m);
  for (unsigned k = kRankBits; k >= 1; --k) z = 0.5 * (z + count[k]);
  z += m * Sigma(count[0] / m);
  constexpr double kAlpha = 0.5 / 0.693147180559945309417;  // 1 / (2 ln 2)
  constexpr double kCeiling = 4e18;  // fits 63 bits with its margin; only crafted registers get here
  return std::min(kAlpha * m * m / z, kCeiling);
}

}  // namespace gander::sketch
