// SPDX-License-Identifier: Apache-2.0
#include "fuzz/protocol_talk.h"
#include "protocol/dhcp/dhcp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gander::protocol::fuzz::Talk(gander::protocol::kDhcpv6, data, size);
  return gander::protocol::fuzz::Talk(gander::protocol::kDhcp, data, size);
}
