// SPDX-License-Identifier: Apache-2.0
// What a meter counts by key in one epoch: fixed memory on the packet path, sums that commute when workers are merged.
#ifndef GANDER_DETECT_STATE_METER_TABLE_H_
#define GANDER_DETECT_STATE_METER_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#include "base/hash.h"
#include "base/net.h"
#include "detect/state/epoch_table.h"

namespace gander::detect {

// SipHash-1-3 over whole words; for placing entries, so the key must be secret.
inline std::uint64_t HashWords(const HashKey& key, std::initializer_list<std::uint64_t> words) noexcept {
  SipState state(key);
  for (const std::uint64_t word : words) state.Absorb<1>(word);
  state.Absorb<1>(static_cast<std::uint64_t>(words.size()) << 56);
  return state.Finish<3>();
}

// `Entry` has a `key` with `operator<=>` and `std::uint64_t Hash(const HashKey&) const noexcept`, and
// `void Add(const Entry&) noexcept`, which must commute.
template <class Entry>
class MeterTable {
 public:
  explicit MeterTable(std::size_t capacity) : table_(capacity) {
    std::random_device random;
    const auto word = [&] { return std::uint64_t{random()} << 32 | random(); };
    placing_ = {word(), word()};
  }

  // Adds `entry` to that of the same key. Null, and counted, when it is a new one and there is no room.
  Entry* Add(const Entry& entry) noexcept {
    const std::uint64_t hash = entry.key.Hash(placing_);
    if (Entry* const found = Find(hash, entry.key)) {
      found->Add(entry);
      return found;
    }
    if (table_.full()) {
      ++lost_;
      return nullptr;
    }
    return &table_.entries()[table_.Add(hash, entry)];
  }
  template <class Key>
  Entry* Find(const Key& key) noexcept {
    return Find(key.Hash(placing_), key);
  }

  // In the aggregator: grows where it must.
  void Merge(const MeterTable& other) {
    for (const Entry& entry : other.table_.entries()) {
      if (table_.full()) table_.Grow([this](const Entry& e) { return e.key.Hash(placing_); });
      Add(entry);
    }
    lost_ += other.lost_;
  }
  void Clear() noexcept {
    table_.Clear();
    lost_ = 0;
  }

  bool full() const noexcept { return table_.full(); }
  std::size_t size() const noexcept { return table_.size(); }
  std::uint64_t lost() const noexcept { return lost_; }
  const std::vector<Entry>& entries() const noexcept { return table_.entries(); }
  // By key: the number of workers does not show.
  std::vector<const Entry*> Sorted() const {
    std::vector<const Entry*> out;
    out.reserve(table_.size());
    for (const Entry& entry : table_.entries()) out.push_back(&entry);
    std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
    return out;
  }

 private:
  template <class Key>
  Entry* Find(std::uint64_t hash, const Key& key) noexcept {
    const std::uint32_t at = table_.Find(hash, [&](const Entry& e) { return e.key == key; });
    return at == EpochTable<Entry>::kNone ? nullptr : &table_.entries()[at];
  }

  EpochTable<Entry> table_;
  HashKey placing_;  // of this table: appears in no result
  std::uint64_t lost_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_METER_TABLE_H_
