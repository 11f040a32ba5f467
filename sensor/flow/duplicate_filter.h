// SPDX-License-Identifier: Apache-2.0
// Tells packets that a mirror delivers twice: a session that copies ports on their way in and on their way out shows
// every packet between two of them twice, microseconds apart, perhaps with another VLAN, TTL or MAC addresses.
//
// It tells and counts; the packet is read all the same. Whoever forges a packet that looks like its forerunner
// therefore hides nothing, and what is the same twice yields the same people.
#ifndef GANDER_FLOW_DUPLICATE_FILTER_H_
#define GANDER_FLOW_DUPLICATE_FILTER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace gander::flow {

// What stays the same on both ways through a switch or a router. Zero where the packet has none.
struct PacketIdentity {
  std::uint64_t flow = 0;        // hash of the five-tuple
  bool from_low_end = false;     // direction
  std::uint16_t ip_id = 0;       // IPv4
  std::uint32_t sequence = 0, acknowledgement = 0;  // TCP
  Bytes payload;                 // of the transport; its ends and its length count
};
std::uint64_t FingerprintOf(const PacketIdentity& packet) noexcept;

class DuplicateFilter {
 public:
  // A window that holds more than some thousand packets overflows single sets: there the oldest gives way, and its
  // duplicate goes uncounted.
  static constexpr std::size_t kSets = 1024, kWays = 8;

  // 0: remembers nothing and finds nothing.
  explicit DuplicateFilter(std::uint32_t window_us);

  // Whether a packet of this fingerprint came within the window before `now`; remembers it from now on.
  bool SeenBefore(std::uint64_t fingerprint, Timestamp now) noexcept;

 private:
  // One cache line a set.
  struct alignas(64) Set {
    std::array<std::uint32_t, kWays> prints{};
    std::array<std::uint32_t, kWays> times_us{};  // wraps after 71 minutes, far beyond a window
  };

  std::uint32_t window_us_;
  std::vector<Set> sets_;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_DUPLICATE_FILTER_H_
