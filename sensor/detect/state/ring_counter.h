// SPDX-License-Identifier: Apache-2.0
// Distinct people, or addresses, of one key over several rings (detect/state/ring_keys.h).
//
// Up to eight tags one small array with the time of each tag's latest sighting serves all rings; it is under the key of
// the newest 30-day accumulator at the time of that sighting and dies with it. The ninth opens an accumulator in every
// ring. Those in the array stay there and go on being counted from it, so nothing is counted twice and nothing is lost:
// counts are exact up to 256, as far as every epoch brought exact sets.
#ifndef GANDER_DETECT_STATE_RING_COUNTER_H_
#define GANDER_DETECT_STATE_RING_COUNTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "detect/state/ring_keys.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

// Bits of Ring.
using RingSet = std::uint8_t;
constexpr RingSet RingBit(Ring ring) noexcept { return static_cast<RingSet>(1u << static_cast<unsigned>(ring)); }
inline constexpr RingSet kShortRings = RingBit(Ring::kHour) | RingBit(Ring::kDay) | RingBit(Ring::kMonth);
// For roll-ups only: these accumulators outlive the small array, so each key has them from its first tag on.
inline constexpr RingSet kYearRings = RingBit(Ring::kYear) | RingBit(Ring::kCalendarYear);

class RingCounter {
 public:
  static constexpr std::size_t kSmall = 8;

  explicit RingCounter(RingSet rings = kShortRings) noexcept : rings_(rings) {}

  // Tags as workers made them, seen at keys.now(). After keys.Advance.
  void Add(const RingKeys& keys, const sketch::DistinctSet& tags);
  void Add(const RingKeys& keys, std::uint64_t tag);
  // Of a ring that this counter has; over the accumulator that keys.Since(ring) dates.
  sketch::Estimate Count(const RingKeys& keys, Ring ring) const;

  // f(tag) for everybody in the accumulator `begun` of `ring`, under its key, while it is exact. Those still in the
  // small array are left out.
  template <class F>
  void ForEachTag(Ring ring, std::int64_t begun, F&& f) const {
    const auto* windows = windows_[static_cast<std::size_t>(ring)].get();
    const sketch::DistinctSet* set = windows == nullptr ? nullptr : windows->Begun(begun);
    if (set != nullptr) set->ForEachTag(f);
  }

  // Whether ForEachTag tells of everybody in it.
  bool exact(Ring ring, std::int64_t begun) const noexcept {
    const auto* windows = windows_[static_cast<std::size_t>(ring)].get();
    const sketch::DistinctSet* set = windows == nullptr ? nullptr : windows->Begun(begun);
    return set == nullptr || set->exact();
  }

  std::size_t bytes() const noexcept;  // beside the object
  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

 private:
  using Windows = StaggeredWindows<sketch::DistinctSet>;
  struct SmallTag {
    std::uint64_t tag;
    std::uint32_t begun;   // low bits of the 30-day accumulator whose key it is under
    std::uint32_t seen_s;  // Unix time
  };
  struct CalendarYear {
    std::int64_t year = INT64_MIN;
    sketch::DistinctSet people;
  };

  bool Has(Ring ring) const noexcept { return (rings_ & RingBit(ring)) != 0; }
  void DropDead(const RingKeys& keys);
  bool Touch(const RingKeys& keys, std::uint64_t tag);
  void Promote();
  void AddToYears(const RingKeys& keys, const sketch::DistinctSet& tags);
  std::uint64_t CarriedSince(const RingKeys& keys, Timestamp since) const noexcept;

  RingSet rings_;
  bool promoted_ = false;
  std::vector<SmallTag> small_;
  std::array<std::unique_ptr<Windows>, kStaggeredRings> windows_;
  std::unique_ptr<CalendarYear> year_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_RING_COUNTER_H_
