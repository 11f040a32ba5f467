// SPDX-License-Identifier: Apache-2.0
// Burst receive: buffers prefetched ahead, freed in bulk, their flags read.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_queue.h"

#include <fmt/format.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

namespace gander::capture {
namespace {

// Longest frame that is put together from several buffers; what lies beyond is counted as cut off.
constexpr std::uint32_t kMaxJoined = 65536;
// How often an idle queue looks after its port.
constexpr std::uint64_t kIdleChecksPerSecond = 2;
// So many buffers ahead of the one that is looked at, its neighbours are on their way to the cache.
constexpr unsigned kPrefetchAhead = 8;

constexpr std::uint64_t kTagsTaken = RTE_MBUF_F_RX_VLAN_STRIPPED | RTE_MBUF_F_RX_QINQ_STRIPPED;

// Threads that DPDK does not know get no mempool cache and pay for an atomic operation a buffer.
void MakeKnownToDpdk() noexcept {
  struct Registration {
    bool ours = rte_lcore_id() == LCORE_ID_ANY && rte_thread_register() == 0;
    ~Registration() {
      if (ours) rte_thread_unregister();
    }
  };
  thread_local const Registration registration;
  (void)registration;
}

// Ports that know tunnels speak of the inner checksum; decode/ looks at each itself.
std::uint8_t HintsOf(const rte_mbuf& mbuf) noexcept {
  const std::uint64_t ip = mbuf.ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK;
  const std::uint64_t transport = mbuf.ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK;
  if ((ip | transport) == 0 || (mbuf.packet_type & RTE_PTYPE_TUNNEL_MASK) != 0) return 0;
  if (ip == RTE_MBUF_F_RX_IP_CKSUM_BAD || transport == RTE_MBUF_F_RX_L4_CKSUM_BAD)
    return Packet::kChecksumBad;
  return transport == RTE_MBUF_F_RX_L4_CKSUM_GOOD ? Packet::kChecksumGood : 0;
}

// Some ports strip VLAN tags though nobody asked for it. Buffers of ours have room for them in front.
void RestoreTags(rte_mbuf& mbuf) noexcept {
  rte_mbuf* same = &mbuf;
  const bool two = (mbuf.ol_flags & RTE_MBUF_F_RX_QINQ_STRIPPED) != 0;
  const bool inner_too = !two || (mbuf.ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) != 0;
  if (inner_too && rte_vlan_insert(&same) != 0) return;
  if (!two) return;
  mbuf.vlan_tci = mbuf.vlan_tci_outer;
  if (rte_vlan_insert(&same) != 0) return;
  rte_pktmbuf_mtod(&mbuf, rte_ether_hdr*)->ether_type = rte_cpu_to_be_16(RTE_ETHER_TYPE_QINQ);
}

}  // namespace

DpdkQueue::DpdkQueue(std::shared_ptr<DpdkPort> port, std::uint16_t queue, Steering steering)
    : port_(std::move(port)),
      number_(port_->number()),
      queue_(queue),
      steering_(steering),
      name_(port_->options().rx_queues == 1 ? port_->name()
                                            : fmt::format("{} queue {}", port_->name(), queue)),
      restore_tags_(port_->Wants("vlan")),
      rules_(port_->options().flow_offload ? DpdkFlowRules::kMaxRules / port_->options().rx_queues : 0),
      joined_(std::make_unique_for_overwrite<std::byte[]>(kMaxBurst * std::size_t{kMaxJoined})),
      tsc_hz_(rte_get_tsc_hz()),
      idle_limit_(port_->options().idle_limit_ms * tsc_hz_ / 1000) {
  Attach();
}

DpdkQueue::~DpdkQueue() {
  rte_pktmbuf_free_bulk(held_.data(), held_count_);
  if (!port_->lost()) rules_.RemoveAll(id_);
  port_->Leave(queue_);
}

// What depends on the ethdev as it was last started.
void DpdkQueue::Attach() {
  id_ = port_->id();
  clock_ = port_->clock();
  ring_ = rte_ring_lookup(fmt::format("ETH_RXTX{}_{}", queue_, port_->name()).c_str());
}

std::span<const Packet> DpdkQueue::Poll() noexcept {
  MakeKnownToDpdk();
  rte_pktmbuf_free_bulk(held_.data(), held_count_);
  held_count_ = 0;
  burst_.Clear();
  if (exhausted_) return {};
  if (port_->lost()) [[unlikely]] {
    OnLost();
    return {};
  }
  if (rules_.enabled()) rules_.Look(id_, rte_rdtsc(), tsc_hz_);
  held_count_ = rte_eth_rx_burst(id_, queue_, held_.data(), kMaxBurst);
  if (held_count_ == 0) {
    OnIdle();
    return {};
  }
  idle_since_ = 0;
  joined_used_ = 0;
  if (problem_) [[unlikely]]
    problem_.reset();
  clock_.BeginBurst(id_);
  for (unsigned i = 0; i < std::min(kPrefetchAhead, held_count_); ++i) rte_prefetch0(held_[i]);
  for (unsigned i = 0; i < held_count_; ++i) {
    if (i + kPrefetchAhead < held_count_) rte_prefetch0(held_[i + kPrefetchAhead]);
    Add(*held_[i]);
  }
  return burst_.packets();
}

// The frame itself is not read here: it is fetched, so that the reader of the burst finds it in the cache.
void DpdkQueue::Add(rte_mbuf& mbuf) noexcept {
  rte_prefetch0(rte_pktmbuf_mtod(&mbuf, const void*));
  if ((mbuf.ol_flags & kTagsTaken) != 0 && restore_tags_) [[unlikely]]
    RestoreTags(mbuf);
  burst_.Add(FrameOf(mbuf), clock_.TimeOf(mbuf), mbuf.pkt_len, LinkType::kEthernet, number_, HintsOf(mbuf));
}

Bytes DpdkQueue::FrameOf(const rte_mbuf& mbuf) noexcept {
  if (mbuf.nb_segs == 1) [[likely]]
    return {rte_pktmbuf_mtod(&mbuf, const std::byte*), mbuf.data_len};
  const std::uint32_t size = std::min(mbuf.pkt_len, kMaxJoined);
  std::byte* at = joined_.get() + joined_used_;
  const void* data = rte_pktmbuf_read(&mbuf, 0, size, at);
  if (data == nullptr) return {};  // the chain is shorter than it says: counted as cut off
  joined_used_ += size;
  return {static_cast<const std::byte*>(data), size};
}

void DpdkQueue::ReportProblem(const char* cause, const char* remedy) noexcept {
  if (!problem_ || problem_->cause != cause) problem_ = Error{port_->name(), 0, cause, remedy};
}

void DpdkQueue::OnIdle() noexcept {
  const std::uint64_t tsc = rte_rdtsc();
  if (idle_since_ == 0) {
    idle_since_ = tsc;
    next_check_ = tsc + tsc_hz_ / kIdleChecksPerSecond;
  }
  if (idle_limit_ != 0 && tsc - idle_since_ >= idle_limit_) exhausted_ = true;
  if (tsc < next_check_) return;
  next_check_ = tsc + tsc_hz_ / kIdleChecksPerSecond;
  if (port_->LinkIsUp()) {
    problem_.reset();
  } else if (!port_->lost()) {
    ReportProblem("the link went down",
                  "see that its cable and the mirror port are up; it is read on when they are");
  }
}

void DpdkQueue::OnLost() noexcept {
  const std::uint64_t tsc = rte_rdtsc();
  if (idle_since_ == 0) idle_since_ = tsc;
  if (idle_limit_ != 0 && tsc - idle_since_ >= idle_limit_) exhausted_ = true;
  ReportProblem("the device was removed", "plug it in again; it is looked for until it is back");
  rules_.Forget();
  if (!port_->StandAside(queue_)) return;
  Attach();
  problem_.reset();
}

SourceCounters DpdkQueue::counters() const noexcept {
  SourceCounters c = burst_.counters();
  c.received += rules_.packets();
  c.received_bytes += rules_.bytes();
  port_->AddLosses(c, queue_);
  return c;
}

Place DpdkQueue::place() const {
  return {port_->name(), queue_, port_->options().rx_queues, steering_, port_->numa_node()};
}

PacketSource::Backlog DpdkQueue::backlog() const noexcept {
  if (port_->lost()) return {};
  if (ring_ != nullptr) return {rte_ring_count(ring_), rte_ring_get_capacity(ring_)};
  const int waiting = rte_eth_rx_queue_count(id_, queue_);
  if (waiting < 0) return {};
  return {waiting, port_->descriptors()};
}

bool DpdkQueue::Offload(const FiveTuple& tuple) noexcept {
  return rules_.enabled() && !port_->lost() && rules_.Add(id_, tuple);
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
