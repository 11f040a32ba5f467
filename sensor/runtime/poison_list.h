// SPDX-License-Identifier: Apache-2.0
// Flows that were in hand when earlier sensors died: their packets are counted and not read. Shared by all workers;
// nobody changes it but for what has been told.
#ifndef GANDER_RUNTIME_POISON_LIST_H_
#define GANDER_RUNTIME_POISON_LIST_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "supervise/past_run.h"

namespace gander::runtime {

class PoisonList {
 public:
  explicit PoisonList(const supervise::PastRun& past) noexcept : seed_(past.flow_seed) {
    for (const supervise::PoisonFlow& p : past.poison_flows()) flows_[count_++] = p;
  }

  static constexpr std::size_t kNone = supervise::kMaxPoison;
  std::size_t size() const noexcept { return count_; }
  // Where a flow stands, kNone where it does not.
  std::size_t Find(std::uint64_t flow) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (flows_[i].flow == flow) return i;
    }
    return kNone;
  }
  // True for the first who asks.
  bool TellNow(std::size_t place) const noexcept { return !told_[place].test_and_set(std::memory_order_relaxed); }
  std::uint32_t deaths(std::size_t place) const noexcept { return flows_[place].deaths; }
  std::string shown(std::size_t place) const { return supervise::ShownFlow(seed_, flows_[place].flow); }

 private:
  std::uint64_t seed_;
  std::size_t count_ = 0;
  std::array<supervise::PoisonFlow, supervise::kMaxPoison> flows_{};
  mutable std::array<std::atomic_flag, supervise::kMaxPoison> told_{};
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_POISON_LIST_H_
