// SPDX-License-Identifier: Apache-2.0
// What time a packet of a port bears: the NIC's where it can be had as Unix time, else one reading of ours a
// burst.
#ifndef GANDER_CAPTURE_DPDK_CLOCK_H_
#define GANDER_CAPTURE_DPDK_CLOCK_H_

#include <cstdint>

#include "capture/tick_clock.h"

struct rte_mbuf;

namespace gander::capture {

// A queue holds its own copy, so that no two threads share one.
class DpdkClock {
 public:
  enum class Kind : std::uint8_t {
    kSoftware,      // the port has no timestamps, or in ticks of a clock that cannot be read
    kMicroseconds,  // of Unix time: net_pcap hands the file's times on
    kNanoseconds,   // of Unix time: a NIC whose clock is kept by PTP
    kTicks,         // of a counter whose rate was measured
  };

  // Looks at a started port; `offloaded`: it was asked for timestamps. Takes kCalibrationMillis where the
  // unit is not known.
  static DpdkClock Find(std::uint16_t port, bool offloaded);
  static constexpr int kCalibrationMillis = 50;

  Kind kind() const noexcept { return kind_; }
  // Call once a burst. From time to time a kTicks clock is held against ours.
  void BeginBurst(std::uint16_t port) noexcept;
  Timestamp TimeOf(const rte_mbuf& mbuf) const noexcept {
    return kind_ == Kind::kSoftware ? now_ : StampOf(mbuf);
  }

 private:
  Timestamp StampOf(const rte_mbuf& mbuf) const noexcept;

  Kind kind_ = Kind::kSoftware;
  int offset_ = -1;         // of the timestamp within an mbuf
  std::uint64_t flag_ = 0;  // in ol_flags
  Timestamp now_;           // of this burst, where packets bear no time
  TickClock ticks_;
  std::uint64_t next_anchor_ = 0;  // in TSC ticks
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_CLOCK_H_
