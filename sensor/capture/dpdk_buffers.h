// SPDX-License-Identifier: Apache-2.0
// Packet buffers of one receive queue: how many it takes, how large they are, where they lie.
#ifndef GANDER_CAPTURE_DPDK_BUFFERS_H_
#define GANDER_CAPTURE_DPDK_BUFFERS_H_

#include <memory>
#include <string>

#include "capture/packet_source.h"

struct rte_mempool;

namespace gander::capture {

// What a queue holds at worst: its descriptors, the burst being read and the one on its way, and what the
// reading core's cache keeps (DPDK lets it grow to 1.5 times its size before it flushes).
struct BufferNeed {
  std::uint32_t descriptors = 0, bursts = 0, cache = 0;
  std::uint32_t total() const noexcept { return descriptors + bursts + cache; }
  static BufferNeed Of(const DpdkOptions& options, std::uint16_t descriptors) noexcept;
};

// Errors, with the sum: fewer buffers than a queue needs, a cache larger than DPDK's.
Result<bool> CheckBuffers(const DpdkOptions& options, std::uint16_t descriptors);

struct FreePool {
  void operator()(rte_mempool* pool) const noexcept;
};
using Pool = std::unique_ptr<rte_mempool, FreePool>;

// `numa_node` -1 = any. Buffers hold a frame of `frame_bytes` in one piece where memory allows; where it does
// not, and the port `may_scatter`, DPDK's usual 2 KiB. Error: no memory for them, with the sum.
Result<Pool> MakePool(const DpdkOptions& options, std::uint32_t frame_bytes, bool may_scatter, int numa_node);

}  // namespace gander::capture

#endif  // GANDER_CAPTURE_DPDK_BUFFERS_H_
