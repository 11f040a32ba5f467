// SPDX-License-Identifier: Apache-2.0
// An SpscRing whose ends wait for each other, asleep: for captures, where nothing may be dropped.
#ifndef GANDER_RUNTIME_WAITING_RING_H_
#define GANDER_RUNTIME_WAITING_RING_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/spsc_ring.h"

namespace gander::runtime {

template <class T>
class WaitingRing {
 public:
  // A consumer that found the ring empty is woken when it holds `wake_at` items: more than one spares it
  // being woken for each, and must come to be by itself.
  explicit WaitingRing(std::size_t capacity, std::size_t wake_at = 1) : ring_(capacity), wake_at_(wake_at) {}

  void Push(T item) noexcept {
    for (;;) {
      const std::uint32_t seen = popped_.load(std::memory_order_acquire);
      if (ring_.TryPush(std::move(item))) break;
      popped_.wait(seen, std::memory_order_acquire);
    }
    pushed_.fetch_add(1, std::memory_order_release);
    if (ring_.size() >= wake_at_) pushed_.notify_one();
  }

  bool TryPop(T& out) noexcept {
    if (!ring_.TryPop(out)) return false;
    popped_.fetch_add(1, std::memory_order_release);
    popped_.notify_one();
    return true;
  }

  T Pop() noexcept {
    T item;
    if (TryPop(item)) return item;
    for (;;) {
      const std::uint32_t seen = pushed_.load(std::memory_order_acquire);
      if (ring_.size() >= wake_at_ && TryPop(item)) return item;
      pushed_.wait(seen, std::memory_order_acquire);
    }
  }

 private:
  SpscRing<T> ring_;
  const std::size_t wake_at_;
  std::atomic<std::uint32_t> pushed_{0}, popped_{0};
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_WAITING_RING_H_
