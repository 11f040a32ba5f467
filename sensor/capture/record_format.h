// SPDX-License-Identifier: Apache-2.0
// What pcap and pcapng have in common: records taken off the front of a byte string, a burst at a time.
#ifndef GANDER_CAPTURE_RECORD_FORMAT_H_
#define GANDER_CAPTURE_RECORD_FORMAT_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "capture/burst.h"

namespace gander::capture {

// Longest frame a capture may hold, as in libpcap. A longer one is corruption, not a packet.
inline constexpr std::uint32_t kMaxCaptured = 262144;
// Longest length on the wire that is believed. Offloads hand up at most 512 KiB (Linux BIG TCP).
inline constexpr std::uint32_t kMaxOnWire = 16 << 20;
// Longest record that is looked at in one piece: a frame, its headers and ample pcapng options.
inline constexpr std::size_t kMaxRecord = 1 << 20;

class RecordFormat {
 public:
  enum class Stop : std::uint8_t {
    kBurstFull,
    kNeedMore,  // the next record is not whole; `needed` bytes of it must lie in front
    kBroken,    // fault() says why; nothing behind this record can be trusted
  };
  struct Outcome {
    Stop stop = Stop::kBurstFull;
    std::size_t needed = 0;          // <= kMaxRecord
    std::uint64_t record_begun = 0;  // bytes of the unfinished record that are already taken off
  };

  virtual ~RecordFormat() = default;
  // Moves whole records from the front of `unread` to `burst`, whose frames point into `unread`.
  virtual Outcome Read(Bytes& unread, Burst& burst) noexcept = 0;

  const std::string& fault() const noexcept { return fault_; }
  // Bytes in front of the first record.
  virtual std::size_t head_bytes() const noexcept { return 0; }

 protected:
  Outcome Broken(std::string why) noexcept {
    fault_ = std::move(why);
    return {Stop::kBroken};
  }

 private:
  std::string fault_;
};

// An unsigned integer from a capture that was written on a machine of the same or (`swapped`) the other byte
// order.
template <class Unsigned>
inline Unsigned LoadAs(bool swapped, const std::byte* at) noexcept {
  Unsigned v;
  std::memcpy(&v, at, sizeof v);
  if (!swapped) return v;
  if constexpr (sizeof v == 2) return __builtin_bswap16(v);
  if constexpr (sizeof v == 4) return __builtin_bswap32(v);
  if constexpr (sizeof v == 8) return __builtin_bswap64(v);
}

// DLT_RAW has other numbers on BSD (12) and OpenBSD (14) than the LINKTYPE_ a file should bear.
inline LinkType LinkTypeFromFile(std::uint32_t field) noexcept {
  const auto link = static_cast<std::uint16_t>(field);
  return link == 12 || link == 14 ? LinkType::kRaw : static_cast<LinkType>(link);
}

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_RECORD_FORMAT_H_
