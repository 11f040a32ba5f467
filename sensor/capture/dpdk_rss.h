// SPDX-License-Identifier: Apache-2.0
// Receive-side scaling: how a port with several queues chooses one, and whether it does as it was told.
#ifndef GANDER_CAPTURE_DPDK_RSS_H_
#define GANDER_CAPTURE_DPDK_RSS_H_

#include <vector>

#include "capture/rss_key.h"

struct rte_eth_conf;
struct rte_eth_dev_info;

namespace gander::capture {

class DpdkRss {
 public:
  // Sets `conf` for `queues` queues; keeps the key `conf` points to. Error: a key the port cannot take.
  Result<bool> Configure(const rte_eth_dev_info& info, const RssKey& key, std::uint16_t queues,
                         rte_eth_conf& conf);

  // Once the port is started: has its table lead to all queues in turn, then reads back what the port does.
  void Start(std::uint16_t port, std::uint16_t queues);

  // Both directions of a host pair, fragments too, fall into one queue.
  bool by_host_pair() const noexcept { return by_host_pair_; }
  // The queue of each table entry, as read back; ports of equal tables, keys and hashes send a host pair to
  // queues of one number.
  const std::vector<std::uint16_t>& table() const noexcept { return table_; }

 private:
  bool SpreadOver(std::uint16_t port, std::uint16_t queues);
  bool HashesAsTold(std::uint16_t port) const;

  std::vector<std::uint8_t> key_;
  std::uint64_t hash_types_ = 0;
  std::uint16_t table_size_ = 0;
  bool may_hash_by_host_pair_ = false;
  bool by_host_pair_ = false;
  std::vector<std::uint16_t> table_;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_RSS_H_
