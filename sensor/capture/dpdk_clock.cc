// SPDX-License-Identifier: Apache-2.0
// Timestamps of mbufs. Drivers do not state their unit: net_pcap's is known, a NIC's is believed where its
// clock agrees with ours, and measured where it does not.
#ifdef GANDER_WITH_DPDK
// rte_eth_read_clock() is not yet in DPDK's stable interface.
#define ALLOW_EXPERIMENTAL_API
#include "capture/dpdk_clock.h"

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace gander::capture {
namespace {

// A NIC clock within so much of ours counts Unix nanoseconds.
constexpr std::int64_t kSameClock = 2 * kNanosPerSecond;

template <class Clock>
std::int64_t NanosOf() noexcept {
  return std::chrono::nanoseconds(Clock::now().time_since_epoch()).count();
}

bool ReadClocks(std::uint16_t port, TickClock::Reading& out) noexcept {
  if (rte_eth_read_clock(port, &out.ticks) != 0) return false;
  out.steady_ns = NanosOf<std::chrono::steady_clock>();
  out.unix_ns = NanosOf<std::chrono::system_clock>();
  return true;
}

}  // namespace

DpdkClock DpdkClock::Find(std::uint16_t port, bool offloaded) {
  DpdkClock clock;
  clock.offset_ = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
  const int bit = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
  rte_eth_dev_info info{};
  if (clock.offset_ < 0 || bit < 0 || rte_eth_dev_info_get(port, &info) != 0) return clock;
  clock.flag_ = std::uint64_t{1} << bit;
  TickClock::Reading first, second;
  if (std::strcmp(info.driver_name, "net_pcap") == 0) {
    clock.kind_ = Kind::kMicroseconds;
  } else if (offloaded && ReadClocks(port, first)) {
    if (std::abs(static_cast<std::int64_t>(first.ticks) - first.unix_ns) < kSameClock) {
      clock.kind_ = Kind::kNanoseconds;
      return clock;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kCalibrationMillis));
    if (ReadClocks(port, second) && clock.ticks_.Calibrate(first, second)) clock.kind_ = Kind::kTicks;
  }
  return clock;
}

void DpdkClock::BeginBurst(std::uint16_t port) noexcept {
  if (kind_ == Kind::kSoftware) now_ = {NanosOf<std::chrono::system_clock>()};
  if (kind_ != Kind::kTicks || rte_rdtsc() < next_anchor_) return;
  next_anchor_ = rte_rdtsc() + rte_get_tsc_hz();
  TickClock::Reading now;
  if (ReadClocks(port, now)) ticks_.Anchor(now);
}

Timestamp DpdkClock::StampOf(const rte_mbuf& mbuf) const noexcept {
  // Some ports stamp only some packets.
  if ((mbuf.ol_flags & flag_) == 0) return {NanosOf<std::chrono::system_clock>()};
  const auto stamp = *RTE_MBUF_DYNFIELD(&mbuf, offset_, const std::uint64_t*);
  switch (kind_) {
    case Kind::kMicroseconds:
      return {static_cast<std::int64_t>(stamp) * 1000};
    case Kind::kTicks:
      return ticks_.TimeOf(stamp);
    default:
      return {static_cast<std::int64_t>(stamp)};
  }
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
