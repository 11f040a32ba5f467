// SPDX-License-Identifier: Apache-2.0
// Size and timeouts of the flow table. Seconds of packet time without a packet.
#ifndef GANDER_FLOW_OPTIONS_H_
#define GANDER_FLOW_OPTIONS_H_

#include <cstdint>

namespace gander::flow {

// Of which tunnels in UDP the carrying datagrams are told as flows too, beside the flows inside.
enum class OuterFlows : std::uint8_t {
  kNone,
  kTeredo,  // takes any port, and its ends are hosts, not routers
  kAll,
};

struct Options {
  std::uint32_t max_flows = 200'000;     // of one worker, 1,000..16,000,000
  std::uint32_t tcp_new_s = 60;          // handshake not finished
  std::uint32_t tcp_established_s = 600;
  std::uint32_t tcp_closed_s = 30;       // both sides closed, or reset: late resets and repeated FINs are still its own
  std::uint32_t udp_new_s = 30;          // seen from one side
  std::uint32_t udp_established_s = 300;
  std::uint32_t icmp_s = 30;
  std::uint32_t other_s = 60;
  // Two equal packets so close to each other are one that the mirror delivered twice. 0 = not looked for; at most
  // 1,000,000.
  std::uint32_t duplicate_window_us = 5000;
  // Equal tuples in different VLANs are different flows. Not by default: many mirrors tag each direction, or each copy
  // of a packet, with a VLAN of its own.
  bool vlans = false;
  // A mirror's own envelope (VXLAN, GENEVE) is no conversation that anybody asks for.
  OuterFlows outer_flows = OuterFlows::kTeredo;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_OPTIONS_H_
