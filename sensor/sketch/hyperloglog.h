// SPDX-License-Identifier: Apache-2.0
// HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007) with 2^11 registers of one byte, and the estimator of
// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), which needs no bias table
// and has no seam between small and large counts.
#ifndef GANDER_SKETCH_HYPERLOGLOG_H_
#define GANDER_SKETCH_HYPERLOGLOG_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace gander::sketch {

class HyperLogLog {
 public:
  static constexpr unsigned kLog2Registers = 11;
  static constexpr std::size_t kRegisters = std::size_t{1} << kLog2Registers;
  // sqrt(3 ln 2 - 1) / sqrt(kRegisters), Ertl 2017.
  static constexpr double kRelativeError = 0.02296;

  // Returns true when a register rose. `tag` must be uniform: the upper 11 bits choose the register, the
  // leading zeros of the rest give its value.
  bool Insert(std::uint64_t tag) noexcept {
    std::uint8_t& cell = registers_[tag >> kRankBits];
    // The bit below the tag's own stops the count where all of them are zero.
    const std::uint64_t rest = tag << kLog2Registers | std::uint64_t{1} << (kLog2Registers - 1);
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    if (rank <= cell) return false;
    cell = rank;
    return true;
  }
  // Asks for the register that Insert will change.
  void Prefetch(std::uint64_t tag) const noexcept { __builtin_prefetch(&registers_[tag >> kRankBits], 1); }
  void Merge(const HyperLogLog& other) noexcept;  // maximum per register
  void Clear() noexcept { registers_.fill(0); }
  // By number of the register, for other forms of the same sketch.
  using Ranks = std::array<std::uint8_t, kRegisters>;
  const Ranks& ranks() const noexcept { return registers_; }
  Ranks& ranks() noexcept { return registers_; }
  std::uint8_t at(std::size_t i) const noexcept { return registers_[i]; }
  void Set(std::size_t i, std::uint8_t rank) noexcept { registers_[i] = rank; }
  // Maximum per register, where register i of `other` is register i ^ `turn` here (sketch/rekey.h).
  void MergeTurned(const HyperLogLog& other, std::size_t turn) noexcept;
  double Estimate() const noexcept;

  bool operator==(const HyperLogLog&) const = default;

  static constexpr unsigned kRankBits = 64 - kLog2Registers;
  static constexpr unsigned kMaxRank = kRankBits + 1;  // all rank bits zero

 private:
  Ranks registers_{};
};

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_HYPERLOGLOG_H_
