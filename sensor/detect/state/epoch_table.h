// SPDX-License-Identifier: Apache-2.0
// A hash table for one epoch: entries lie densely in order of arrival, an open-addressed index finds them, and
// Clear is one increment. All memory is taken when it is made; only Grow (never on the packet path) takes more.
#ifndef GANDER_DETECT_STATE_EPOCH_TABLE_H_
#define GANDER_DETECT_STATE_EPOCH_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "base/huge_array.h"

namespace gander::detect {

// For elements whose fresh state is all zero bytes: memory comes zeroed from the system and is not touched before it is
// used, so that a table for many people costs a quiet sensor addresses alone.
template <class T>
struct ZeroedAllocator {
  using value_type = T;
  ZeroedAllocator() = default;
  template <class U>
  explicit ZeroedAllocator(const ZeroedAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    if (n * sizeof(T) >= kHugePage) return static_cast<T*>(MapHuge(n * sizeof(T)));
    void* const p = std::calloc(n, sizeof(T));
    if (p == nullptr) throw std::bad_alloc();
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t n) noexcept {
    n * sizeof(T) >= kHugePage ? UnmapHuge(p, n * sizeof(T)) : std::free(p);
  }
  template <class U>
  void construct(U*) noexcept {}  // zero already: elements are made once, when their memory is
  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
  }
  bool operator==(const ZeroedAllocator&) const = default;
};

template <class Entry>
class EpochTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit EpochTable(std::size_t capacity) {
    entries_.reserve(capacity);
    slots_.resize(std::bit_ceil(2 * capacity + 1));
  }

  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t capacity() const noexcept { return entries_.capacity(); }
  bool full() const noexcept { return entries_.size() == entries_.capacity(); }
  std::vector<Entry>& entries() noexcept { return entries_; }
  const std::vector<Entry>& entries() const noexcept { return entries_; }

  // Index of the entry with this hash for which `equal(entry)` holds. `hash` must be keyed: what is stored here is
  // chosen by whoever sends packets.
  template <class Equal>
  std::uint32_t Find(std::uint64_t hash, Equal&& equal) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    const std::uint32_t mark = MarkOf(hash);
    for (std::size_t i = hash & mask; InUse(slots_[i]); i = (i + 1) & mask) {
      if (slots_[i].mark == mark && equal(entries_[slots_[i].index])) return slots_[i].index;
    }
    return kNone;
  }
  // Asks for the cache line that Find and Add will read.
  void Prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)], 1); }

  // Once that line is there: asks for the entry that Find will most likely compare.
  void PrefetchEntry(std::uint64_t hash) const noexcept {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    if (slot.mark == MarkOf(hash)) __builtin_prefetch(&entries_[slot.index]);
  }

  // Appends what Find did not find. Precondition: !full().
  std::uint32_t Add(std::uint64_t hash, const Entry& entry) noexcept {
    const auto index = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back(entry);
    Place(hash, index);
    return index;
  }

  // Twice the capacity. Allocates. `hash_of` gives the hash an entry was added with.
  template <class HashOf>
  void Grow(HashOf&& hash_of) {
    slots_.assign(slots_.size() * 2, Slot{});
    generation_ = 1;
    entries_.reserve(2 * entries_.capacity() + 1);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) Place(hash_of(entries_[i]), i);
  }

  void Clear() noexcept {
    entries_.clear();
    if (++generation_ != 0) return;
    std::fill(slots_.begin(), slots_.end(), Slot{});  // once in 255 epochs
    generation_ = 1;
  }

  // All of `other`, in place of what is here. Allocates when `other` has grown.
  void Copy(const EpochTable& other) {
    entries_.reserve(other.entries_.capacity());
    entries_ = other.entries_;
    slots_ = other.slots_;
    generation_ = other.generation_;
  }

 private:
  // Eight bytes, so that a table of a quarter of a million people stays near the processor.
  struct Slot {
    std::uint32_t mark = 0;  // upper bits of the hash, and the epoch in the lowest byte
    std::uint32_t index = 0;
  };

  bool InUse(const Slot& slot) const noexcept { return static_cast<std::uint8_t>(slot.mark) == generation_; }
  std::uint32_t MarkOf(std::uint64_t hash) const noexcept {
    return static_cast<std::uint32_t>(hash >> 32 & ~std::uint64_t{0xff}) | generation_;
  }
  void Place(std::uint64_t hash, std::uint32_t index) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (InUse(slots_[i])) i = (i + 1) & mask;
    slots_[i] = {MarkOf(hash), index};
  }

  std::vector<Entry> entries_;
  std::vector<Slot, ZeroedAllocator<Slot>> slots_;  // sized once, or anew by assign
  std::uint8_t generation_ = 1;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_EPOCH_TABLE_H_
