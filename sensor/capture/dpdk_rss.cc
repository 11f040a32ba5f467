// SPDX-License-Identifier: Apache-2.0
// Symmetric RSS: key, hash types, redirection table, and the port's own word on all three.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_rss.h"

#include <fmt/format.h>
#include <rte_ethdev.h>

#include "capture/dpdk_eal.h"

namespace gander::capture {
namespace {

// Addresses only: fragments and both halves of a flow go where the host pair goes.
constexpr std::uint64_t kByAddress =
    RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER | RTE_ETH_RSS_IPV6 |
    RTE_ETH_RSS_FRAG_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_OTHER | RTE_ETH_RSS_IPV6_EX;
// These make a port hash whatever bears an IP header; the rest of kByAddress, without them, leaves TCP and
// UDP out.
constexpr std::uint64_t kAllIp = RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_IPV6;
// For ports that hash TCP and UDP by their ports or not at all: better spread anyhow than all to one queue.
constexpr std::uint64_t kByFlow = RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_SCTP;

constexpr std::uint16_t kMaxTable = RTE_ETH_RSS_RETA_SIZE_512;
using Table = rte_eth_rss_reta_entry64[kMaxTable / RTE_ETH_RETA_GROUP_SIZE];

}  // namespace

Result<bool> DpdkRss::Configure(const rte_eth_dev_info& info, const RssKey& key, std::uint16_t queues,
                                rte_eth_conf& conf) {
  by_host_pair_ = false;
  const std::uint64_t offered = info.flow_type_rss_offloads;
  hash_types_ = offered & kByAddress;
  const bool all_ip = (offered & kAllIp) == kAllIp;
  if (!all_ip) hash_types_ |= offered & kByFlow;
  if (queues == 1 || hash_types_ == 0) return true;
  const std::size_t size = info.hash_key_size != 0 ? info.hash_key_size : RssKey::kMinBytes;
  key_ = key.OfSize(size);
  if (key_.empty()) {
    return Fail(
        kDpdkConfiguration, 0,
        fmt::format("rss_key has {} bytes, the port ({}) takes {}", key.size(), info.driver_name, size),
        "give a key of that length, or a pattern of two bytes, which is repeated");
  }
  table_size_ = std::min(info.reta_size, kMaxTable);
  // A port that cannot hand its hash up does not hash: net_null takes keys and tables and heeds neither.
  may_hash_by_host_pair_ = all_ip && (info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_RSS_HASH) != 0;
  conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
  conf.rx_adv_conf.rss_conf.rss_key = key_.data();
  conf.rx_adv_conf.rss_conf.rss_key_len = static_cast<std::uint8_t>(key_.size());
  conf.rx_adv_conf.rss_conf.rss_hf = hash_types_;
  return true;
}

void DpdkRss::Start(std::uint16_t port, std::uint16_t queues) {
  if (queues == 1 || hash_types_ == 0) return;
  const bool spread = SpreadOver(port, queues);
  by_host_pair_ = may_hash_by_host_pair_ && spread && HashesAsTold(port);
}

// False when some queue would get nothing, as far as the port says.
bool DpdkRss::SpreadOver(std::uint16_t port, std::uint16_t queues) {
  table_.clear();
  if (table_size_ < queues) return false;
  Table table{};
  for (std::uint16_t i = 0; i < table_size_; ++i) {
    rte_eth_rss_reta_entry64& group = table[i / RTE_ETH_RETA_GROUP_SIZE];
    group.mask |= RTE_BIT64(i % RTE_ETH_RETA_GROUP_SIZE);
    group.reta[i % RTE_ETH_RETA_GROUP_SIZE] = i % queues;
  }
  // Where the table cannot be set, what counts is what it already holds.
  (void)rte_eth_dev_rss_reta_update(port, table, table_size_);
  for (rte_eth_rss_reta_entry64& group : table) std::fill(std::begin(group.reta), std::end(group.reta), 0);
  if (rte_eth_dev_rss_reta_query(port, table, table_size_) != 0) return false;
  std::vector<bool> reached(queues);
  for (std::uint16_t i = 0; i < table_size_; ++i) {
    table_.push_back(table[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE]);
    if (table_.back() < queues) reached[table_.back()] = true;
  }
  return std::find(reached.begin(), reached.end(), false) == reached.end();
}

bool DpdkRss::HashesAsTold(std::uint16_t port) const {
  std::vector<std::uint8_t> key(RssKey::kMaxBytes);
  rte_eth_rss_conf conf{};
  conf.rss_key = key.data();
  conf.rss_key_len = static_cast<std::uint8_t>(key_.size());
  if (rte_eth_dev_rss_hash_conf_get(port, &conf) != 0) return false;
  key.resize(key_.size());
  return key == key_ && (conf.rss_hf & kAllIp) == kAllIp && (conf.rss_hf & kByFlow) == 0;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
