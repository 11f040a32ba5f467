// SPDX-License-Identifier: Apache-2.0
#include "sketch/packed_hyperloglog.h"

#include <algorithm>
#include <bit>

namespace gander::sketch {

PackedHyperLogLog::Outcome PackedHyperLogLog::Insert(std::uint64_t tag) noexcept {
  const std::size_t i = tag >> HyperLogLog::kRankBits;
  const std::uint64_t rest =
      tag << HyperLogLog::kLog2Registers | std::uint64_t{1} << (HyperLogLog::kLog2Registers - 1);
  const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
  const std::uint8_t above = Above(i);
  if (rank <= base_ + above && above != kFar) return Outcome::kSame;
  if (above == kFar) {
    const auto end = exceptions_.begin() + far_;
    const auto at = std::find_if(exceptions_.begin(), end, [&](const Exception& e) { return e.index == i; });
    if (rank <= at->rank) return Outcome::kSame;
    at->rank = rank;
    return Outcome::kChanged;
  }
  if (rank - base_ >= kFar) {
    if (!AddException(i, rank)) return Outcome::kDoesNotFit;
    SetAbove(i, kFar);
  } else {
    SetAbove(i, static_cast<std::uint8_t>(rank - base_));
  }
  if (above == 0) --at_base_;
  while (at_base_ == 0) RaiseBase();
  return Outcome::kChanged;
}

bool PackedHyperLogLog::AddException(std::size_t i, std::uint8_t rank) noexcept {
  if (far_ == kExceptions) return false;
  const auto end = exceptions_.begin() + far_;
  const auto at = std::find_if(exceptions_.begin(), end, [&](const Exception& e) { return e.index > i; });
  std::move_backward(at, end, end + 1);
  *at = {static_cast<std::uint16_t>(i), rank};
  ++far_;
  return true;
}

// No register is at the base any more: all move one nearer to it.
void PackedHyperLogLog::RaiseBase() noexcept {
  ++base_;
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) {
    const std::uint8_t above = Above(i);
    if (above == kFar) continue;
    SetAbove(i, static_cast<std::uint8_t>(above - 1));
    at_base_ += above == 1;
  }
  std::size_t kept = 0;
  for (std::size_t k = 0; k < far_; ++k) {
    const Exception e = exceptions_[k];
    if (e.rank - base_ < kFar) {
      SetAbove(e.index, static_cast<std::uint8_t>(e.rank - base_));
    } else {
      exceptions_[kept++] = e;
    }
  }
  std::fill(exceptions_.begin() + static_cast<std::ptrdiff_t>(kept), exceptions_.end(), Exception{});
  far_ = static_cast<std::uint8_t>(kept);
}

bool PackedHyperLogLog::Pack(const HyperLogLog& registers) noexcept {
  *this = {};
  std::uint8_t base = HyperLogLog::kMaxRank;
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) base = std::min(base, registers.at(i));
  base_ = base;
  at_base_ = 0;
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; ++i) {
    const auto above = static_cast<std::uint8_t>(registers.at(i) - base);
    at_base_ += above == 0;
    SetAbove(i, std::min(above, kFar));
    if (above >= kFar && !AddException(i, registers.at(i))) {
      *this = {};
      return false;
    }
  }
  return true;
}

void PackedHyperLogLog::Unpack(HyperLogLog& registers) const noexcept {
  for (std::size_t i = 0; i < HyperLogLog::kRegisters; i += 2) {
    const std::uint8_t cell = cells_[i / 2];
    registers.Set(i, static_cast<std::uint8_t>(base_ + (cell & 0xf)));
    registers.Set(i + 1, static_cast<std::uint8_t>(base_ + (cell >> 4)));
  }
  for (std::size_t k = 0; k < far_; ++k) registers.Set(exceptions_[k].index, exceptions_[k].rank);
}

}  // namespace gander::sketch
