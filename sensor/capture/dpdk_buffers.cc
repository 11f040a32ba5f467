// SPDX-License-Identifier: Apache-2.0
// Arithmetic and making of packet buffer pools.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_buffers.h"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <atomic>

#include "capture/dpdk_eal.h"

namespace gander::capture {
namespace {

constexpr std::uint32_t kBurstsInFlight = 2;
constexpr std::uint32_t kRoundTo = 64;  // a cache line

// The whole element of a pool of such buffers, headers of DPDK's included, roughly.
std::uint64_t BytesOf(std::uint32_t buffers, std::uint32_t room) noexcept {
  return std::uint64_t{buffers} * (room + sizeof(rte_mbuf) + RTE_CACHE_LINE_SIZE);
}

std::uint64_t FreeBytesOn(int numa_node) noexcept {
  rte_malloc_socket_stats stats{};
  return rte_malloc_get_socket_stats(std::max(numa_node, 0), &stats) == 0 ? stats.heap_freesz_bytes : 0;
}

std::uint64_t MiB(std::uint64_t bytes) noexcept { return (bytes + (1 << 20) - 1) >> 20; }

Failure NoMemory(const DpdkOptions& options, std::uint32_t room, int numa_node, int error) {
  const std::uint64_t bytes = BytesOf(options.mempool_size, room);
  const std::string node = numa_node < 0 ? "" : fmt::format(" on NUMA node {}", numa_node);
  const std::string path = fmt::format(
      "/sys/devices/system/node/node{}/hugepages/hugepages-2048kB/nr_hugepages", std::max(numa_node, 0));
  return Fail(
      kDpdkConfiguration, 0,
      fmt::format(
          "{} packet buffers of {} bytes take {} MiB for each queue{}, of which DPDK has {} MiB left: "
          "{}{}",
          options.mempool_size, room, MiB(bytes), node, MiB(FreeBytesOn(numa_node)), rte_strerror(error),
          TakeDpdkComplaint()),
      fmt::format("reserve more huge pages (echo N > {}), give -m more in capture.dpdk.eal, or set a smaller "
                  "capture.dpdk.mempool_size",
                  path));
}

}  // namespace

BufferNeed BufferNeed::Of(const DpdkOptions& options, std::uint16_t descriptors) noexcept {
  return {descriptors, kBurstsInFlight * static_cast<std::uint32_t>(PacketSource::kMaxBurst),
          options.mempool_cache * 3u / 2};
}

Result<bool> CheckBuffers(const DpdkOptions& options, std::uint16_t descriptors) {
  if (options.mempool_cache > RTE_MEMPOOL_CACHE_MAX_SIZE) {
    return Fail(kDpdkConfiguration, 0,
                fmt::format("a cache of {} buffers a core is too large", options.mempool_cache),
                fmt::format("set capture.dpdk.mempool_cache to at most {}", RTE_MEMPOOL_CACHE_MAX_SIZE));
  }
  const BufferNeed need = BufferNeed::Of(options, descriptors);
  if (need.total() <= options.mempool_size) return true;
  return Fail(
      kDpdkConfiguration, 0,
      fmt::format(
          "{} packet buffers do not feed a queue that needs {}: {} descriptors + {} in two bursts + {} "
          "in the core's cache",
          options.mempool_size, need.total(), need.descriptors, need.bursts, need.cache),
      fmt::format("set capture.dpdk.mempool_size to {} or more", need.total()));
}

void FreePool::operator()(rte_mempool* pool) const noexcept { rte_mempool_free(pool); }

Result<Pool> MakePool(const DpdkOptions& options, std::uint32_t frame_bytes, bool may_scatter,
                      int numa_node) {
  static std::atomic<int> pools{0};
  const std::uint32_t whole = (frame_bytes + RTE_PKTMBUF_HEADROOM + kRoundTo - 1) / kRoundTo * kRoundTo;
  const std::uint32_t usual = RTE_MBUF_DEFAULT_BUF_SIZE;
  std::uint32_t room = std::max(whole, usual);
  for (;;) {
    const std::string name = fmt::format("gander_rx_{}", pools++);
    Pool pool(rte_pktmbuf_pool_create(name.c_str(), options.mempool_size, options.mempool_cache, 0,
                                      static_cast<std::uint16_t>(room), numa_node));
    if (pool != nullptr) return pool;
    if (!may_scatter || room == usual) return NoMemory(options, room, numa_node, rte_errno);
    room = usual;
  }
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
