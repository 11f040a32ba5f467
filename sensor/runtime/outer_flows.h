// SPDX-License-Identifier: Apache-2.0
// The datagrams that carry tunnels in UDP, as flows of their own. Packets are dealt out by their innermost hosts, so
// one such flow may pass through all workers: each notes what it saw of an epoch, and the aggregator's book adds it up.
#ifndef GANDER_RUNTIME_OUTER_FLOWS_H_
#define GANDER_RUNTIME_OUTER_FLOWS_H_

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "base/time.h"
#include "decode/decoded.h"
#include "flow/flow_key.h"
#include "flow/options.h"
#include "report/events/event.h"

namespace gander::runtime {

struct OuterFlow {
  flow::FlowKey::Words ends{};
  bool low_is_client = true;  // the low end of `ends` sent the first packet
  decode::Tunnel kind = decode::Tunnel::kTeredo;
  Timestamp first, last;
  std::array<std::uint64_t, 2> packets{}, bytes{};  // by sender: low end, high end
};

// Of one worker and one epoch.
class OuterFlowTable {
 public:
  static constexpr std::size_t kCapacity = 8192;

  explicit OuterFlowTable(flow::OuterFlows which) noexcept : which_(which) {}
  // `wire`: bytes of the frame. False when there was no room for one of the carrying flows.
  bool Note(const decode::Decoded& d, Timestamp now, std::uint64_t wire) noexcept;
  // Leaves the table empty. Flows are in order of their first packet here.
  void MoveTo(std::vector<OuterFlow>& out) noexcept;

 private:
  OuterFlow* FindOrAdd(const flow::FlowKey& key) noexcept;
  bool Concerns(const decode::TunnelLayer& layer) const noexcept;

  const flow::OuterFlows which_;
  std::vector<OuterFlow> flows_;
  std::vector<std::uint16_t> slots_;  // open addressing, 1 + index in flows_, 0 = free; made when first needed
};

// Of all workers. A flow ends after `timeout` without a packet, seen at the end of an epoch.
class OuterFlowBook {
 public:
  static constexpr std::size_t kCapacity = 65536;

  explicit OuterFlowBook(Duration timeout) noexcept : timeout_(timeout) {}
  // The parts of an epoch, one after the other in any order.
  void Merge(const std::vector<OuterFlow>& part);
  // The epoch is complete: flow events of what has ended; of everything when it was the last.
  void TakeEnded(Timestamp end, bool final, std::vector<report::Event>& out);

 private:
  using Flows = std::map<flow::FlowKey::Words, OuterFlow>;
  static void Add(OuterFlow& to, const OuterFlow& from) noexcept;
  static report::Event ToEvent(const OuterFlow& f, const char* reason);

  const Duration timeout_;
  Flows of_epoch_, open_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_OUTER_FLOWS_H_
