// SPDX-License-Identifier: Apache-2.0
// Deadlines of flows in one-second buckets (hashed timing wheel, Varghese and Lauck 1987). A packet does not move its
// flow: a bucket that comes due looks at the real deadline and re-files what is not due yet.
#ifndef GANDER_FLOW_TIMER_WHEEL_H_
#define GANDER_FLOW_TIMER_WHEEL_H_

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace gander::flow {

// Intrusive links of one slot.
struct TimerLinks {
  std::uint32_t next = 0, previous = 0;
  std::uint16_t bucket = 0;
  bool filed = false;
};

class TimerWheel {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kBuckets = 1024;

  TimerWheel() : heads_(kBuckets, kNone) {}

  // `now` only sets where the wheel stands when the first slot is filed. `links(slot)` returns a TimerLinks&.
  template <class Links>
  void File(std::uint32_t slot, Timestamp now, Timestamp deadline, Links&& links) noexcept {
    if (!started_) {
      current_ = Second(now);
      started_ = true;
    }
    const std::uint32_t bucket = BucketOf(deadline);
    TimerLinks& l = links(slot);
    l.bucket = static_cast<std::uint16_t>(bucket);
    l.previous = kNone;
    l.next = heads_[bucket];
    l.filed = true;
    if (l.next != kNone) links(l.next).previous = slot;
    SetHead(bucket, slot);
  }

  template <class Links>
  void Remove(std::uint32_t slot, Links&& links) noexcept {
    TimerLinks& l = links(slot);
    if (!l.filed) return;
    if (l.previous != kNone) {
      links(l.previous).next = l.next;
    } else {
      SetHead(l.bucket, l.next);
    }
    if (l.next != kNone) links(l.next).previous = l.previous;
    l.filed = false;
  }

  // Calls `due(slot, next)` for every slot of the buckets up to `now`; each is taken out first. `next` is the one after
  // it, or kNone: time to prefetch it.
  template <class Links, class Due>
  void Advance(Timestamp now, Links&& links, Due&& due) noexcept {
    if (!started_) return;
    const std::int64_t target = Second(now);
    // A jump over a whole turn visits each bucket once.
    std::int64_t second = target - current_ > kBuckets ? target - kBuckets : current_;
    while (second < target) {
      ++second;
      current_ = second;
      Empty(static_cast<std::uint32_t>(second % kBuckets), links, due);
    }
  }

  // Where a slot with this deadline belongs. One that lies elsewhere was active since it was filed, and lies too early.
  std::uint32_t BucketOf(Timestamp deadline) const noexcept {
    std::int64_t second = Second(deadline);
    if (second <= current_) second = current_ + 1;
    if (second > current_ + kBuckets - 1) second = current_ + kBuckets - 1;
    return static_cast<std::uint32_t>(second % kBuckets);
  }

  // The slot in the earliest bucket, kNone when all are empty.
  std::uint32_t Earliest() const noexcept {
    const auto from = static_cast<std::uint32_t>((current_ + 1) % kBuckets);
    // Once round: the word of the first bucket comes again at the end, for the buckets before it.
    for (std::uint32_t step = 0; step <= kWords; ++step) {
      const std::uint32_t word = (from / 64 + step) % kWords;
      std::uint64_t bits = filled_[word];
      if (step == 0) bits &= ~0ULL << from % 64;
      if (bits != 0) return heads_[word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits))];
    }
    return kNone;
  }

 private:
  // Before 1970 there are no packets that matter; keeps the modulus positive.
  static std::int64_t Second(Timestamp t) noexcept { return t.ns <= 0 ? 0 : t.ns / kNanosPerSecond; }

  template <class Links, class Due>
  void Empty(std::uint32_t bucket, Links&& links, Due&& due) noexcept {
    std::uint32_t slot = heads_[bucket];
    SetHead(bucket, kNone);
    while (slot != kNone) {
      TimerLinks& l = links(slot);
      const std::uint32_t next = l.next;
      l.filed = false;
      due(slot, next);
      slot = next;
    }
  }

  void SetHead(std::uint32_t bucket, std::uint32_t slot) noexcept {
    heads_[bucket] = slot;
    const std::uint64_t bit = 1ULL << bucket % 64;
    if (slot != kNone) {
      filled_[bucket / 64] |= bit;
    } else {
      filled_[bucket / 64] &= ~bit;
    }
  }

  static constexpr std::uint32_t kWords = kBuckets / 64;

  std::vector<std::uint32_t> heads_;
  std::array<std::uint64_t, kWords> filled_{};  // a bit a bucket that has a head
  std::int64_t current_ = 0;
  bool started_ = false;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_TIMER_WHEEL_H_
