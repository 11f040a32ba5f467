// SPDX-License-Identifier: Apache-2.0
// The bytes of rte_flow rules, and ports that take none. No virtual device of DPDK both counts and drops, so
// that a port that does is not tested here.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_flow_rule.h"

#include <gtest/gtest.h>

#include <cstring>

#include "capture/dpdk_devices.h"
#include "support/pcap_builder.h"

namespace gander {
namespace {

using capture::DpdkFlowRule;

std::string BytesAt(const void* at, std::size_t size) { return {static_cast<const char*>(at), size}; }

TEST(DpdkFlowRule, MatchesAnIpv4TcpFlowByAddressesAndPorts) {
  const DpdkFlowRule rule(test::Tuple("10.1.2.3", 40000, "192.0.2.1", 443));
  const rte_flow_item* item = rule.pattern();
  EXPECT_EQ(item[0].type, RTE_FLOW_ITEM_TYPE_ETH);
  EXPECT_EQ(item[0].spec, nullptr) << "any Ethernet header";
  EXPECT_EQ(item[1].type, RTE_FLOW_ITEM_TYPE_IPV4);
  EXPECT_EQ(item[2].type, RTE_FLOW_ITEM_TYPE_TCP);
  EXPECT_EQ(item[3].type, RTE_FLOW_ITEM_TYPE_END);
  // As the headers stand on the wire: nothing but addresses and ports is set or masked.
  EXPECT_EQ(BytesAt(item[1].spec, 20), std::string(12, '\0') + test::Hex("0a 01 02 03 c0 00 02 01"));
  EXPECT_EQ(BytesAt(item[1].mask, 20), std::string(12, '\0') + std::string(8, '\xff'));
  EXPECT_EQ(BytesAt(item[2].spec, 20), test::Hex("9c 40 01 bb") + std::string(16, '\0'));
  EXPECT_EQ(BytesAt(item[2].mask, 20), std::string(4, '\xff') + std::string(16, '\0'));
}

TEST(DpdkFlowRule, MatchesAnIpv6UdpFlowByAddressesAndPorts) {
  const DpdkFlowRule rule(test::Tuple("2001:db8::1", 5353, "2001:db8::2", 53, ip_proto::kUdp));
  const rte_flow_item* item = rule.pattern();
  EXPECT_EQ(item[1].type, RTE_FLOW_ITEM_TYPE_IPV6);
  EXPECT_EQ(item[2].type, RTE_FLOW_ITEM_TYPE_UDP);
  const std::string prefix = test::Hex("20 01 0d b8") + std::string(11, '\0');
  EXPECT_EQ(BytesAt(item[1].spec, 40), std::string(8, '\0') + prefix + '\1' + prefix + '\2');
  EXPECT_EQ(BytesAt(item[1].mask, 40), std::string(8, '\0') + std::string(32, '\xff'));
  EXPECT_EQ(BytesAt(item[2].spec, 8), test::Hex("14 e9 00 35") + std::string(4, '\0'));
  EXPECT_EQ(BytesAt(item[2].mask, 8), std::string(4, '\xff') + std::string(4, '\0'));
}

TEST(DpdkFlowRule, CountsBeforeItDrops) {
  EXPECT_EQ(DpdkFlowRule::attributes().ingress, 1u);
  EXPECT_EQ(DpdkFlowRule::actions()[0].type, RTE_FLOW_ACTION_TYPE_COUNT);
  EXPECT_EQ(DpdkFlowRule::actions()[1].type, RTE_FLOW_ACTION_TYPE_DROP);
  EXPECT_EQ(DpdkFlowRule::actions()[2].type, RTE_FLOW_ACTION_TYPE_END);
}

TEST(DpdkFlowRule, OnlyTcpAndUdpOfOneIpVersionCanBeMatched) {
  EXPECT_TRUE(DpdkFlowRule::CanMatch(test::Tuple("10.0.0.1", 1, "10.0.0.2", 2)));
  EXPECT_FALSE(DpdkFlowRule::CanMatch(test::Tuple("10.0.0.1", 8, "10.0.0.2", 0, ip_proto::kIcmp)));
  EXPECT_FALSE(DpdkFlowRule::CanMatch(test::Tuple("10.0.0.1", 1, "::1", 2)));
}

TEST(DpdkQueue, APortWithoutRulesGoesOnHandingPacketsUp) {
  capture::DpdkOptions options = test::DpdkOn("net_ring20");
  options.flow_offload = true;
  auto sources = capture::OpenDpdk(options);
  ASSERT_TRUE(sources) << sources.error().ToString();
  const FiveTuple tuple = test::Tuple("10.0.0.1", 4000, "10.0.0.2", 443);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(sources->front()->Offload(tuple));
    ASSERT_TRUE(test::RingFeed("net_ring20").Send(test::TcpFrame(tuple, {}, "data")));
    EXPECT_EQ(sources->front()->Poll().size(), 1u);
  }
  EXPECT_EQ(sources->front()->counters().received, 3u);
}

}  // namespace
}  // namespace gander

#endif  // GANDER_WITH_DPDK
