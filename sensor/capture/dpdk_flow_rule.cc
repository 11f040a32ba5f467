// SPDX-License-Identifier: Apache-2.0
// Patterns and actions of rte_flow.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_flow_rule.h"

#include <rte_byteorder.h>

#include <cstring>

namespace gander::capture {
namespace {

void SetAddresses(const FiveTuple& t, rte_flow_item_ipv4& ip, rte_flow_item_ipv4& mask) noexcept {
  ip.hdr.src_addr = rte_cpu_to_be_32(t.source.v4_host_order());
  ip.hdr.dst_addr = rte_cpu_to_be_32(t.destination.v4_host_order());
  mask.hdr.src_addr = mask.hdr.dst_addr = RTE_BE32(UINT32_MAX);
}

void SetAddresses(const FiveTuple& t, rte_flow_item_ipv6& ip, rte_flow_item_ipv6& mask) noexcept {
  std::memcpy(ip.hdr.src_addr, t.source.octets.data(), sizeof ip.hdr.src_addr);
  std::memcpy(ip.hdr.dst_addr, t.destination.octets.data(), sizeof ip.hdr.dst_addr);
  std::memset(mask.hdr.src_addr, 0xff, sizeof mask.hdr.src_addr);
  std::memset(mask.hdr.dst_addr, 0xff, sizeof mask.hdr.dst_addr);
}

template <class Item>
void SetPorts(const FiveTuple& t, Item& transport, Item& mask) noexcept {
  transport.hdr.src_port = rte_cpu_to_be_16(t.source_port);
  transport.hdr.dst_port = rte_cpu_to_be_16(t.destination_port);
  mask.hdr.src_port = mask.hdr.dst_port = RTE_BE16(UINT16_MAX);
}

}  // namespace

bool DpdkFlowRule::CanMatch(const FiveTuple& tuple) noexcept {
  return tuple.source.v4 == tuple.destination.v4 &&
         (tuple.protocol == ip_proto::kTcp || tuple.protocol == ip_proto::kUdp);
}

DpdkFlowRule::DpdkFlowRule(const FiveTuple& tuple) noexcept {
  const bool v4 = tuple.source.v4, tcp = tuple.protocol == ip_proto::kTcp;
  if (v4) {
    SetAddresses(tuple, ip_.v4, ip_mask_.v4);
  } else {
    SetAddresses(tuple, ip_.v6, ip_mask_.v6);
  }
  if (tcp) {
    SetPorts(tuple, transport_.tcp, transport_mask_.tcp);
  } else {
    SetPorts(tuple, transport_.udp, transport_mask_.udp);
  }
  pattern_[0].type = RTE_FLOW_ITEM_TYPE_ETH;
  pattern_[1] = {v4 ? RTE_FLOW_ITEM_TYPE_IPV4 : RTE_FLOW_ITEM_TYPE_IPV6, &ip_, nullptr, &ip_mask_};
  pattern_[2] = {tcp ? RTE_FLOW_ITEM_TYPE_TCP : RTE_FLOW_ITEM_TYPE_UDP, &transport_, nullptr,
                 &transport_mask_};
  pattern_[3].type = RTE_FLOW_ITEM_TYPE_END;
}

const rte_flow_attr& DpdkFlowRule::attributes() noexcept {
  static const rte_flow_attr attributes = [] {
    rte_flow_attr a{};
    a.ingress = 1;
    return a;
  }();
  return attributes;
}

const rte_flow_action* DpdkFlowRule::actions() noexcept {
  static const rte_flow_action_count count{};
  static const rte_flow_action actions[] = {{RTE_FLOW_ACTION_TYPE_COUNT, &count},
                                            {RTE_FLOW_ACTION_TYPE_DROP, nullptr},
                                            {RTE_FLOW_ACTION_TYPE_END, nullptr}};
  return actions;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
