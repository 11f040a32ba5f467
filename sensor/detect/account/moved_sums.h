// SPDX-License-Identifier: Apache-2.0
// What moved under one key of a detector's own choosing, over a window without seams: people by kind of identifier and
// State, and who sent and received them.
#ifndef GANDER_DETECT_ACCOUNT_MOVED_SUMS_H_
#define GANDER_DETECT_ACCOUNT_MOVED_SUMS_H_

#include <algorithm>
#include <map>
#include <utility>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_parts.h"
#include "detect/state/keep_within.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

struct MovedSums {
  Bundle bundle;                            // without bytes and flows
  sketch::DistinctSet senders, recipients;  // addresses
  // Of the earliest flow.
  IpAddress sender, recipient;
  const char* app_proto = "";               // static

  void Add(const Moved& m, Timestamp epoch_begin);
  void AddEnds(const Moved& m);  // all but its people
  // The lower bound of the largest strand: what a key weighs when room is short.
  std::uint64_t PeopleAtMost() const noexcept;

  static auto Saved(auto& s) { return Fields(s.bundle, s.senders, s.recipients, s.sender, s.recipient, s.app_proto); }
};

// For counts of distinct addresses. Exact up to 256, so that a known key gives nothing away below that.
std::uint64_t AddressTag(const IpAddress& address) noexcept;
// Whether who received the data opened the flow.
inline bool IsPull(const Moved& m) noexcept { return m.sample.tuple.source == m.key.recipient; }
// Ends as they stand behind many movements: the address of a side that has but one, else "" and their number.
EndFigures EndsOf(const MovedSums& sums);

// Keys of a table that may take so many thousandths of Options::memory, within the share of Table::kMovements, at
// what a key takes on average: most hold a handful of people.
inline constexpr std::size_t kBytesAKey = 2560;
inline std::size_t KeysWithin(const Options& options, std::uint32_t thousandths) noexcept {
  return std::min<std::size_t>(options.max_keys, options.memory / 1000 * thousandths / kBytesAKey);
}

template <class Key>
class MovedWindows {
 public:
  struct Entry {
    StaggeredWindows<MovedSums> window;
    Timestamp last_seen = kDistantPast;

    const MovedSums& sums() const noexcept { return window.longest(); }
    static auto Saved(auto& e) { return Fields(e.window, AsSet(e.last_seen)); }
  };
  static constexpr std::uint64_t kProvenPeople = 8;

  MovedWindows(Duration window, std::size_t max_keys) : length_(window), max_keys_(max_keys) {}

  Entry& Add(const Key& key, const Moved& m, Timestamp epoch_begin) {
    Entry& entry = map_.try_emplace(key, Entry{StaggeredWindows<MovedSums>(length_), kDistantPast}).first->second;
    entry.window.Advance(epoch_begin);
    entry.window.ForEach([&](MovedSums& sums) { sums.Add(m, epoch_begin); });
    entry.last_seen = std::max(entry.last_seen, m.last_seen);
    return entry;
  }
  const Entry* Find(const Key& key) const {
    const auto at = map_.find(key);
    return at == map_.end() ? nullptr : &at->second;
  }
  // Forgets what no accumulator holds any more, and the lightest keys beyond the cap. Once an epoch.
  void Prune(Timestamp now) {
    const Duration longest{length_.ns + length_.ns / 2};
    std::erase_if(map_, [&](const auto& entry) { return now - entry.second.last_seen > longest; });
    KeepWithin(map_, max_keys_, [](const Entry& e) { return std::pair(e.sums().PeopleAtMost(), e.last_seen); },
               [&](const Key&, const Entry& e) { keys_lost_ += e.sums().PeopleAtMost() >= kProvenPeople; });
  }
  Duration length() const noexcept { return length_; }
  const std::map<Key, Entry>& all() const noexcept { return map_; }
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }

  void Save(SnapshotWriter& out) const { SaveField(map_, out); }
  void Load(StateReader& in) {
    LoadMap(map_, in, [this] { return Entry{StaggeredWindows<MovedSums>(length_), kDistantPast}; });
  }

 private:
  Duration length_;
  std::size_t max_keys_;
  std::uint64_t keys_lost_ = 0;
  std::map<Key, Entry> map_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_MOVED_SUMS_H_
