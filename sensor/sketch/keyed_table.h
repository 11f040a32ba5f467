// SPDX-License-Identifier: Apache-2.0
// State by key in bounded memory, under keys that an opponent makes up by the million (DETECTION.md §4, "keyed tables
// under attack"). Eight-way sets of fixed number. A new key that finds its set full takes the place of the lightest
// entry with probability 1.08^-w, w being that entry's weight: whoever has gathered evidence is all but safe, and a new
// slow key still gets in. The idea of exponential decay is that of HeavyKeeper (Gong et al., USENIX ATC 2018); unlike
// there an entry never inherits a count: an accusation must not rest on somebody else's traffic.
//
// One origin (say, the network a key was made up in) holds at most a quarter of a set. Bytes are bounded too: who grows
// beyond the ceiling displaces the lightest among sets drawn by lot.
//
// Every draw is a keyed hash of the key and the number of arrivals so far: the same calls give the same table. Not safe
// from two threads.
#ifndef GANDER_SKETCH_KEYED_TABLE_H_
#define GANDER_SKETCH_KEYED_TABLE_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "sketch/hyperloglog.h"

namespace gander::sketch {

// True with probability 1.08^-weight, by a uniform draw.
inline bool AdmitsOver(std::uint32_t weight, std::uint64_t draw) noexcept {
  return static_cast<double>(draw >> 11) * 0x1p-53 < std::pow(1.08, -static_cast<double>(weight));
}

template <class Key, class Value>
class KeyedTable {
 public:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kOfOneOrigin = kWays / 4;
  static constexpr std::uint32_t kProven = 8;  // weight from which an entry given up is a loss

  struct Limits {
    std::size_t keys = 65536;            // rounded up to whole sets
    std::size_t bytes = std::size_t{64} << 20;
  };
  struct Counters {
    std::uint64_t arrivals = 0;          // keys not found, however often they came
    std::uint64_t refused = 0;           // of these, those not let in
    std::uint64_t evicted = 0, evicted_proven = 0;
  };
  struct Entry {
    Key key;
    Value value;
    std::uint64_t hash = 0, origin = 0;
    std::uint32_t weight = 0;            // distinct subjects
    std::uint32_t extra_bytes = 0;       // beyond the entry itself
  };

  KeyedTable(const Limits& limits, const HashKey& key)
      : sets_(std::max<std::size_t>(1, (limits.keys + kWays - 1) / kWays)),
        ceiling_(limits.bytes),
        key_(key),
        slots_(static_cast<Slot*>(std::calloc(sets_ * kWays, sizeof(Slot)))) {
    if (slots_ == nullptr) throw std::bad_alloc();  // zero pages: untouched memory costs addresses alone
  }
  ~KeyedTable() { Clear(); }
  KeyedTable(const KeyedTable&) = delete;
  KeyedTable& operator=(const KeyedTable&) = delete;

  // `hash`: of the key, under a secret key of the caller's, the same for equal keys.
  Entry* Find(std::uint64_t hash, const Key& key) const noexcept {
    const Slot* const set = SetOf(hash);
    for (std::size_t i = 0; i < kWays; ++i) {
      if (set[i].entry != nullptr && set[i].mark == MarkOf(hash) && set[i].entry->key == key) return set[i].entry;
    }
    return nullptr;
  }

  // The entry, or a fresh one; nullptr when it is not let in this time. `displaced(entry)` is told of each entry that
  // makes room. `origin`: 0 = of no bounded origin.
  template <class Displaced>
  Entry* FindOrAdd(std::uint64_t hash, const Key& key, std::uint64_t origin, Displaced&& displaced) {
    if (Entry* const found = Find(hash, key)) return found;
    ++counters_.arrivals;
    keys_seen_.Insert(hash);
    const std::uint64_t draw = SipHash13(key_, hash ^ SipHash13(key_, counters_.arrivals));
    Slot* const place = PlaceIn(SetOf(hash), origin, draw % kWays);
    const bool over = bytes_ + kEntryBytes > ceiling_;
    if (place->entry != nullptr && origin != 0) CountOfOrigin(origin, hash);
    Slot* victim = place->entry != nullptr ? place : over ? LightestByLot(nullptr) : nullptr;
    if (victim != nullptr) {
      if (!AdmitsOver(victim->entry->weight, draw)) {
        ++counters_.refused;
        return nullptr;
      }
      Evict(*victim, displaced);
    } else if (over) {
      ++counters_.refused;
      return nullptr;
    }
    Entry* const fresh = new Entry{key, {}, hash, origin};
    *place = {fresh, MarkOf(hash)};
    bytes_ += kEntryBytes;
    ++size_;
    return fresh;
  }

