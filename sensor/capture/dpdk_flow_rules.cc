// SPDX-License-Identifier: Apache-2.0
// Life of rte_flow rules.
#ifdef GANDER_WITH_DPDK
#include "capture/dpdk_flow_rules.h"

#include "capture/dpdk_eal.h"
#include "capture/dpdk_flow_rule.h"

namespace gander::capture {

DpdkFlowRules::DpdkFlowRules(std::uint32_t capacity) : capacity_(capacity) { rules_.reserve(capacity); }

// Null when the port refuses it, or will not tell how much it drops: a loss must not be silent.
rte_flow* DpdkFlowRules::Create(std::uint16_t port, const FiveTuple& tuple) noexcept {
  const DpdkFlowRule rule(tuple);
  rte_flow_error error{};
  const auto& attributes = DpdkFlowRule::attributes();
  if (rte_flow_validate(port, &attributes, rule.pattern(), DpdkFlowRule::actions(), &error) != 0)
    return nullptr;
  rte_flow* handle = rte_flow_create(port, &attributes, rule.pattern(), DpdkFlowRule::actions(), &error);
  Rule made{handle};
  if (handle == nullptr || Count(port, made)) return handle;
  (void)rte_flow_destroy(port, handle, &error);
  return nullptr;
}

bool DpdkFlowRules::Add(std::uint16_t port, const FiveTuple& tuple) noexcept {
  if (refused_ || added_ || rules_.size() + 2 > capacity_ || !DpdkFlowRule::CanMatch(tuple)) return false;
  added_ = true;
  rte_flow* there = Create(port, tuple);
  rte_flow* back = there != nullptr ? Create(port, tuple.Reversed()) : nullptr;
  if (back == nullptr) {
    rte_flow_error error{};
    if (there != nullptr) (void)rte_flow_destroy(port, there, &error);
    (void)TakeDpdkComplaint();
    refused_ = rules_.empty();  // else its table is full, and rules taken back make room
    return false;
  }
  rules_.push_back({there});
  rules_.push_back({back});
  return true;
}

bool DpdkFlowRules::Count(std::uint16_t port, Rule& rule) noexcept {
  rte_flow_query_count count{};
  rte_flow_error error{};
  if (rte_flow_query(port, rule.handle, DpdkFlowRule::actions(), &count, &error) != 0) return false;
  if (count.hits_set == 0 || count.bytes_set == 0) return false;
  rule.idle_looks = count.hits == rule.packets ? rule.idle_looks + 1 : 0;
  packets_ += count.hits - rule.packets;
  bytes_ += count.bytes - rule.bytes;
  rule.packets = count.hits;
  rule.bytes = count.bytes;
  return true;
}

void DpdkFlowRules::Look(std::uint16_t port, std::uint64_t tsc, std::uint64_t hz) noexcept {
  added_ = false;
  if (rules_.empty() || tsc < next_look_) return;
  next_look_ = tsc + hz / rules_.size();
  if (next_ >= rules_.size()) next_ = 0;
  Rule& rule = rules_[next_++];
  if (Count(port, rule) && rule.idle_looks < kIdleSeconds) return;
  rte_flow_error error{};
  (void)rte_flow_destroy(port, rule.handle, &error);
  rule = rules_.back();
  rules_.pop_back();
}

void DpdkFlowRules::RemoveAll(std::uint16_t port) noexcept {
  rte_flow_error error{};
  for (Rule& rule : rules_) {
    (void)Count(port, rule);
    (void)rte_flow_destroy(port, rule.handle, &error);
  }
  rules_.clear();
}

}  // namespace gander::capture

#endif  // GANDER_WITH_DPDK
