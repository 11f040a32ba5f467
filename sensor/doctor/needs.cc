// SPDX-License-Identifier: Apache-2.0
#include "doctor/needs.h"

#include <algorithm>
#include <bit>

namespace gander::doctor {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

// DPDK 22.11: element header 64, struct rte_mbuf 128, headroom 128, and 2,048 of data or a whole frame,
// whichever is more (capture/dpdk_buffers.cc).
constexpr std::uint64_t kBufferHeaders = 64 + 128, kHeadroom = 128, kUsualRoom = 2048 + kHeadroom;
constexpr std::uint64_t kFraming = 14 + 4 + 2 * 4;  // Ethernet, FCS, two VLAN tags
constexpr std::uint64_t kCacheLine = 64;
constexpr std::uint32_t kBursts = 2 * capture::PacketSource::kMaxBurst;
constexpr std::uint64_t kDescriptorBytes = 64;  // of the widest NICs, with what the driver keeps beside each
constexpr std::uint64_t kDpdkOwn = 16 * kMiB;   // EAL's heaps, device state

// An unscanned flow is held within 512 bytes; one that is being read borrows from pools counted as fixed.
constexpr std::uint64_t kFlowBytes = 512;
// Bytes of one entry of the epoch tables (detect/account/transfer_meter.h), its place in the index included.
constexpr std::uint64_t kPathBytes = 192, kStrandBytes = 96, kTagBytes = 24, kRegisterBytes = 2048, kTrafficBytes = 224;
constexpr std::uint64_t kEpochsOfWorker = 3;  // gathering, on its way, being merged
constexpr std::uint64_t kFixed = 256 * kMiB;

std::uint64_t BufferBytes(std::uint16_t mtu) noexcept {
  const std::uint64_t whole = mtu == 0 ? 0 : mtu + kFraming + kHeadroom;
  return kBufferHeaders + std::max(kUsualRoom, (whole + kCacheLine - 1) / kCacheLine * kCacheLine);
}

std::uint32_t Ports(const config::Settings& settings, const EalArguments& eal, std::size_t devices) {
  if (!settings.dpdk.ports.empty()) return static_cast<std::uint32_t>(settings.dpdk.ports.size());
  const std::size_t real = eal.allowed.empty() ? devices : eal.allowed.size();
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(real + eal.virtual_devices.size()));
}

}  // namespace

Needs Needs::Of(const config::Settings& s, const EalArguments& eal, bool dpdk, std::size_t devices) {
  Needs n;
  if (dpdk) {
    n.ports = Ports(s, eal, devices);
    n.queues = n.ports * s.dpdk.rx_queues;
    n.least_buffers = s.dpdk.rx_descriptors + kBursts + s.dpdk.mempool_cache * 3u / 2;
    n.buffer_bytes = BufferBytes(s.dpdk.mtu);
    // A pool's ring holds a pointer a buffer and has a power of two of places.
    n.pool_bytes =
        s.dpdk.mempool_size * n.buffer_bytes + 8 * std::bit_ceil(std::uint64_t{s.dpdk.mempool_size} + 1);
    n.dpdk_bytes = n.queues * (n.pool_bytes + s.dpdk.rx_descriptors * kDescriptorBytes) + kDpdkOwn;
  } else {
    n.ports = 1;
    n.queues = s.live.sockets;
    n.kernel_ring_bytes = std::uint64_t{s.live.sockets} * s.live.buffer_bytes;
  }
  // As runtime/ starts them: where nothing else is said, one a queue.
  n.threads = s.runtime.workers > 1 ? s.runtime.workers : dpdk ? s.dpdk.rx_queues : s.live.sockets;
  const std::uint64_t workers = n.threads;
  n.flow_bytes = workers * s.flow.max_flows * kFlowBytes;
  n.stream_bytes = workers * s.stream.memory;
  n.fragment_bytes = workers * s.decode.fragment_memory;
  n.handover_bytes = workers * (workers - 1) * s.runtime.ring_bytes;
  const detect::Options& d = s.detect;
  n.epoch_bytes = workers * kEpochsOfWorker *
                  (d.epoch_paths * kPathBytes + d.epoch_strands * kStrandBytes + d.epoch_tags * kTagBytes +
                   d.epoch_registers * kRegisterBytes + d.epoch_traffic * kTrafficBytes);
  n.detect_bytes = d.memory;
  n.fixed_bytes = kFixed;
  return n;
}

}  // namespace gander::doctor
