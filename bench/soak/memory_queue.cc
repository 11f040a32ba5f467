// SPDX-License-Identifier: Apache-2.0
// One producer, one consumer, fixed slots; what is refused counts as lost in the interface.
#include <atomic>
#include <cstring>

#include "soak/flood_source.h"

namespace gander::bench {
namespace {

struct Slot {
  std::uint32_t size = 0;
  Timestamp time;
  std::byte frame[1700];
};

struct Ring {
  explicit Ring(std::size_t capacity) : slots(capacity) {}
  std::vector<Slot> slots;
  alignas(64) std::atomic<std::uint64_t> head{0};  // next to write
  alignas(64) std::atomic<std::uint64_t> tail{0};  // next to read
  alignas(64) std::atomic<std::uint64_t> refused{0};
  std::atomic<bool> closed{false};
};

class RingSource final : public capture::PacketSource {
 public:
  explicit RingSource(std::shared_ptr<Ring> ring) : ring_(std::move(ring)) {}

  // The slots of a burst are the producer's again with the next call.
  std::span<const capture::Packet> Poll() noexcept override {
    ring_->tail.store(next_, std::memory_order_release);
    const std::uint64_t head = ring_->head.load(std::memory_order_acquire);
    std::size_t n = 0;
    for (; n < kMaxBurst && next_ != head; ++n, ++next_) {
      const Slot& slot = ring_->slots[next_ % ring_->slots.size()];
      burst_[n] = capture::Packet{{slot.frame, slot.size}, slot.time, next_ + 1, slot.size};
      bytes_ += slot.size;
    }
    return {burst_, n};
  }
  bool exhausted() const noexcept override {
    return ring_->closed.load(std::memory_order_acquire) &&
           next_ == ring_->head.load(std::memory_order_acquire) &&
           ring_->tail.load(std::memory_order_relaxed) == next_;
  }
  capture::SourceCounters counters() const noexcept override {
    capture::SourceCounters c;
    c.received = next_;
    c.received_bytes = bytes_;
    c.interface_drops = ring_->refused.load(std::memory_order_relaxed);
    return c;
  }
  Backlog backlog() const noexcept override {
    return {static_cast<std::int64_t>(ring_->head.load(std::memory_order_relaxed) - next_),
            static_cast<std::int64_t>(ring_->slots.size())};
  }
  const std::string& name() const noexcept override { return name_; }

 private:
  std::shared_ptr<Ring> ring_;
  capture::Packet burst_[kMaxBurst];
  std::uint64_t next_ = 0, bytes_ = 0;
  std::string name_ = "flood";
};

class MemoryQueue final : public FloodQueue {
 public:
  explicit MemoryQueue(std::size_t capacity) : ring_(std::make_shared<Ring>(capacity)) {}

  std::vector<std::unique_ptr<capture::PacketSource>> TakeSources() override {
    std::vector<std::unique_ptr<capture::PacketSource>> sources;
    sources.push_back(std::make_unique<RingSource>(ring_));
    return sources;
  }
  bool Push(Bytes frame, Timestamp time) noexcept override {
    const std::uint64_t head = ring_->head.load(std::memory_order_relaxed);
    if (head - ring_->tail.load(std::memory_order_acquire) >= ring_->slots.size() ||
        frame.size() > sizeof(Slot::frame)) {
      ring_->refused.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    Slot& slot = ring_->slots[head % ring_->slots.size()];
    slot.size = static_cast<std::uint32_t>(frame.size());
    slot.time = time;
    std::memcpy(slot.frame, frame.data(), frame.size());
    ring_->head.store(head + 1, std::memory_order_release);
    return true;
  }
  void Close() noexcept override { ring_->closed.store(true, std::memory_order_release); }

 private:
  std::shared_ptr<Ring> ring_;
};

}  // namespace

std::unique_ptr<FloodQueue> OpenMemoryQueue(std::size_t capacity) {
  return std::make_unique<MemoryQueue>(capacity);
}

}  // namespace gander::bench
