// SPDX-License-Identifier: Apache-2.0
// Ports that DPDK took away: the device was pulled, or another part of the process removed it.
#ifndef GANDER_CAPTURE_DPDK_DEPARTURES_H_
#define GANDER_CAPTURE_DPDK_DEPARTURES_H_

#include <cstdint>

namespace gander::capture {

// To be called once, before the first port is started.
void WatchDepartures();

// How often a port of this id has gone; may be called by any thread, at any time.
std::uint32_t DeparturesOf(std::uint16_t port) noexcept;

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_DEPARTURES_H_
