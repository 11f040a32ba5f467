// SPDX-License-Identifier: Apache-2.0
// Events of ethdev, counted by port id. Counting leaves nothing behind that could dangle when a port is gone.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_departures.h"

#include <rte_ethdev.h>

#include <array>
#include <atomic>

namespace gander::capture {
namespace {

std::array<std::atomic<std::uint32_t>, RTE_MAX_ETHPORTS> departures;

int OnEvent(std::uint16_t port, rte_eth_event_type, void*, void*) {
  if (port < departures.size()) departures[port].fetch_add(1, std::memory_order_release);
  return 0;
}

}  // namespace

void WatchDepartures() {
  // Where an event cannot be watched, an idle queue notices all the same when it looks after its port.
  for (const rte_eth_event_type event : {RTE_ETH_EVENT_INTR_RMV, RTE_ETH_EVENT_DESTROY}) {
    (void)rte_eth_dev_callback_register(RTE_ETH_ALL, event, &OnEvent, nullptr);
  }
}

std::uint32_t DeparturesOf(std::uint16_t port) noexcept {
  return port < departures.size() ? departures[port].load(std::memory_order_acquire) : 0;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
