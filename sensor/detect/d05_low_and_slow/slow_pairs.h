// SPDX-License-Identifier: Apache-2.0
// Who sends people's data to which collector over thirty days: the state of D05. Each pair of a sender and a collector
// (registrable domain, else /24 or /48) counts distinct people by kind of identifier, and distinct recipients, in the
// 30-day ring.
#ifndef GANDER_DETECT_D05_LOW_AND_SLOW_SLOW_PAIRS_H_
#define GANDER_DETECT_D05_LOW_AND_SLOW_SLOW_PAIRS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "detect/account/transfer_book.h"
#include "detect/state/fields.h"
#include "detect/state/ring_counter.h"
#include "sketch/keyed_table.h"

namespace gander::detect {

struct SlowPairKey {
  IpAddress sender;
  std::uint64_t collector = 0;  // keyed hash of its name or network
  bool operator==(const SlowPairKey&) const = default;

  static auto Saved(auto& k) { return Fields(k.sender, k.collector); }
};

struct SlowPair {
  struct Kind {
    TypeIndex type = 0;
    RingCounter people{RingBit(Ring::kMonth)};
    std::uint64_t findings = 0;

    static auto Saved(auto& k) { return Fields(AsType(k.type), k.findings, k.people); }
  };
  std::vector<Kind> kinds;  // by type
  RingCounter recipients{RingBit(Ring::kMonth)};
  Timestamp first_seen = kDistantFuture;
  std::int32_t day = INT32_MIN;       // latest with a movement, since 1970, UTC
  std::uint64_t active = 0;           // bit n: so many days before that there was one too
  std::int32_t bulk_day = INT32_MIN;  // latest on which a session alone was a bulk transfer

  // Days with a movement on or after `since`.
  std::uint32_t ActiveDays(Timestamp since) const noexcept;
  std::size_t bytes() const noexcept;

  static auto Saved(auto& p) {
    return Fields(p.kinds, p.recipients, AsSet(p.first_seen), p.day, p.active, p.bulk_day);
  }
};

class SlowPairs {
 public:
  using Map = sketch::KeyedTable<SlowPairKey, SlowPair>;
  // Touched in an epoch, with a movement to speak for it.
  struct Touched {
    Map::Entry* entry;
    const Moved* moved;     // the worst judged, then the first
    std::string collector;  // "example.com", "203.0.113.0/24"
  };

  explicit SlowPairs(const Options& options);

  // The pairs that moved something the register does not permit, in the order of book.moved(). Entries hold until the
  // next call.
  std::vector<Touched> Add(const TransferBook& book, Timestamp epoch_begin);
  const RingKeys& keys() const noexcept { return keys_; }
  const Map& map() const noexcept { return map_; }
  static std::int32_t DayOf(Timestamp t) noexcept;

  void Save(SnapshotWriter& out) const;
  void Load(StateReader& in);

 private:
  void AddTo(SlowPair& pair, const Moved& m, const TransferBook& book, Timestamp epoch_begin);
  std::uint64_t HashOf(const SlowPairKey& key) const noexcept;

  Options options_;
  HashKey hash_key_;
  RingKeys keys_;
  Map map_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D05_LOW_AND_SLOW_SLOW_PAIRS_H_
