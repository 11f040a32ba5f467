// SPDX-License-Identifier: Apache-2.0
#include "report/packet_loss.h"

namespace gander::report {
namespace {

std::vector<PacketLoss> All(std::uint64_t missed, std::uint64_t errors, std::uint64_t no_buffer,
                            std::uint64_t kernel, std::uint64_t ring) {
  return {
      {"nic", "missed", "the card's receive queue was full", "more queues and workers, or a filter", missed},
      {"nic", "error", "the card found them damaged", "look at cable, transceiver and mtu", errors},
      {"driver", "no_buffer", "no packet buffer was free", "a larger capture.dpdk.mempool_size", no_buffer},
      {"kernel", "buffer_full", "the kernel's ring was full",
       "a larger capture.buffer_bytes, or more workers", kernel},
      {"ring", "full", "the ring to another worker was full",
       "a larger runtime.ring_packets and ring_bytes, or more workers", ring},
  };
}

}  // namespace

std::vector<PacketLoss> PacketLosses(const RunState& s) {
  return All(s.interface_drops, s.nic_errors, s.no_buffer, s.kernel_drops, s.ring_full);
}

std::vector<PacketLoss> PacketLosses(const QueueState& q) {
  return All(q.nic_missed, q.nic_errors, q.no_buffer, q.kernel_drops, q.ring_full);
}

std::uint64_t Total(const std::vector<PacketLoss>& losses) noexcept {
  std::uint64_t sum = 0;
  for (const PacketLoss& loss : losses) sum += loss.packets;
  return sum;
}

}  // namespace gander::report
