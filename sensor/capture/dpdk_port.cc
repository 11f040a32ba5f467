// SPDX-License-Identifier: Apache-2.0
// Configuration of an ethdev port for listening: receive queues only, both directions of a flow to one queue.
#ifdef GANDER_WITH_DPDK
// rte_eth_read_clock() is not yet in DPDK's stable interface.
#define ALLOW_EXPERIMENTAL_API
#include "capture/dpdk_port.h"

#include <fmt/format.h>
#include <rte_bus.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "capture/dpdk_eal.h"

namespace gander::capture {
namespace {

// A Toeplitz key of one repeated 16-bit pattern hashes (a, b) and (b, a) alike (Woo and Park, "Scalable TCP
// session monitoring with symmetric receive-side scaling", KAIST, 2012).
constexpr std::uint8_t kKeyPattern[2] = {0x6d, 0x5a};
constexpr std::uint8_t kUsualKeyBytes = 40;

// Addresses only: fragments and the ports' half of a flow go where the host pair goes.
constexpr std::uint64_t kHashedHeaders =
    RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_OTHER | RTE_ETH_RSS_IPV6 |
    RTE_ETH_RSS_FRAG_IPV6 | RTE_ETH_RSS_NONFRAG_IPV6_OTHER | RTE_ETH_RSS_IPV6_EX;

// A NIC clock within so much of ours counts Unix nanoseconds.
constexpr std::int64_t kSameClock = 2 * kNanosPerSecond;

// As in memory, all queues: one burst in hand and one on its way, beside the descriptors.
constexpr std::size_t kBurstsInFlight = 2;

std::uint8_t* SymmetricKey() {
  static std::uint8_t key[255];
  for (std::size_t i = 0; i < sizeof key; ++i) key[i] = kKeyPattern[i % 2];
  return key;
}

std::int64_t UnixNanos() noexcept {
  return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Failure DpdkPort::Refused(const std::string& what, int status, const std::string& remedy) const {
  return Fail(kDpdkConfiguration, 0,
              fmt::format("port {} ({}) {}: {}{}", id_, name_, what, rte_strerror(std::abs(status)),
                          TakeDpdkComplaint()),
              remedy);
}

Result<std::shared_ptr<DpdkPort>> DpdkPort::Start(std::uint16_t id, const DpdkOptions& options) {
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
  std::shared_ptr<DpdkPort> port(new DpdkPort(id));
  port->name_ = name;
  for (const auto step : {&DpdkPort::Configure, &DpdkPort::SetUpQueues, &DpdkPort::StartReceiving}) {
    if (auto done = (port.get()->*step)(options); !done) return Failure(done.error());
  }
  return port;
}

Result<bool> DpdkPort::Configure(const DpdkOptions& options) {
  rte_eth_dev_info info{};
  if (const int s = rte_eth_dev_info_get(id_, &info); s != 0) {
    return Refused("does not describe itself", s, "update its firmware or driver");
  }
  if (options.rx_queues > info.max_rx_queues) {
    return Fail(kDpdkConfiguration, 0,
                fmt::format("{} receive queues are asked of port {} ({}), which has {}", options.rx_queues,
                            id_, name_, info.max_rx_queues),
                fmt::format("set capture.dpdk.rx_queues to at most {}", info.max_rx_queues));
  }
  rte_eth_conf conf{};
  std::uint16_t mtu = options.mtu;
  if (mtu == 0) (void)rte_eth_dev_get_mtu(id_, &mtu);
  conf.rxmode.mtu = mtu;
  // Frames longer than a buffer are chained; packets bear the NIC's time where it has one.
  conf.rxmode.offloads = info.rx_offload_capa & (RTE_ETH_RX_OFFLOAD_SCATTER | RTE_ETH_RX_OFFLOAD_TIMESTAMP);
  offloads_timestamps_ = (conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_TIMESTAMP) != 0;
  const std::uint64_t hashed = info.flow_type_rss_offloads & kHashedHeaders;
  if (options.rx_queues > 1 && hashed != 0) {
    conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
    conf.rx_adv_conf.rss_conf.rss_key = SymmetricKey();
    conf.rx_adv_conf.rss_conf.rss_key_len = info.hash_key_size != 0 ? info.hash_key_size : kUsualKeyBytes;
    conf.rx_adv_conf.rss_conf.rss_hf = hashed;
  }
  if (const int s = rte_eth_dev_configure(id_, options.rx_queues, 0, &conf); s != 0) {
    return Refused("refuses its configuration", s, "try capture.dpdk.rx_queues: 1 and capture.dpdk.mtu: 0");
  }
  return true;
}

Result<bool> DpdkPort::SetUpQueues(const DpdkOptions& options) {
  std::uint16_t descriptors = options.rx_descriptors, none = 0;
  if (const int s = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &descriptors, &none); s != 0) {
    return Refused("refuses its receive descriptors", s, "set capture.dpdk.rx_descriptors to 1024");
  }
  const std::size_t held = options.rx_queues * (descriptors + kBurstsInFlight * PacketSource::kMaxBurst);
  if (held > options.mempool_size) {
    return Fail(kDpdkConfiguration, 0,
                fmt::format("{} packet buffers do not feed {} queues of {} descriptors", options.mempool_size,
                            options.rx_queues, descriptors),
                fmt::format("set capture.dpdk.mempool_size to {} or more", held));
  }
  static std::atomic<int> pools{0};
  const std::string pool_name = fmt::format("gander_rx_{}", pools++);
  const int socket = rte_eth_dev_socket_id(id_);
  // The cache may hold two thirds of the pool at most.
  const std::uint32_t cache = std::min({std::uint32_t{options.mempool_cache}, options.mempool_size * 2 / 3,
                                        std::uint32_t{RTE_MEMPOOL_CACHE_MAX_SIZE}});
  pool_ = rte_pktmbuf_pool_create(pool_name.c_str(), options.mempool_size, cache, 0,
                                  RTE_MBUF_DEFAULT_BUF_SIZE, socket);
  if (pool_ == nullptr) {
    return Refused("gets no packet buffers", rte_errno,
                   "give DPDK more memory (-m), or set a smaller mempool_size");
  }
  for (std::uint16_t queue = 0; queue < options.rx_queues; ++queue) {
    const int s =
        rte_eth_rx_queue_setup(id_, queue, descriptors, static_cast<unsigned>(socket), nullptr, pool_);
    if (s != 0) {
      return Refused(fmt::format("refuses its receive queue {}", queue), s,
                     "try one queue, 1024 descriptors, mtu: 0");
    }
  }
  return true;
}

Result<bool> DpdkPort::StartReceiving(const DpdkOptions& options) {
  if (const int s = rte_eth_dev_start(id_); s != 0) {
    return Refused("does not start", s, "see that no other program holds it (dpdk-devbind.py --status)");
  }
  if (options.promiscuous) {
    const int s = rte_eth_promiscuous_enable(id_);
    // Devices without addresses, such as a ring, read everything anyhow.
    if (s != 0 && s != -ENOTSUP) {
      return Refused("does not become promiscuous", s, "set capture.dpdk.promiscuous to false");
    }
  }
  rte_eth_link link{};
  if (rte_eth_link_get(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_DOWN) {  // waits for it up to 9 s
    return Fail(kDpdkConfiguration, 0, fmt::format("port {} ({}) has no link", id_, name_),
                "see that its cable is in and that the mirror port it leads to is up");
  }
  (void)rte_eth_stats_reset(id_);
  FindClock(offloads_timestamps_);
  return true;
}

// Drivers do not state the unit of their timestamps. net_pcap's is known; a NIC's is believed where its clock
// agrees with ours.
void DpdkPort::FindClock(bool offloaded) noexcept {
  timestamp_offset_ = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
  const int bit = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
  if (timestamp_offset_ < 0 || bit < 0) return;
  timestamp_flag_ = std::uint64_t{1} << bit;
  rte_eth_dev_info info{};
  if (rte_eth_dev_info_get(id_, &info) != 0) return;
  std::uint64_t ticks = 0;
  if (std::strcmp(info.driver_name, "net_pcap") == 0) {
    clock_ = Clock::kMicroseconds;
  } else if (offloaded && rte_eth_read_clock(id_, &ticks) == 0 &&
             std::abs(static_cast<std::int64_t>(ticks) - UnixNanos()) < kSameClock) {
    clock_ = Clock::kNanoseconds;
  }
}

DpdkPort::~DpdkPort() {
  rte_eth_dev_info info{};
  const bool known = rte_eth_dev_info_get(id_, &info) == 0;
  (void)rte_eth_dev_stop(id_);
  (void)rte_eth_dev_close(id_);
  // A virtual device is gone with its port, so that its name can be used again.
  if (known && info.device != nullptr && std::strcmp(rte_bus_name(rte_dev_bus(info.device)), "vdev") == 0) {
    (void)rte_dev_remove(info.device);
  }
  rte_mempool_free(pool_);
}

void DpdkPort::AddLosses(SourceCounters& counters) const noexcept {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(id_, &stats) != 0) return;
  counters.no_buffer += stats.rx_nombuf;
  counters.interface_drops += stats.imissed;
  counters.errors += stats.ierrors;
}

DpdkPort::State DpdkPort::state() const noexcept {
  if (rte_eth_dev_is_removed(id_) != 0) return State::kRemoved;
  rte_eth_link link{};
  const bool down = rte_eth_link_get_nowait(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_DOWN;
  return down ? State::kLinkDown : State::kUp;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
