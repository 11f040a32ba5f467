// SPDX-License-Identifier: Apache-2.0
// A packet thread's note of the flow that it is at, for whoever asks after its death: a store a packet.
#ifndef GANDER_SUPERVISE_HAND_H_
#define GANDER_SUPERVISE_HAND_H_

#include <utility>

#include "supervise/flight_page.h"

namespace gander::supervise {

class Hand {
 public:
  // Null: nobody will ask.
  explicit Hand(Seat* seat) noexcept : seat_(seat != nullptr ? seat : &own_) {}
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  std::uint64_t flow() const noexcept { return seat_->flow.load(std::memory_order_relaxed); }
  // 0 = none.
  void Take(std::uint64_t flow) noexcept { seat_->flow.store(flow, std::memory_order_relaxed); }
  // Something kept of another flow comes in between.
  void Lend(std::uint64_t flow) noexcept {
    lent_ = this->flow();
    Take(flow);
  }
  void Return() noexcept { Take(lent_); }

 private:
  Seat* seat_;
  std::uint64_t lent_ = 0;
  Seat own_;
};

// Another flow for a while.
class HandGuard {
 public:
  HandGuard(Hand& hand, std::uint64_t flow) noexcept : hand_(hand), before_(hand.flow()) { hand.Take(flow); }
  ~HandGuard() { hand_.Take(before_); }
  HandGuard(const HandGuard&) = delete;
  HandGuard& operator=(const HandGuard&) = delete;

 private:
  Hand& hand_;
  const std::uint64_t before_;
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_HAND_H_
