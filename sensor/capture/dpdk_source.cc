// SPDX-License-Identifier: Apache-2.0
// One receive queue of a DPDK port as a packet source. Buffers of a burst go back to their pool at the next
// Poll().
#ifdef GANDER_WITH_DPDK
#include <fmt/format.h>
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include <chrono>
#include <optional>

#include "capture/burst.h"
#include "capture/dpdk_eal.h"
#include "capture/dpdk_port.h"
#include "capture/packet_source.h"

namespace gander::capture {
namespace {

// Longest frame that is put together from several buffers; what lies beyond is counted as cut off.
constexpr std::uint32_t kMaxJoined = 65536;
// How often an idle queue looks after its port.
constexpr std::uint64_t kIdleChecksPerSecond = 2;

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

class DpdkQueue final : public PacketSource {
 public:
  DpdkQueue(std::shared_ptr<DpdkPort> port, std::uint16_t queue, const DpdkOptions& options)
      : port_(std::move(port)),
        queue_(queue),
        name_(options.rx_queues == 1 ? port_->name() : fmt::format("{} queue {}", port_->name(), queue)),
        joined_(std::make_unique_for_overwrite<std::byte[]>(kMaxBurst * std::size_t{kMaxJoined})),
        tsc_hz_(rte_get_tsc_hz()),
        idle_limit_(options.idle_limit_ms * tsc_hz_ / 1000) {}

  ~DpdkQueue() override { rte_pktmbuf_free_bulk(held_.data(), held_count_); }

  std::span<const Packet> Poll() noexcept override {
    MakeKnownToDpdk();
    rte_pktmbuf_free_bulk(held_.data(), held_count_);
    held_count_ = 0;
    burst_.Clear();
    if (exhausted_) return {};
    held_count_ = rte_eth_rx_burst(port_->id(), queue_, held_.data(), kMaxBurst);
    if (held_count_ == 0) {
      OnIdle(rte_rdtsc());
      return {};
    }
    idle_since_ = 0;
    joined_used_ = 0;
    // Ports without a clock of their own: one reading a burst, at the edge where packets enter.
    const Timestamp now = port_->clock() == DpdkPort::Clock::kNone ? Now() : Timestamp{};
    for (unsigned i = 0; i < held_count_; ++i) Add(*held_[i], now);
    return burst_.packets();
  }

  bool exhausted() const noexcept override { return exhausted_; }
  const Error* problem() const noexcept override { return problem_ ? &*problem_ : nullptr; }
  const std::string& name() const noexcept override { return name_; }

  // Losses are the port's, not a queue's: its first queue reports them, so that a sum over queues is right.
  SourceCounters counters() const noexcept override {
    SourceCounters c = burst_.counters();
    if (queue_ == 0) port_->AddLosses(c);
    return c;
  }

 private:
  static Timestamp Now() noexcept {
    return {std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count()};
  }

  void Add(rte_mbuf& mbuf, Timestamp now) noexcept {
    rte_prefetch0(rte_pktmbuf_mtod(&mbuf, const void*));
    burst_.Add(FrameOf(mbuf), TimeOf(mbuf, now), mbuf.pkt_len, LinkType::kEthernet, port_->id());
  }

  Bytes FrameOf(const rte_mbuf& mbuf) noexcept {
    if (mbuf.nb_segs == 1) [[likely]]
      return {rte_pktmbuf_mtod(&mbuf, const std::byte*), mbuf.data_len};
    const std::uint32_t size = std::min(mbuf.pkt_len, kMaxJoined);
    std::byte* at = joined_.get() + joined_used_;
    const void* data = rte_pktmbuf_read(&mbuf, 0, size, at);
    if (data == nullptr) return {};  // the chain is shorter than it says: counted as cut off
    joined_used_ += size;
    return {static_cast<const std::byte*>(data), size};
  }

  Timestamp TimeOf(const rte_mbuf& mbuf, Timestamp now) const noexcept {
    if (port_->clock() == DpdkPort::Clock::kNone) return now;
    if ((mbuf.ol_flags & port_->timestamp_flag()) == 0) return Now();
    const auto ticks = *RTE_MBUF_DYNFIELD(&mbuf, port_->timestamp_offset(), const std::uint64_t*);
    const std::int64_t nanos_per_tick = port_->clock() == DpdkPort::Clock::kMicroseconds ? 1000 : 1;
    return {static_cast<std::int64_t>(ticks) * nanos_per_tick};
  }

  void OnIdle(std::uint64_t tsc) noexcept {
    if (idle_since_ == 0) {
      idle_since_ = tsc;
      next_check_ = tsc + tsc_hz_ / kIdleChecksPerSecond;
    }
    if (idle_limit_ != 0 && tsc - idle_since_ >= idle_limit_) exhausted_ = true;
    if (tsc < next_check_) return;
    next_check_ = tsc + tsc_hz_ / kIdleChecksPerSecond;
    LookAfterPort();
  }

  // A lost link may come back, a removed device does not.
  void LookAfterPort() noexcept {
    const DpdkPort::State state = port_->state();
    if (state == DpdkPort::State::kUp) return;
    const bool removed = state == DpdkPort::State::kRemoved;
    exhausted_ = exhausted_ || removed;
    if (problem_ && !removed) return;
    problem_ =
        Error{name_, 0, removed ? "the device was removed" : "the link went down while it was read",
              removed ? "plug it in and start again" : "see that its cable and the mirror port are up"};
  }

  std::shared_ptr<DpdkPort> port_;
  std::uint16_t queue_;
  std::string name_;
  std::array<rte_mbuf*, kMaxBurst> held_{};
  unsigned held_count_ = 0;
  Burst burst_;
  // Frames of several buffers, put together. Of its pages only those ever used become resident.
  std::unique_ptr<std::byte[]> joined_;
  std::size_t joined_used_ = 0;
  std::uint64_t tsc_hz_;
  std::uint64_t idle_limit_;      // in TSC ticks, 0 = none
  std::uint64_t idle_since_ = 0;  // 0 = not idle
  std::uint64_t next_check_ = 0;
  bool exhausted_ = false;
  std::optional<Error> problem_;
};

std::vector<std::uint16_t> PortsOf(const DpdkOptions& options) {
  if (!options.ports.empty()) return options.ports;
  std::vector<std::uint16_t> all;
  std::uint16_t id;
  RTE_ETH_FOREACH_DEV(id) all.push_back(id);
  return all;
}

}  // namespace

bool BuiltWithDpdk() noexcept { return true; }

Result<std::vector<std::unique_ptr<PacketSource>>> OpenDpdk(const DpdkOptions& options) {
  if (options.rx_queues == 0) {
    return Fail(kDpdkConfiguration, 0, "no receive queue is asked for",
                "set capture.dpdk.rx_queues to 1 or more");
  }
  if (auto started = StartEal(options.eal); !started) return Failure(started.error());
  const std::vector<std::uint16_t> ids = PortsOf(options);
  if (ids.empty()) {
    return Fail(
        kDpdkConfiguration, 0, "DPDK found no port" + TakeDpdkComplaint(),
        "bind an interface to vfio-pci (dpdk-devbind.py), or name one with --vdev in capture.dpdk.eal");
  }
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (const std::uint16_t id : ids) {
    auto port = DpdkPort::Start(id, options);
    if (!port) return Failure(port.error());
    for (std::uint16_t queue = 0; queue < options.rx_queues; ++queue) {
      sources.push_back(std::make_unique<DpdkQueue>(*port, queue, options));
    }
  }
  return sources;
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
