// SPDX-License-Identifier: Apache-2.0
// Which collectors hold the same people: one collector in two coats. A sketch of 4 KiB for each accumulator of a month,
// kept for the 200 collectors with most people only.
#ifndef GANDER_DETECT_D03_MASS_COLLECTION_OVERLAP_BOOK_H_
#define GANDER_DETECT_D03_MASS_COLLECTION_OVERLAP_BOOK_H_

#include <map>
#include <span>
#include <vector>

#include "detect/account/collectors.h"
#include "detect/state/fields.h"
#include "sketch/bottom_k.h"

namespace gander::detect {

class OverlapBook {
 public:
  static constexpr std::size_t kCollectors = 200;
  static constexpr std::uint64_t kFrom = 8;    // people from which a collector is compared
  static constexpr double kOneCollector = 0.30;

  // After collectors.Add of the same epoch, with what it returned.
  void Add(const Collectors& collectors, std::span<const CollectorKey> touched, const TransferBook& book);

  struct Twin {
    CollectorKey key;
    double share = 0;  // of the people of either that both have
  };
  // The one of the same level that shares most with `key`; share 0 when there is none.
  Twin Closest(const CollectorKey& key, const RingKeys& keys) const;
  // Collectors of one level, each of which shares kOneCollector with another of them: one in several coats.
  struct Coats {
    std::vector<CollectorKey> keys;  // two or more, sorted
    SubjectCount people;             // of all of them together
    double share = 1;                // least of those that join two
  };
  // `people`: what a coat must hold to be compared. Some 40 ms for 200 collectors: once an hour.
  std::vector<Coats> Groups(Level level, std::uint64_t people, const RingKeys& keys) const;
  std::size_t size() const noexcept { return sketches_.size(); }

  void Save(SnapshotWriter& out) const;
  void Load(StateReader& in);

 private:
  struct Sketch {
    StaggeredWindows<sketch::BottomK> month{LengthOf(Ring::kMonth)};
    std::uint64_t people = 0;
    // Registers came, of which the tags are not known: what it shares with others is not told.
    bool partial = false;

    static auto Saved(auto& s) { return Fields(s.people, s.partial, s.month); }
  };
  void Open(const CollectorKey& key, const Collector& c, const RingKeys& keys, std::uint64_t people);

  std::map<CollectorKey, Sketch> sketches_;
  bool was_full_ = false;  // so a collector may have had many people before it got its sketch
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D03_MASS_COLLECTION_OVERLAP_BOOK_H_
