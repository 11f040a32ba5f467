// SPDX-License-Identifier: Apache-2.0
// The DPDK library this process runs with.
#ifndef GANDER_CAPTURE_DPDK_VERSION_H_
#define GANDER_CAPTURE_DPDK_VERSION_H_

#include <string>

namespace gander::capture {

// "DPDK 22.11.11"; empty when built without.
std::string DpdkVersion();

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_VERSION_H_
