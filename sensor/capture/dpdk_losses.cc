// SPDX-License-Identifier: Apache-2.0
// Reading of ethdev statistics, basic and extended.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_losses.h"

#include <rte_ethdev.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace gander::capture {
namespace {

constexpr std::string_view kQueuePrefix = "rx_q";

// "rx_q12_errors" -> 12, "errors". False when the name is no receive queue's.
bool SplitName(std::string_view name, std::uint16_t& queue, std::string_view& what) {
  if (!name.starts_with(kQueuePrefix)) return false;
  name.remove_prefix(kQueuePrefix.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), queue);
  if (error != std::errc() || end == name.data() + name.size() || *end != '_') return false;
  what = name.substr(static_cast<std::size_t>(end - name.data()) + 1);
  return true;
}

}  // namespace

// Names as drivers of DPDK 22.11 have them: ethdev's own (from q_errors), ixgbe, bnxt, ena, vmxnet3, virtio.
void DpdkLosses::FindPerQueue(std::uint16_t queues) {
  struct Known {
    std::string_view what;
    Reason reason;
  };
  static constexpr Known kKnown[] = {{"errors", kErrors},
                                     {"dropped", kInterfaceDrops},
                                     {"discard_pkts", kInterfaceDrops},
                                     {"drop_total", kInterfaceDrops},
                                     {"mbuf_alloc_fail", kNoBuffer},
                                     {"rx_buf_alloc_failure", kNoBuffer}};
  per_queue_.clear();
  ids_.clear();
  const int count = rte_eth_xstats_get_names(port_, nullptr, 0);
  if (count <= 0) return;
  std::vector<rte_eth_xstat_name> names(static_cast<std::size_t>(count));
  if (rte_eth_xstats_get_names(port_, names.data(), static_cast<unsigned>(count)) != count) return;
  for (std::size_t id = 0; id < names.size(); ++id) {
    std::uint16_t queue = 0;
    std::string_view what;
    if (!SplitName(names[id].name, queue, what) || queue >= queues) continue;
    for (const Known& known : kKnown) {
      if (what != known.what) continue;
      per_queue_.push_back({id, queue, known.reason});
      ids_.push_back(id);
    }
  }
  values_.resize(ids_.size());
}

// Fills now_; false when the device does not answer. The port's own figures are what is true; a queue's share
// is taken off them only as far as it goes, since some drivers count a lost packet under another name for the
// queue than for the port.
bool DpdkLosses::Read() noexcept {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(port_, &stats) != 0) return false;
  std::fill(now_.begin(), now_.end(), Counts{});
  Counts left{stats.rx_nombuf, stats.imissed, stats.ierrors};
  const auto wanted = static_cast<unsigned>(ids_.size());
  if (wanted != 0 &&
      rte_eth_xstats_get_by_id(port_, ids_.data(), values_.data(), wanted) == static_cast<int>(wanted)) {
    for (std::size_t i = 0; i < per_queue_.size(); ++i) {
      const PerQueue& p = per_queue_[i];
      const std::uint64_t share = std::min(values_[i], left[p.reason]);
      now_[p.queue][p.reason] += share;
      left[p.reason] -= share;
    }
  }
  for (std::size_t reason = 0; reason < kReasons; ++reason) now_[0][reason] += left[reason];
  return true;
}

void DpdkLosses::Attach(std::uint16_t port, std::uint16_t queues) {
  const std::lock_guard lock(mutex_);
  port_ = port;
  FindPerQueue(queues);
  before_.resize(queues);
  lost_ = before_;
  now_.assign(queues, Counts{});
  (void)Read();
  start_ = now_;
  attached_ = true;
}

// Of a device that is gone, what was seen last stands.
void DpdkLosses::Detach() noexcept {
  const std::lock_guard lock(mutex_);
  before_ = lost_;
  attached_ = false;
}

void DpdkLosses::Refresh() noexcept {
  if (!Read()) return;
  for (std::size_t q = 0; q < now_.size(); ++q) {
    for (std::size_t reason = 0; reason < kReasons; ++reason) {
      const std::uint64_t since = now_[q][reason] - std::min(now_[q][reason], start_[q][reason]);
      lost_[q][reason] = std::max(lost_[q][reason], before_[q][reason] + since);
    }
  }
}

void DpdkLosses::AddTo(SourceCounters& counters, std::uint16_t queue) noexcept {
  const std::lock_guard lock(mutex_);
  if (attached_) Refresh();
  if (queue >= lost_.size()) return;
  counters.no_buffer += lost_[queue][kNoBuffer];
  counters.interface_drops += lost_[queue][kInterfaceDrops];
  counters.errors += lost_[queue][kErrors];
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
