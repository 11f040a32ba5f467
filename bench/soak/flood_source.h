// SPDX-License-Identifier: Apache-2.0
// A port of our own making: a producer puts frames in at one end, the engine polls the other. What does not
// fit is refused, as a NIC's full queue would lose it.
#ifndef GANDER_BENCH_SOAK_FLOOD_SOURCE_H_
#define GANDER_BENCH_SOAK_FLOOD_SOURCE_H_

#include <memory>
#include <vector>

#include "capture/packet_source.h"

namespace gander::bench {

class FloodQueue {
 public:
  virtual ~FloodQueue() = default;
  // The engine's end; once.
  virtual std::vector<std::unique_ptr<capture::PacketSource>> TakeSources() = 0;
  // False: full, the packet is lost. From one thread.
  virtual bool Push(Bytes frame, Timestamp time) noexcept = 0;
  // No more will come; the sources end when all is read.
  virtual void Close() noexcept = 0;
};

std::unique_ptr<FloodQueue> OpenMemoryQueue(std::size_t capacity);
// A net_ring device of DPDK. Ends the process when there is none.
std::unique_ptr<FloodQueue> OpenRingQueue(const capture::DpdkOptions& options, std::size_t capacity);

}  // namespace gander::bench

#endif  // GANDER_BENCH_SOAK_FLOOD_SOURCE_H_
