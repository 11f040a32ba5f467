// SPDX-License-Identifier: Apache-2.0
// Virtual devices for tests of the DPDK source: rings this process fills, devices it pulls and plugs in.
#ifndef GANDER_TESTS_CAPTURE_DPDK_DEVICES_H_
#define GANDER_TESTS_CAPTURE_DPDK_DEVICES_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "capture/packet_source.h"

#ifdef GANDER_WITH_DPDK
#include <rte_dev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>
#endif

namespace gander::test {

// The EAL is started by whichever test comes first; later devices are plugged in.
inline capture::DpdkOptions DpdkOn(const std::string& device) {
  capture::DpdkOptions options;
  options.eal = {"--no-huge", "-m", "256", "--no-pci", "--no-shconf", "--no-telemetry", "--vdev=" + device};
  options.idle_limit_ms = 200;
  return options;
}

// Polls until `condition` of the source is true, at most ten seconds.
template <class Condition>
bool PollUntil(capture::PacketSource& source, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    (void)source.Poll();
  }
  return true;
}

#ifdef GANDER_WITH_DPDK

// What arrives at queue `queue` of the net_ring device `device`.
class RingFeed {
 public:
  RingFeed(const std::string& device, int queue = 0)
      : ring_(rte_ring_lookup(fmt::format("ETH_RXTX{}_{}", queue, device).c_str())) {}

  bool found() const { return ring_ != nullptr; }
  // Flags and tags as a NIC would set them.
  bool Send(const std::string& frame, std::uint64_t flags = 0, std::uint16_t tag = 0,
            std::uint16_t outer_tag = 0) {
    rte_mbuf* mbuf = rte_pktmbuf_alloc(Buffers());
    if (mbuf == nullptr) return false;
    std::memcpy(rte_pktmbuf_append(mbuf, static_cast<std::uint16_t>(frame.size())), frame.data(),
                frame.size());
    mbuf->ol_flags |= flags;
    mbuf->vlan_tci = tag;
    mbuf->vlan_tci_outer = outer_tag;
    if (rte_ring_enqueue(ring_, mbuf) == 0) return true;
    rte_pktmbuf_free(mbuf);
    return false;
  }

 private:
  static rte_mempool* Buffers() {
    static rte_mempool* pool =
        rte_pktmbuf_pool_create("test_feed", 4095, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, -1);
    return pool;
  }

  rte_ring* ring_;
};

inline bool PullDevice(const std::string& device) {
  return rte_eal_hotplug_remove("vdev", device.c_str()) == 0;
}

#endif  // GANDER_WITH_DPDK

}  // namespace gander::test

#endif  // GANDER_TESTS_CAPTURE_DPDK_DEVICES_H_
