// SPDX-License-Identifier: Apache-2.0
// The clock and the keys of the rings: windows of an hour to a year in which people are counted (DETECTION.md §4).
//
// Each accumulator of a ring is born with a key of its own and the key is destroyed with it. Within an accumulator the
// same person has the same tag for all counters of a detector, so that they can be compared; elsewhere and later the
// tag says nothing. One global key changed daily would count a person thirty times in a month; one never changed would
// make lifelong pseudonyms.
#ifndef GANDER_DETECT_STATE_RING_KEYS_H_
#define GANDER_DETECT_STATE_RING_KEYS_H_

#include <array>
#include <cstdint>

#include "base/snapshot_io.h"
#include "base/time.h"
#include "detect/state/staggered_windows.h"
#include "sketch/rekey.h"

namespace gander::detect {

// All but the last are staggered: what is counted is between one and one and a half times as old as the name says.
enum class Ring : std::uint8_t { kHour, kDay, kMonth, kYear, kCalendarYear };
inline constexpr std::size_t kStaggeredRings = 4;
constexpr Ring LastOf(Ring) noexcept { return Ring::kCalendarYear; }

// 1 h, 24 h, 30 d, 365 d. A calendar year (UTC) has no fixed length.
constexpr Duration LengthOf(Ring ring) noexcept {
  constexpr std::int64_t kHours[] = {1, 24, 30 * 24, 365 * 24};
  return Duration::Seconds(3600 * kHours[static_cast<std::size_t>(ring)]);
}

class RingKeys {
 public:
  // kRepeatable: the same in every process, for captures, whose results must repeat.
  enum class Origin : std::uint8_t { kRandom, kRepeatable };
  explicit RingKeys(Origin origin);

  // Makes keys and destroys those whose accumulators are over. Time that steps back changes nothing.
  void Advance(Timestamp now);
  Timestamp now() const noexcept { return now_; }

  // Of the accumulator started in that half window; null when it is over.
  const sketch::TagKey* Of(Ring ring, std::int64_t begun) const noexcept {
    return keys_[static_cast<std::size_t>(ring)].Begun(begun);
  }
  // After Advance: the accumulator that counts, and since when; the newest one.
  std::int64_t Longest(Ring ring) const noexcept { return keys_[static_cast<std::size_t>(ring)].longest_cell(); }
  Timestamp Since(Ring ring) const noexcept;
  std::int64_t Newest(Ring ring) const noexcept { return Longest(ring) + 2; }
  std::int64_t year() const noexcept { return year_; }
  const sketch::TagKey& OfYear() const noexcept { return year_key_; }

  void Save(SnapshotWriter& out) const;
  void Load(SnapshotReader& in);

 private:
  sketch::TagKey Make(std::uint64_t ring, std::int64_t begun) const;

  Origin origin_;
  Timestamp now_ = kDistantPast;
  std::array<StaggeredWindows<sketch::TagKey>, kStaggeredRings> keys_;
  std::int64_t year_ = INT64_MIN;  // "2026"
  sketch::TagKey year_key_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_STATE_RING_KEYS_H_
