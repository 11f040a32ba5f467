// SPDX-License-Identifier: Apache-2.0
// One ethdev port: configured, started, brought back when it was lost, closed at the end.
#ifndef GANDER_CAPTURE_DPDK_PORT_H_
#define GANDER_CAPTURE_DPDK_PORT_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capture/dpdk_buffers.h"
#include "capture/dpdk_clock.h"
#include "capture/dpdk_departures.h"
#include "capture/dpdk_device.h"
#include "capture/dpdk_losses.h"
#include "capture/dpdk_rss.h"
#include "capture/packet_source.h"
#include "capture/retry_pause.h"

struct rte_eth_conf;
struct rte_eth_dev_info;

namespace gander::capture {

class DpdkPort {
 public:
  // Waits for the link, but does not insist on it. Errors: no such port, read already, more queues than it
  // has, too few buffers, the driver's own.
  static Result<std::shared_ptr<DpdkPort>> Start(std::uint16_t id, const DpdkOptions& options,
                                                 const RssKey& key);
  ~DpdkPort();  // stops and closes the port; its sources are gone by then
  DpdkPort(const DpdkPort&) = delete;
  DpdkPort& operator=(const DpdkPort&) = delete;

  // Of the ethdev; another after the device was plugged in again.
  std::uint16_t id() const noexcept { return id_; }
  std::uint16_t number() const noexcept { return number_; }  // that at the start
  const std::string& name() const noexcept { return name_; }
  const DpdkOptions& options() const noexcept { return options_; }
  bool Wants(const char* offload) const;  // one of options().offloads
  int numa_node() const noexcept { return numa_node_; }
  std::uint16_t descriptors() const noexcept { return descriptors_; }
  const DpdkClock& clock() const noexcept { return clock_; }
  const DpdkRss& rss() const noexcept { return rss_; }

  // Adds the queue's losses since the start, and to those of queue 0 the port's outages.
  void AddLosses(SourceCounters& counters, std::uint16_t queue) noexcept;

  // The link's state as of now. Marks a device that is gone as lost. Not to be called for a lost port.
  bool LinkIsUp() noexcept;

  // A lost port must not be touched. Any queue may look; it calls StandAside() instead of receiving.
  bool lost() const noexcept {
    return lost_.load(std::memory_order_acquire) || DeparturesOf(id_) != departures_;
  }
  // When all queues stand aside, the one that calls tries to bring the port back, after pauses that grow to
  // retry_max_s. True once it is back: id() and clock() may have changed.
  bool StandAside(std::uint16_t queue) noexcept;
  // The queue will not be read any more.
  void Leave(std::uint16_t queue) noexcept;

 private:
  DpdkPort(std::uint16_t id, const DpdkOptions& options, const RssKey& key);

  Result<bool> Open();
  Result<bool> Configure();
  Result<bool> ChooseDescriptors(const rte_eth_dev_info& info);
  void AskForOffloads(const rte_eth_dev_info& info, rte_eth_conf& conf);
  Result<bool> SetUpQueues();
  Result<bool> StartReceiving();
  bool IsThere() const noexcept;
  void MarkLost() noexcept;
  Result<bool> BringBack();
  Failure Refused(const std::string& what, int status, const std::string& remedy) const;

  std::uint16_t id_;
  const std::uint16_t number_;
  const DpdkOptions options_;
  const RssKey key_;
  std::string name_;
  DpdkDevice device_;
  int numa_node_ = -1;
  std::uint16_t descriptors_ = 0;
  std::uint16_t tx_queues_ = 0, tx_descriptors_ = 0;  // never used
  std::uint64_t offloads_ = 0;                        // RTE_ETH_RX_OFFLOAD_*, asked for
  std::uint32_t frame_bytes_ = 0;                     // longest that is received
  std::vector<Pool> pools_;                           // by queue; kept when the port is lost
  DpdkRss rss_;
  DpdkClock clock_;
  DpdkLosses losses_;

  std::uint32_t departures_ = 0;  // of this id when the port was opened
  std::atomic<bool> lost_{false};
  std::atomic<bool> link_down_{false};
  std::atomic<std::uint64_t> outages_{0};
  std::mutex mutex_;                    // of what follows; taken only while the port is lost
  std::uint64_t aside_ = 0, left_ = 0;  // queues as bits
  RetryPause pause_;
};

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_PORT_H_
