// SPDX-License-Identifier: Apache-2.0
// HyperLogLog in half the memory: registers of four bits above their common minimum, and a short list of those that
// stand out further. The layout is that of HLL_4 in Apache DataSketches ("HLL Sketch", theory pages); the code is ours.
// The content is equal to that of the HyperLogLog it stands for, whatever the order of insertion.
#ifndef GANDER_SKETCH_PACKED_HYPERLOGLOG_H_
#define GANDER_SKETCH_PACKED_HYPERLOGLOG_H_

#include <array>
#include <cstdint>

#include "sketch/hyperloglog.h"

namespace gander::sketch {

class PackedHyperLogLog {
 public:
  // Random tags need about one, whatever their number; only chosen ones need more, and then there is no packed form.
  static constexpr std::size_t kExceptions = 15;

  enum class Outcome : std::uint8_t { kSame, kChanged, kDoesNotFit };  // nothing is changed where it does not fit
  Outcome Insert(std::uint64_t tag) noexcept;

  // False when it does not fit; *this is then empty.
  bool Pack(const HyperLogLog& registers) noexcept;
  void Unpack(HyperLogLog& registers) const noexcept;

  bool operator==(const PackedHyperLogLog&) const = default;

 private:
  static constexpr std::uint8_t kFar = 15;  // in the list
  struct Exception {
    std::uint16_t index = 0;
    std::uint8_t rank = 0, unused = 0;
    bool operator==(const Exception&) const = default;
  };

  std::uint8_t Above(std::size_t i) const noexcept { return cells_[i / 2] >> (i % 2 * 4) & 0xf; }
  void SetAbove(std::size_t i, std::uint8_t v) noexcept {
    const unsigned shift = i % 2 * 4;
    cells_[i / 2] = static_cast<std::uint8_t>((cells_[i / 2] & ~(0xf << shift)) | v << shift);
  }
  bool AddException(std::size_t i, std::uint8_t rank) noexcept;
  void RaiseBase() noexcept;

  std::array<std::uint8_t, HyperLogLog::kRegisters / 2> cells_{};
  std::uint16_t at_base_ = HyperLogLog::kRegisters;  // registers equal to it
  std::uint8_t base_ = 0, far_ = 0;                  // minimum of all registers; entries of the list
  std::array<Exception, kExceptions> exceptions_{};  // by index
};
static_assert(sizeof(PackedHyperLogLog) == 1088);

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_PACKED_HYPERLOGLOG_H_
