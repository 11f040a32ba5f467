// SPDX-License-Identifier: Apache-2.0
// Which flows moved in the epoch at hand, and how much of each has been told: a flow's totals stand in its state, here
// is what the traffic meter knows of them. A packet costs a comparison, a flow's first packet of an epoch a write.
#ifndef GANDER_RUNTIME_TRAFFIC_LOG_H_
#define GANDER_RUNTIME_TRAFFIC_LOG_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/huge_array.h"
#include "detect/account/traffic_meter.h"
#include "runtime/flow_state.h"

namespace gander::runtime {

class TrafficLog {
 public:
  static constexpr std::uint32_t kTold = 3;  // so many packets make a flow worth a visit before it ends

  explicit TrafficLog(std::size_t max_flows) : told_(max_flows) { moved_.reserve(max_flows); }

  // A packet of a flow that had none in this epoch, or whose third it is: a question and its answer are told at the
  // flow's end, so that names asked for and floods cost nothing here. False when the list is full, for which late
  // packets are needed that touch flows again and again: Take all, then try again.
  bool Touch(std::uint32_t slot, Timestamp now) noexcept {
    if (moved_.size() == moved_.capacity()) return false;
    told_[slot].begin = now;
    moved_.push_back(slot);
    return true;
  }
  const std::vector<std::uint32_t>& moved() const noexcept { return moved_; }
  void Prefetch(std::uint32_t slot) const noexcept { __builtin_prefetch(&told_[slot]); }

  // What the flow in `slot` did since it was told last; it is told by that. `last`: its latest packet.
  detect::TrafficStretch Take(std::uint32_t slot, const FlowState& flow, Timestamp last, bool ended) noexcept {
    detect::TrafficStretch stretch;
    if (flow.packets[0] + flow.packets[1] < kTold) {
      stretch.opened = true;
      stretch.begin = flow.first;
      stretch.end = std::max(flow.first, last);
      stretch.packets = {flow.packets[0], flow.packets[1]};
      stretch.payload = flow.payload;
      return stretch;
    }
    Told& told = told_[slot];
    stretch.opened = told.packets[0] + told.packets[1] == 0;
    stretch.begin = stretch.opened ? flow.first : told.begin;
    stretch.end = std::max(stretch.begin, last);
    for (std::size_t side = 0; side < 2; ++side) {
      stretch.packets[side] = flow.packets[side] - told.packets[side];  // modulo 2^32, as the state counts
      stretch.payload[side] = flow.payload[side] - told.payload[side];
    }
    if (ended) {
      told = {};
    } else {
      told = {told.begin, {flow.packets[0], flow.packets[1]}, {flow.payload[0], flow.payload[1]}};
    }
    return stretch;
  }
  // All that moved has been taken.
  void ClearMoved() noexcept { moved_.clear(); }

 private:
  struct Told {
    Timestamp begin;  // of what is not told yet
    std::uint32_t packets[2] = {};
    std::uint64_t payload[2] = {};
  };

  HugeArray<Told> told_;  // by slot of the flow table; zeros for a flow of which nothing was told
  std::vector<std::uint32_t> moved_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_TRAFFIC_LOG_H_
