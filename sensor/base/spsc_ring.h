// SPDX-License-Identifier: Apache-2.0
// A bounded ring between exactly one producer and one consumer (Lamport 1977, with cached indices).
#ifndef GANDER_BASE_SPSC_RING_H_
#define GANDER_BASE_SPSC_RING_H_

#include <atomic>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace gander {

template <class T>
class SpscRing {
 public:
  // Room for at least `capacity` items (rounded up to a power of two).
  explicit SpscRing(std::size_t capacity)
      : slots_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity)), mask_(slots_.size() - 1) {}

  // Producer. False when full; `item` is then untouched.
  bool TryPush(T&& item) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ == slots_.size()) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail - head_seen_ == slots_.size()) return false;
    }
    slots_[tail & mask_] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer. False when empty.
  bool TryPop(T& out) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_seen_) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head == tail_seen_) return false;
    }
    out = std::move(slots_[head & mask_]);
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  std::size_t capacity() const noexcept { return slots_.size(); }
  // Approximate when called from a third thread.
  std::size_t size() const noexcept {
    return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
  }

 private:
  std::vector<T> slots_;
  std::size_t mask_;
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::size_t head_seen_ = 0;
  alignas(64) std::atomic<std::size_t> head_{0};
  std::size_t tail_seen_ = 0;
};

}  // namespace gander

#endif  // GANDER_BASE_SPSC_RING_H_
