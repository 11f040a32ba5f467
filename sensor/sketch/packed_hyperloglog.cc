// SPDX-License-Identifier: Apache-2.0
#include "sketch/packed_hyperloglog.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace gander::sketch {
namespace {

std::pair<std::uint8_t, std::uint8_t> Range(const HyperLogLog::Ranks& ranks) noexcept {
  std::uint8_t least = HyperLogLog::kMaxRank, most = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    least = std::min(least, ranks[i]);
    most = std::max(most, ranks[i]);
  }
  return {least, most};
}

}  // namespace

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

// Both ways run at each merge of two counts, so their loops are plain enough for the compiler to take 32 registers at
// once.
bool PackedHyperLogLog::Pack(const HyperLogLog& registers) noexcept {
  *this = {};
  const auto& ranks = registers.ranks();
  const auto [least, most] = Range(ranks);
  base_ = least;
  std::uint16_t at_base = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) at_base = static_cast<std::uint16_t>(at_base + (ranks[i] == least));
  at_base_ = at_base;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto low = std::min<std::uint8_t>(ranks[2 * i] - least, kFar);
    const auto high = std::min<std::uint8_t>(ranks[2 * i + 1] - least, kFar);
    cells_[i] = static_cast<std::uint8_t>(low | high << 4);
  }
  if (most - least < kFar) return true;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] - least < kFar || AddException(i, ranks[i])) continue;
    *this = {};
    return false;
  }
  return true;
}

void PackedHyperLogLog::Unpack(HyperLogLog& registers) const noexcept {
  const std::uint8_t base = base_;
  auto& ranks = registers.ranks();
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const std::uint8_t cell = cells_[i];
    ranks[2 * i] = static_cast<std::uint8_t>(base + (cell & 0xf));
    ranks[2 * i + 1] = static_cast<std::uint8_t>(base + (cell >> 4));
  }
  for (std::size_t k = 0; k < far_; ++k) ranks[exceptions_[k].index] = exceptions_[k].rank;
}

}  // namespace gander::sketch
