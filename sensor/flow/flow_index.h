// SPDX-License-Identifier: Apache-2.0
// From a hash to a slot number: open addressing, linear probing with backward shift, so that no tombstones gather.
// An entry holds the half of the hash that says where it belongs, so that no operation touches another flow's slot.
#ifndef GANDER_FLOW_FLOW_INDEX_H_
#define GANDER_FLOW_FLOW_INDEX_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/huge_array.h"

namespace gander::flow {

class FlowIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // At most half full with `capacity` slots.
  explicit FlowIndex(std::uint32_t capacity)
      : entries_(std::bit_ceil(std::size_t{capacity} * 2)), mask_(entries_.size() - 1) {}

  void Prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&entries_[Half(hash) & mask_]); }

  // The slot of the first entry with this hash, without asking whether it is the right one.
  std::uint32_t First(std::uint64_t hash) const noexcept {
    return Find(hash, [](std::uint32_t) { return true; });
  }

  template <class IsRight>
  std::uint32_t Find(std::uint64_t hash, IsRight&& is_right) const noexcept {
    const std::uint32_t half = Half(hash);
    for (std::size_t i = half & mask_; entries_[i].slot_plus_one != 0; i = (i + 1) & mask_) {
      if (entries_[i].half == half && is_right(entries_[i].slot_plus_one - 1)) return entries_[i].slot_plus_one - 1;
    }
    return kNone;
  }

  void Clear() noexcept { std::fill(entries_.begin(), entries_.end(), Entry{}); }

  void Insert(std::uint64_t hash, std::uint32_t slot) noexcept {
    const std::uint32_t half = Half(hash);
    std::size_t i = half & mask_;
    while (entries_[i].slot_plus_one != 0) i = (i + 1) & mask_;
    entries_[i] = {half, slot + 1};
  }

  // `slot` is in under `hash`.
  void Erase(std::uint64_t hash, std::uint32_t slot) noexcept {
    std::size_t i = Half(hash) & mask_;
    while (entries_[i].slot_plus_one != slot + 1) i = (i + 1) & mask_;
    for (std::size_t j = (i + 1) & mask_; entries_[j].slot_plus_one != 0; j = (j + 1) & mask_) {
      const std::size_t home = entries_[j].half & mask_;
      if (((j - home) & mask_) < ((j - i) & mask_)) continue;
      entries_[i] = entries_[j];
      i = j;
    }
    entries_[i] = {};
  }

 private:
  struct Entry {
    std::uint32_t half;
    std::uint32_t slot_plus_one;  // 0 = free
  };

  static std::uint32_t Half(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }

  HugeArray<Entry> entries_;
  std::size_t mask_;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_INDEX_H_