  // After an entry has changed: what it holds beyond itself, and its weight. Others make room where the ceiling asks
  // for it; `entry` stays.
  template <class Displaced>
  void Update(Entry& entry, std::size_t extra_bytes, std::uint64_t weight, Displaced&& displaced) {
    bytes_ += extra_bytes - entry.extra_bytes;
    entry.extra_bytes = static_cast<std::uint32_t>(extra_bytes);
    entry.weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, UINT32_MAX));
    while (bytes_ > ceiling_) {
      Slot* const victim = LightestByLot(&entry);
      if (victim == nullptr) return;
      Evict(*victim, displaced);
    }
  }

  // Erases, without counting a loss, what `done(entry)` says is of no use any more.
  template <class Done>
  void EraseIf(Done&& done) {
    if (size_ == 0) return;
    for (std::size_t i = 0; i < sets_ * kWays; ++i) {
      if (slots_[i].entry != nullptr && done(*slots_[i].entry)) Drop(slots_[i]);
    }
  }
  // In the order of the slots, which depends on the hash key: sort where order shows.
  template <class F>
  void ForEach(F&& f) const {
    if (size_ == 0) return;
    for (std::size_t i = 0; i < sets_ * kWays; ++i) {
      if (slots_[i].entry != nullptr) f(*slots_[i].entry);
    }
  }
  void Clear() noexcept {
    EraseIf([](const Entry&) { return true; });
  }

  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return sets_ * kWays; }
  std::size_t bytes() const noexcept { return bytes_; }      // of entries; beside capacity() * 16 of slots
  std::size_t ceiling() const noexcept { return ceiling_; }
  const Counters& counters() const noexcept { return counters_; }
  // Distinct keys that came and were not here: a flood shows itself.
  double KeysSeen() const noexcept { return keys_seen_.Estimate(); }
  // Of these, those that found their set full and came from the one origin that made up most.
  double KeysOfLoudestOrigin() const noexcept {
    double most = 0;
    for (const auto& o : origins_) most = std::max(most, o == nullptr ? 0.0 : o->keys.Estimate());
    return most;
  }

 private:
  struct Slot {
    Entry* entry;
    std::uint32_t mark;
  };
  struct Free {
    void operator()(Slot* p) const noexcept { std::free(p); }
  };
  static constexpr std::size_t kEntryBytes = sizeof(Entry) + 16;  // and what the allocator adds
  static constexpr std::size_t kSetsDrawn = 4, kOrigins = 64;
  struct Origin {
    std::uint64_t id;
    std::uint32_t arrivals = 0;
    HyperLogLog keys;
  };

  static std::uint32_t MarkOf(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }
  Slot* SetOf(std::uint64_t hash) const noexcept { return &slots_[hash % sets_ * kWays]; }

  // Where a new key of that origin would stand: a free slot, else the lightest; its own lightest where the origin has
  // its share of the set. Among equals the first from `first` on, drawn by lot: a fixed one would see all newcomers
  // displace one another in one slot, and a slow key would never stay long enough to grow.
  Slot* PlaceIn(Slot* set, std::uint64_t origin, std::size_t first) noexcept {
    Slot *free = nullptr, *lightest = nullptr, *own = nullptr;
    std::size_t of_origin = 0;
    const auto lighter = [](const Slot& a, const Slot* b) {
      return b == nullptr || a.entry->weight < b->entry->weight;
    };
    for (std::size_t i = 0; i < kWays; ++i) {
      Slot& slot = set[(first + i) % kWays];
      if (slot.entry == nullptr) {
        if (free == nullptr) free = &slot;
        continue;
      }
      if (lighter(slot, lightest)) lightest = &slot;
      if (origin == 0 || slot.entry->origin != origin) continue;
      ++of_origin;
      if (lighter(slot, own)) own = &slot;
    }
    if (of_origin >= kOfOneOrigin) return own;
    return free != nullptr ? free : lightest;
  }

  // A flood is a fan-out of its own. Who shares a place with a louder origin is let in like a new key.
  void CountOfOrigin(std::uint64_t origin, std::uint64_t hash) {
    std::unique_ptr<Origin>& place = origins_[SipHash13(key_, origin) % kOrigins];
    if (place == nullptr) place = std::make_unique<Origin>(Origin{origin});
    if (place->id != origin) {
      if (!AdmitsOver(place->arrivals, SipHash13(key_, hash ^ counters_.arrivals))) return;
      *place = {origin};
    }
    ++place->arrivals;
    place->keys.Insert(hash);
  }

  // The lightest entry other than `spared` in a few sets drawn by lot, or in the first after them that holds any.
  Slot* LightestByLot(const Entry* spared) noexcept {
    const std::uint64_t draw = SipHash13(key_, ++draws_);
    const std::size_t first = draw % sets_;
    Slot* lightest = nullptr;
    for (std::size_t n = 0; n < sets_ && (n < kSetsDrawn || lightest == nullptr); ++n) {
      Slot* const set = &slots_[(first + n) % sets_ * kWays];
      for (std::size_t i = 0; i < kWays; ++i) {
        Slot& slot = set[((draw >> 32) + i) % kWays];
        if (slot.entry == nullptr || slot.entry == spared) continue;
        if (lightest == nullptr || slot.entry->weight < lightest->entry->weight) lightest = &slot;
      }
    }
    return lightest;
  }

  template <class Displaced>
  void Evict(Slot& slot, Displaced&& displaced) {
    ++counters_.evicted;
    counters_.evicted_proven += slot.entry->weight >= kProven;
    displaced(static_cast<const Entry&>(*slot.entry));
    Drop(slot);
  }
  void Drop(Slot& slot) noexcept {
    bytes_ -= kEntryBytes + slot.entry->extra_bytes;
    --size_;
    delete slot.entry;
    slot = {};
  }

  std::size_t sets_, ceiling_;
  HashKey key_;
  std::unique_ptr<Slot[], Free> slots_;
  std::size_t size_ = 0, bytes_ = 0;
  std::uint64_t draws_ = 0;
  Counters counters_;
  HyperLogLog keys_seen_;
  std::array<std::unique_ptr<Origin>, kOrigins> origins_;
};

}  // namespace gander::sketch

#endif  // GANDER_SKETCH_KEYED_TABLE_H_
