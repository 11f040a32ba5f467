// SPDX-License-Identifier: Apache-2.0
// The way of packets from one worker to another: a ring of bytes between one producer and one consumer,
// allocated at the start. Nobody waits: what does not fit is the producer's to account. What is pushed is
// seen after Publish, once for many packets.
#ifndef GANDER_RUNTIME_HANDOVER_RING_H_
#define GANDER_RUNTIME_HANDOVER_RING_H_

#include <atomic>
#include <memory>
#include <span>

#include "runtime/moved_packet.h"

namespace gander::runtime {

class HandoverRing {
 public:
  // Holds at most `packets` packets, and `bytes` (rounded down to a power of two, at least 4 KiB) of them.
  HandoverRing(std::size_t packets, std::size_t bytes);

  // Producer. Copies the packet with its payload. False: no room; it is counted as refused.
  bool Push(const MovedPacket& packet) noexcept;
  void Publish() noexcept {
    if (write_ != tail_.load(std::memory_order_relaxed)) tail_.store(write_, std::memory_order_release);
  }

  // Consumer. The oldest packets, at most as many as `out` holds; they stay valid until Release, which gives
  // back the room of all that were taken.
  std::size_t Take(std::span<const MovedPacket*> out) noexcept;
  void Release() noexcept;
  // How much of it is in use, and in all: in lines, which is the unit it fills up in.
  std::size_t fill() const noexcept { return tail_.load(std::memory_order_relaxed) - consumer_.read; }
  std::size_t capacity() const noexcept { return lines_; }
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  // At the beginning of a line; the payload follows. One without a packet fills the end of the ring.
  struct Entry {
    std::uint32_t lines;
    bool filler;
    MovedPacket packet;
  };
  static constexpr std::size_t kEntryLines = (sizeof(Entry) + sizeof(Line) - 1) / sizeof(Line);

  bool HasRoom(std::size_t lines) noexcept;

  const std::size_t lines_, max_packets_;
  const std::unique_ptr<Line[]> ring_;

  // Positions count lines since the start.
  struct alignas(64) {
    std::size_t head_seen = 0, packets = 0, taken_seen = 0;
  } producer_;
  std::size_t write_ = 0;
  std::atomic<std::uint64_t> refused_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  alignas(64) std::atomic<std::size_t> head_{0};
  std::atomic<std::size_t> taken_{0};  // packets whose room was given back
  struct {
    std::size_t read = 0, packets = 0;
  } consumer_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_HANDOVER_RING_H_
