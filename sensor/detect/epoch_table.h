// SPDX-License-Identifier: Apache-2.0
// A hash table for one epoch: entries lie densely in order of arrival, an open-addressed index finds them, and
// Clear is one increment. All memory is taken when it is made; only Grow (never on the packet path) takes more.
#ifndef GANDER_DETECT_EPOCH_TABLE_H_
#define GANDER_DETECT_EPOCH_TABLE_H_

#include <bit>
#include <cstdint>
#include <vector>

namespace gander::detect {

template <class Entry>
class EpochTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit EpochTable(std::size_t capacity) {
    entries_.reserve(capacity);
    slots_.resize(std::bit_ceil(2 * capacity + 2));
  }

  std::size_t size() const noexcept { return entries_.size(); }
  bool full() const noexcept { return entries_.size() == entries_.capacity(); }
  std::vector<Entry>& entries() noexcept { return entries_; }
  const std::vector<Entry>& entries() const noexcept { return entries_; }

  // Index of the entry with this hash for which `equal(entry)` holds. `hash` must be keyed: what is stored here is
  // chosen by whoever sends packets.
  template <class Equal>
  std::uint32_t Find(std::uint64_t hash, Equal&& equal) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask; slots_[i].generation == generation_; i = (i + 1) & mask) {
      if (slots_[i].hash == hash && equal(entries_[slots_[i].index])) return slots_[i].index;
    }
    return kNone;
  }

  // Appends what Find did not find. Precondition: !full().
  std::uint32_t Add(std::uint64_t hash, const Entry& entry) noexcept {
    const auto index = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back(entry);
    Place(hash, index);
    return index;
  }

  // Twice the capacity. Allocates.
  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    const std::uint32_t generation = generation_;
    generation_ = 1;
    for (const Slot& s : old) {
      if (s.generation == generation) Place(s.hash, s.index);
    }
    entries_.reserve(2 * entries_.capacity() + 1);
  }

  void Clear() noexcept {
    entries_.clear();
    if (++generation_ != 0) return;
    for (Slot& s : slots_) s.generation = 0;  // once in four thousand million epochs
    generation_ = 1;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t generation = 0;
    std::uint32_t index = 0;
  };

  void Place(std::uint64_t hash, std::uint32_t index) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].generation == generation_) i = (i + 1) & mask;
    slots_[i] = {hash, generation_, index};
  }

  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::uint32_t generation_ = 1;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_EPOCH_TABLE_H_
