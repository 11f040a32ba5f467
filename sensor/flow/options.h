// SPDX-License-Identifier: Apache-2.0
// Size and timeouts of the flow table.
#ifndef GANDER_FLOW_OPTIONS_H_
#define GANDER_FLOW_OPTIONS_H_

#include <cstdint>

namespace gander::flow {

// Timeouts are seconds of packet time since the flow's last packet, 1..86400; the defaults of TCP and UDP are
// those of Suricata, so that flow events can be compared.
struct Options {
  std::uint32_t max_flows = 200'000;  // slots of one worker, 16..16'777'216; memory is touched as it is used
  std::uint32_t tcp_new_s = 60;
  std::uint32_t tcp_established_s = 600;
  std::uint32_t tcp_closed_s = 10;
  std::uint32_t udp_new_s = 30;           // one direction seen
  std::uint32_t udp_established_s = 300;  // both directions seen
  std::uint32_t icmp_s = 30;
  std::uint32_t other_s = 60;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_OPTIONS_H_
