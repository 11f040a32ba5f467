// SPDX-License-Identifier: Apache-2.0
// One direction of a flow as an rte_flow rule: match exactly, count, drop.
#ifndef GANDER_CAPTURE_DPDK_FLOW_RULE_H_
#define GANDER_CAPTURE_DPDK_FLOW_RULE_H_

#include <rte_flow.h>

#include "base/net.h"

namespace gander::capture {

// Points into itself, so it stays where it is made.
class DpdkFlowRule {
 public:
  explicit DpdkFlowRule(const FiveTuple& tuple) noexcept;
  DpdkFlowRule(const DpdkFlowRule&) = delete;
  DpdkFlowRule& operator=(const DpdkFlowRule&) = delete;

  // Only whole TCP and UDP packets have ports to match.
  static bool CanMatch(const FiveTuple& tuple) noexcept;

  // Ethernet / IPv4 or IPv6 / TCP or UDP: addresses and ports, nothing else.
  const rte_flow_item* pattern() const noexcept { return pattern_; }
  static const rte_flow_attr& attributes() noexcept;
  static const rte_flow_action* actions() noexcept;  // count, then drop

 private:
  rte_flow_item pattern_[4]{};
  union {
    rte_flow_item_ipv4 v4;
    rte_flow_item_ipv6 v6;
  } ip_{}, ip_mask_{};
  union {
    rte_flow_item_tcp tcp;
    rte_flow_item_udp udp;
  } transport_{}, transport_mask_{};
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_FLOW_RULE_H_
