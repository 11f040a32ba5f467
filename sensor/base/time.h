// SPDX-License-Identifier: Apache-2.0
// Packet time: nanoseconds since the Unix epoch as the capture states it. Nothing below runtime/ reads
// a clock, so the same capture gives the same events.
#ifndef GANDER_BASE_TIME_H_
#define GANDER_BASE_TIME_H_

#include <compare>
#include <cstdint>
#include <string>

namespace gander {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

struct Duration {
  std::int64_t ns = 0;
  auto operator<=>(const Duration&) const = default;
  static constexpr Duration Seconds(std::int64_t s) noexcept { return {s * kNanosPerSecond}; }
  static constexpr Duration Millis(std::int64_t ms) noexcept { return {ms * 1'000'000}; }
  constexpr double seconds() const noexcept { return static_cast<double>(ns) / kNanosPerSecond; }
};

struct Timestamp {
  std::int64_t ns = 0;
  auto operator<=>(const Timestamp&) const = default;
  constexpr Timestamp operator+(Duration d) const noexcept { return {ns + d.ns}; }
  constexpr Duration operator-(Timestamp o) const noexcept { return {ns - o.ns}; }
};

// Before and after every packet: what a latest and an earliest time begin with, so that "none yet" needs no flag, and
// the ends of a range that is open.
inline constexpr Timestamp kDistantPast{INT64_MIN}, kDistantFuture{INT64_MAX};

// "2026-11-24T09:30:00.000123+0000", the layout Suricata's EVE schema demands (numeric offset, not Z).
std::string FormatEveTime(Timestamp t);

// Reads "2027-03-31", "2027-03-31T12:00:00Z". A bare date is its first instant in UTC.
// Returns false when `text` is neither.
bool ParseDate(const std::string& text, Timestamp& out);

}  // namespace gander

#endif  // GANDER_BASE_TIME_H_
