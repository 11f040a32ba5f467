// SPDX-License-Identifier: Apache-2.0
// A port whose link went down, or whose device is gone: noticed, waited for, brought back.
#ifdef GANDER_WITH_DPDK
#include <rte_ethdev.h>

#include "capture/dpdk_eal.h"
#include "capture/dpdk_port.h"

namespace gander::capture {
namespace {

std::uint64_t BitOf(std::uint16_t queue) noexcept { return std::uint64_t{1} << queue; }

}  // namespace

// A port id may have gone to another device meanwhile.
bool DpdkPort::IsThere() const noexcept {
  std::uint16_t found = 0;
  return rte_eth_dev_get_port_by_name(name_.c_str(), &found) == 0 && found == id_;
}

void DpdkPort::AddLosses(SourceCounters& counters, std::uint16_t queue) noexcept {
  losses_.AddTo(counters, queue);
  if (queue == 0) counters.outages += outages_.load(std::memory_order_relaxed);
}

// A device that goes while its link is down is one outage.
void DpdkPort::MarkLost() noexcept {
  if (lost_.exchange(true)) return;
  losses_.Detach();
  if (!link_down_.load()) ++outages_;
}

bool DpdkPort::LinkIsUp() noexcept {
  if (!IsThere() || rte_eth_dev_is_removed(id_) != 0) {
    MarkLost();
    return false;
  }
  rte_eth_link link{};
  const bool down = rte_eth_link_get_nowait(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_DOWN;
  if (!link_down_.exchange(down) && down) ++outages_;
  return !down;
}

bool DpdkPort::StandAside(std::uint16_t queue) noexcept {
  // Whoever brings the port back holds the lock for as long as that takes; the others need not wait.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return false;
  if (!lost()) return true;
  MarkLost();
  aside_ |= BitOf(queue);
  for (std::uint16_t q = 0; q < options_.rx_queues; ++q) {
    if (((aside_ | left_) & BitOf(q)) == 0) return false;
  }
  if (!pause_.Due(RetryPause::Clock::now()) || !BringBack()) return false;
  aside_ = 0;
  pause_.Reset();
  link_down_ = false;
  lost_.store(false, std::memory_order_release);
  return true;
}

void DpdkPort::Leave(std::uint16_t queue) noexcept {
  const std::lock_guard lock(mutex_);
  left_ |= BitOf(queue);
}

Result<bool> DpdkPort::BringBack() {
  const bool by_host_pair = rss_.by_host_pair();
  if (IsThere()) device_.Close(id_, true);
  auto id = device_.Find(name_);
  if (!id) return Failure(id.error());
  id_ = *id;
  rte_eth_dev_owner owner{0, "gander"};
  if (rte_eth_dev_owner_new(&owner.id) != 0 || rte_eth_dev_owner_set(id_, &owner) != 0) {
    return Fail(kDpdkConfiguration, 0, "another part of the process has taken the port", "");
  }
  Result<bool> opened = Open();
  // What the queues promised to the workers must still be true.
  if (opened && by_host_pair && !rss_.by_host_pair()) {
    opened = Fail(kDpdkConfiguration, 0, "the port came back without its hash", "");
  }
  if (!opened) {
    losses_.Detach();
    device_.Close(id_, true);
  }
  return opened;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
