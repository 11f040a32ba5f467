// SPDX-License-Identifier: Apache-2.0
#include "runtime/outer_flows.h"

#include <algorithm>
#include <utility>

#include "flow/community_id.h"
#include "runtime/flow_event.h"
#include "runtime/flow_id.h"

namespace gander::runtime {

bool OuterFlowTable::Concerns(const decode::TunnelLayer& layer) const noexcept {
  if (layer.protocol != ip_proto::kUdp) return false;
  return which_ == flow::OuterFlows::kAll ||
         (which_ == flow::OuterFlows::kTeredo && layer.kind == decode::Tunnel::kTeredo);
}

bool OuterFlowTable::Note(const decode::Decoded& d, Timestamp now, std::uint64_t wire) noexcept {
  bool room = true;
  for (std::size_t i = 0; i < d.tunnel_count; ++i) {
    const decode::TunnelLayer& layer = d.tunnels[i];
    if (!Concerns(layer)) continue;
    const auto key = flow::FlowKey::Of(
        {layer.source, layer.destination, layer.source_port, layer.destination_port, layer.protocol});
    OuterFlow* f = FindOrAdd(key);
    room = room && f != nullptr;
    if (f == nullptr) continue;
    if (f->packets[0] + f->packets[1] == 0) {
      f->low_is_client = key.source_is_first;
      f->kind = layer.kind;
      f->first = f->last = now;
    }
    f->first = std::min(f->first, now);
    f->last = std::max(f->last, now);
    const std::size_t sender = key.source_is_first ? 0 : 1;
    ++f->packets[sender];
    f->bytes[sender] += wire - std::min<std::uint64_t>(wire, layer.outside);
  }
  return room;
}

OuterFlow* OuterFlowTable::FindOrAdd(const flow::FlowKey& key) noexcept {
  if (slots_.empty()) slots_.resize(2 * kCapacity);
  constexpr std::uint64_t kSeed = 0x6f757465722d666cULL;  // a full table costs a packet its place in a sum, no more
  for (std::size_t at = key.Hash(kSeed) % slots_.size();; at = (at + 1) % slots_.size()) {
    if (slots_[at] != 0) {
      OuterFlow& f = flows_[slots_[at] - 1u];
      if (flow::FlowKey::Equal(f.ends, key.words)) return &f;
      continue;
    }
    if (flows_.size() == kCapacity) return nullptr;
    flows_.push_back({.ends = key.words});
    slots_[at] = static_cast<std::uint16_t>(flows_.size());
    return &flows_.back();
  }
}

void OuterFlowTable::MoveTo(std::vector<OuterFlow>& out) noexcept {
  if (flows_.empty()) return;
  out.assign(flows_.begin(), flows_.end());
  flows_.clear();
  std::fill(slots_.begin(), slots_.end(), std::uint16_t{0});
}

void OuterFlowBook::Add(OuterFlow& to, const OuterFlow& from) noexcept {
  if (from.first < to.first) {
    to.low_is_client = from.low_is_client;
    to.kind = from.kind;
  }
  to.first = std::min(to.first, from.first);
  to.last = std::max(to.last, from.last);
  for (const std::size_t i : {0u, 1u}) {
    to.packets[i] += from.packets[i];
    to.bytes[i] += from.bytes[i];
  }
}

void OuterFlowBook::Merge(const std::vector<OuterFlow>& part) {
  for (const OuterFlow& f : part) {
    const auto [at, added] = of_epoch_.try_emplace(f.ends, f);
    if (!added) Add(at->second, f);
  }
}

void OuterFlowBook::TakeEnded(Timestamp end, bool final, std::vector<report::Event>& out) {
  for (auto& [ends, f] : of_epoch_) {
    const auto [at, added] = open_.try_emplace(ends, f);
    if (added) continue;
    if (f.first - at->second.last > timeout_) {
      out.push_back(ToEvent(at->second, "timeout"));
      at->second = f;
    } else {
      Add(at->second, f);
    }
  }
  of_epoch_.clear();
  const bool forced = open_.size() > kCapacity;
  std::erase_if(open_, [&](const auto& item) {
    const bool over = end - item.second.last > timeout_;
    if (over || final || forced) out.push_back(ToEvent(item.second, over ? "timeout" : final ? "shutdown" : "forced"));
    return over || final || forced;
  });
}

report::Event OuterFlowBook::ToEvent(const OuterFlow& f, const char* reason) {
  const std::size_t client = f.low_is_client ? 0 : 1;
  report::Event event;
  event.time = f.last;
  event.type = "flow";
  event.has_tuple = true;
  event.tuple = flow::FlowKey::TupleOf(f.ends, f.low_is_client);
  event.flow_id = FlowIdOf(event.tuple, f.first);
  event.sequence = UINT64_MAX;
  event.app_proto = decode::NameOf(f.kind);
  flow::AppendCommunityId(event.tuple, event.community_id);
  const FlowSpan span{
      {f.packets[client], f.packets[1 - client]}, {f.bytes[client], f.bytes[1 - client]}, f.first, f.last};
  AppendFlow(event.body, span, span.state(), reason);
  return event;
}

}  // namespace gander::runtime
