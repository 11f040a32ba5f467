// SPDX-License-Identifier: Apache-2.0
// Configuration of an ethdev port for listening: receive queues only, each with buffers of its own.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_port.h"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_ethdev.h>

#include <algorithm>
#include <cstdlib>

#include "capture/dpdk_eal.h"

namespace gander::capture {
namespace {

constexpr std::uint16_t kUsualMtu = 1500;
// Around an IP packet of the MTU: Ethernet header, checksum, two VLAN tags.
constexpr std::uint32_t kFraming = RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN + 2 * RTE_VLAN_HLEN;

}  // namespace

DpdkPort::DpdkPort(std::uint16_t id, const DpdkOptions& options, const RssKey& key)
    : id_(id), number_(id), options_(options), key_(key), pause_(options.retry_max_s) {}

Failure DpdkPort::Refused(const std::string& what, int status, const std::string& remedy) const {
  return Fail(kDpdkConfiguration, 0,
              fmt::format("port {} ({}) {}: {}{}", id_, name_, what, rte_strerror(std::abs(status)),
                          TakeDpdkComplaint()),
              remedy);
}

bool DpdkPort::Wants(const char* offload) const {
  return std::find(options_.offloads.begin(), options_.offloads.end(), offload) != options_.offloads.end();
}

Result<std::shared_ptr<DpdkPort>> DpdkPort::Start(std::uint16_t id, const DpdkOptions& options,
                                                  const RssKey& key) {
  char name[RTE_ETH_NAME_MAX_LEN] = "";
  if (rte_eth_dev_is_valid_port(id) == 0 || rte_eth_dev_get_name_by_port(id, name) != 0) {
    return Fail(kDpdkConfiguration, 0,
                fmt::format("there is no port {}; DPDK found {}", id, rte_eth_dev_count_avail()),
                "list fewer ports, or bind the interface to DPDK (dpdk-devbind.py --status)");
  }
  // A port that another part of the process owns must not be configured here, still less closed at our end.
  rte_eth_dev_owner owner{0, "gander"};
  if (rte_eth_dev_owner_new(&owner.id) != 0 || rte_eth_dev_owner_set(id, &owner) != 0) {
    return Fail(kDpdkConfiguration, 0, fmt::format("port {} ({}) is read already", id, name),
                "list each port once in capture.dpdk.ports");
  }
  std::shared_ptr<DpdkPort> port(new DpdkPort(id, options, key));
  port->name_ = name;
  port->device_ = DpdkDevice(id);
  if (auto opened = port->Open(); !opened) return Failure(opened.error());
  rte_eth_link link{};
  (void)rte_eth_link_get(id, &link);  // gives it up to 9 s to come up; without one the port is waited for
  return port;
}

DpdkPort::~DpdkPort() {
  if (IsThere()) device_.Close(id_, false);
}

Result<bool> DpdkPort::Open() {
  departures_ = DeparturesOf(id_);
  for (const auto step : {&DpdkPort::Configure, &DpdkPort::SetUpQueues, &DpdkPort::StartReceiving}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  return true;
}

Result<bool> DpdkPort::Configure() {
  rte_eth_dev_info info{};
  if (const int s = rte_eth_dev_info_get(id_, &info); s != 0) {
    return Refused("does not describe itself", s, "update its firmware or driver");
  }
  if (options_.rx_queues > info.max_rx_queues) {
    return Fail(kDpdkConfiguration, 0,
                fmt::format("{} receive queues are asked of port {} ({}), which has {}", options_.rx_queues,
                            id_, name_, info.max_rx_queues),
                fmt::format("set capture.dpdk.rx_queues to at most {}", info.max_rx_queues));
  }
  std::uint16_t mtu = options_.mtu;
  if (mtu > info.max_mtu) {
    return Fail(
        kDpdkConfiguration, 0,
        fmt::format("an MTU of {} is asked of port {} ({}), which takes {}", mtu, id_, name_, info.max_mtu),
        fmt::format("set capture.dpdk.mtu to at most {}", info.max_mtu));
  }
  if (mtu == 0 && rte_eth_dev_get_mtu(id_, &mtu) != 0) mtu = kUsualMtu;
  frame_bytes_ = mtu + kFraming;
  numa_node_ = rte_eth_dev_socket_id(id_);

  rte_eth_conf conf{};
  conf.rxmode.mtu = mtu;
  AskForOffloads(info, conf);
  if (auto rss = rss_.Configure(info, key_, options_.rx_queues, conf); !rss) return rss;
  int s = rte_eth_dev_configure(id_, options_.rx_queues, 0, &conf);
  tx_queues_ = s == 0 ? 0 : options_.rx_queues;
  if (tx_queues_ != 0) {  // some devices, net_tap for one, want as many queues for sending
    (void)TakeDpdkComplaint();
    s = rte_eth_dev_configure(id_, options_.rx_queues, tx_queues_, &conf);
  }
  if (s != 0) {
    return Refused("refuses its configuration", s, "try capture.dpdk.rx_queues: 1 and capture.dpdk.mtu: 0");
  }
  return ChooseDescriptors(info);
}

// Tags are never asked to be stripped: frames stay what they were on the wire, and decode/ reads them there.
void DpdkPort::AskForOffloads(const rte_eth_dev_info& info, rte_eth_conf& conf) {
  offloads_ = 0;
  if (Wants("checksum")) offloads_ |= RTE_ETH_RX_OFFLOAD_CHECKSUM;
  if (Wants("timestamp")) offloads_ |= RTE_ETH_RX_OFFLOAD_TIMESTAMP;
  if (Wants("scatter")) offloads_ |= RTE_ETH_RX_OFFLOAD_SCATTER;
  offloads_ &= info.rx_offload_capa;
  conf.rxmode.offloads = offloads_;
}

Result<bool> DpdkPort::ChooseDescriptors(const rte_eth_dev_info& info) {
  const rte_eth_desc_lim& limit = info.rx_desc_lim;
  const std::uint16_t asked = options_.rx_descriptors;
  if (asked < limit.nb_min || (limit.nb_max != 0 && asked > limit.nb_max)) {
    return Fail(
        kDpdkConfiguration, 0,
        fmt::format("{} receive descriptors are asked of port {} ({}), which takes {} to {}", asked, id_,
                    name_, limit.nb_min, limit.nb_max),
        fmt::format("set capture.dpdk.rx_descriptors to between {} and {}", limit.nb_min, limit.nb_max));
  }
  descriptors_ = asked;
  tx_descriptors_ = std::max(info.tx_desc_lim.nb_min, std::uint16_t{1});
  if (const int s = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &descriptors_, &tx_descriptors_); s != 0) {
    return Refused("refuses its receive descriptors", s, "set capture.dpdk.rx_descriptors to 1024");
  }
  return CheckBuffers(options_, descriptors_);
}

Result<bool> DpdkPort::SetUpQueues() {
  const bool may_scatter = (offloads_ & RTE_ETH_RX_OFFLOAD_SCATTER) != 0;
  for (std::uint16_t queue = 0; queue < options_.rx_queues; ++queue) {
    if (queue == pools_.size()) {
      auto pool = MakePool(options_, frame_bytes_, may_scatter, numa_node_);
      if (!pool) return Failure(pool.error());
      pools_.push_back(std::move(*pool));
    }
    const int s = rte_eth_rx_queue_setup(id_, queue, descriptors_, static_cast<unsigned>(numa_node_), nullptr,
                                         pools_[queue].get());
    if (s != 0) {
      return Refused(fmt::format("refuses its receive queue {}", queue), s,
                     "try one queue, 1024 descriptors, mtu: 0");
    }
  }
  for (std::uint16_t queue = 0; queue < tx_queues_; ++queue) {
    const int s =
        rte_eth_tx_queue_setup(id_, queue, tx_descriptors_, static_cast<unsigned>(numa_node_), nullptr);
    if (s != 0) return Refused(fmt::format("refuses its queue {} for sending", queue), s, "try one queue");
  }
  return true;
}

Result<bool> DpdkPort::StartReceiving() {
  if (const int s = rte_eth_dev_start(id_); s != 0) {
    return Refused("does not start", s, "see that no other program holds it (dpdk-devbind.py --status)");
  }
  if (options_.promiscuous) {
    const int s = rte_eth_promiscuous_enable(id_);
    // Devices without addresses, such as a ring, read everything anyhow.
    if (s != 0 && s != -ENOTSUP) {
      return Refused("does not become promiscuous", s, "set capture.dpdk.promiscuous to false");
    }
  }
  rss_.Start(id_, options_.rx_queues);
  clock_ = DpdkClock::Find(id_, (offloads_ & RTE_ETH_RX_OFFLOAD_TIMESTAMP) != 0);
  losses_.Attach(id_, options_.rx_queues);
  return true;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
