// SPDX-License-Identifier: Apache-2.0
// The doorway of flow/: finds the flow of a packet, ends flows that fell silent. One table a worker; fixed
// size; the caller's State lies in the slot and is reused.
#ifndef GANDER_FLOW_FLOW_TABLE_H_
#define GANDER_FLOW_FLOW_TABLE_H_

#include <cstdint>
#include <memory>
#include <new>

#include "base/hash.h"
#include "base/net.h"
#include "base/time.h"
#include "flow/flow_index.h"
#include "flow/options.h"

namespace gander::flow {

enum class EndReason : std::uint8_t {
  kTimeout,  // silent for longer than its timeout
  kEvicted,  // the table was full and this flow was the closest to its timeout of those looked at
};

struct Lookup {
  FlowId id;  // invalid only when the table has no slot at all to give
  bool created = false;
  Direction direction = Direction::kToServer;  // of the packet asked about
};

// State: default-constructible, with `void Reset() noexcept` that makes it as new. A callback that receives a
// State gets the last look at it; it is reset afterwards, and must not call the table.
template <class State>
class FlowTable {
 public:
  // `key` keeps attackers from choosing tuples that collide; a fixed key makes runs repeat.
  FlowTable(const Options& options, const HashKey& key)
      : index_(options, key), states_(std::allocator<State>().allocate(index_.capacity())) {}
  ~FlowTable() {
    std::destroy_n(states_, constructed_);
    std::allocator<State>().deallocate(states_, index_.capacity());
  }
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // The flow of a packet, made when there is none. Also counts as its latest packet. A flow that was silent
  // beyond its timeout is ended first, so what is one flow depends on its own packets alone, not on when
  // Expire is called. `on_ended(State&, EndReason)`. `tcp_flags` (0 if not TCP) decide who is the client of a
  // new flow.
  template <class F>
  Lookup FindOrInsert(const FiveTuple& packet, std::uint8_t tcp_flags, Timestamp now, F&& on_ended) noexcept {
    const FlowIndex::Key key = index_.KeyOf(packet);
    Lookup found;
    std::uint32_t slot = index_.Find(key);
    if (slot != FlowIndex::kNone && index_.IsOver(slot, now)) {
      End(slot, EndReason::kTimeout, on_ended);
      slot = FlowIndex::kNone;
    }
    if (slot == FlowIndex::kNone) {
      if (index_.full()) End(index_.Victim(), EndReason::kEvicted, on_ended);
      slot = index_.Insert(key, FirstDirection(packet, tcp_flags), now);
      for (; constructed_ <= slot; ++constructed_) new (states_ + constructed_) State();
      found.created = true;
    } else {
      index_.Touch(slot, now);
    }
    found.id = index_.IdOf(slot);
    found.direction = index_.DirectionOf(slot, key);
    return found;
  }

  bool Contains(FlowId id) const noexcept { return index_.Contains(id); }
  // `id` must be Contained.
  State& Get(FlowId id) noexcept { return states_[id.slot]; }
  void SetPhase(FlowId id, Phase phase) noexcept { index_.SetPhase(id.slot, phase); }

  // Ends a flow the caller is done with (a new connection with the same ports, a reset). No callback.
  void Erase(FlowId id) noexcept {
    index_.Remove(id.slot);
    states_[id.slot].Reset();
  }

  // Ends the flows whose timeout is at or before `now`. Order of the callbacks is unspecified.
  template <class F>
  void Expire(Timestamp now, F&& on_ended) noexcept {
    index_.Expire(now, [&](std::uint32_t slot) { End(slot, EndReason::kTimeout, on_ended); });
  }

  // Every live flow, `f(FlowId, State&)`, in slot order. `f` may Erase the flow it was given.
  template <class F>
  void ForEach(F&& f) noexcept {
    for (std::uint32_t slot = 0; slot < constructed_; ++slot) {
      if (index_.live(slot)) f(index_.IdOf(slot), states_[slot]);
    }
  }

  std::uint32_t size() const noexcept { return index_.size(); }
  std::uint32_t capacity() const noexcept { return index_.capacity(); }

 private:
  template <class F>
  void End(std::uint32_t slot, EndReason reason, F& on_ended) noexcept {
    on_ended(states_[slot], reason);
    index_.Remove(slot);
    states_[slot].Reset();
  }

  FlowIndex index_;
  std::uint32_t constructed_ = 0;  // states ever used; the rest is untouched memory
  State* states_;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_TABLE_H_
