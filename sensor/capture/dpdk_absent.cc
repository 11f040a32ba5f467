// SPDX-License-Identifier: Apache-2.0
// What a build without DPDK answers when it is asked for.
#ifndef GANDER_WITH_DPDK
#include "capture/packet_source.h"

namespace gander::capture {

bool BuiltWithDpdk() noexcept { return false; }

Result<std::vector<std::unique_ptr<PacketSource>>> OpenDpdk(const DpdkOptions&) {
  return Fail(
      "capture.dpdk", 0, "this gander was built without DPDK",
      "install libdpdk-dev and build with -DGANDER_DPDK=ON, or read an interface: gander run --interface IF");
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
