// SPDX-License-Identifier: Apache-2.0
// The rings behind DPDK's net_ring device: what is enqueued there, the port receives.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "soak/flood_source.h"

#ifdef GANDER_BENCH_DPDK
#include <rte_mbuf.h>
#include <rte_ring.h>

namespace gander::bench {
namespace {

constexpr unsigned kBuffers = 16383;
constexpr const char* kRingName = "ETH_RXTX0_net_ring0";  // as the driver calls it

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "gander-flood: %s\n", what.c_str());
  std::exit(3);
}

class RingQueue final : public FloodQueue {
 public:
  explicit RingQueue(capture::DpdkOptions options) {
    options.eal = {"--no-huge", "-m", "512", "--no-pci", "--no-shconf", "--no-telemetry", "--vdev=net_ring0"};
    options.idle_limit_ms = 1500;
    auto sources = capture::OpenDpdk(options);
    if (!sources) Die(sources.error().ToString());
    sources_ = std::move(*sources);
    ring_ = rte_ring_lookup(kRingName);
    pool_ = rte_pktmbuf_pool_create("flood", kBuffers, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    if (ring_ == nullptr || pool_ == nullptr) Die("net_ring has no ring, or there is no memory for packets");
  }

  std::vector<std::unique_ptr<capture::PacketSource>> TakeSources() override { return std::move(sources_); }
  bool Push(Bytes frame, Timestamp) noexcept override {
    if (rte_ring_full(ring_)) return false;
    rte_mbuf* m = rte_pktmbuf_alloc(pool_);
    if (m == nullptr) return false;
    char* data = rte_pktmbuf_append(m, static_cast<std::uint16_t>(frame.size()));
    if (data != nullptr) {
      std::memcpy(data, frame.data(), frame.size());
      if (rte_ring_enqueue(ring_, m) == 0) return true;
    }
    rte_pktmbuf_free(m);
    return false;
  }
  void Close() noexcept override {}  // the port ends by its idle limit

 private:
  std::vector<std::unique_ptr<capture::PacketSource>> sources_;
  rte_ring* ring_ = nullptr;
  rte_mempool* pool_ = nullptr;
};

}  // namespace

std::unique_ptr<FloodQueue> OpenRingQueue(const capture::DpdkOptions& options, std::size_t) {
  return std::make_unique<RingQueue>(options);
}

}  // namespace gander::bench

#else

namespace gander::bench {

std::unique_ptr<FloodQueue> OpenRingQueue(const capture::DpdkOptions&, std::size_t) {
  std::fprintf(stderr, "gander-flood: built without DPDK\n");
  std::exit(3);
}

}  // namespace gander::bench

#endif
