// SPDX-License-Identifier: Apache-2.0
// The doorway of flow/: five-tuples of both directions to one slot of state, with timeouts in packet time.
// State is the caller's; it is made once, Reset() for each flow, and never moves. Expiry of a flow depends on its own
// last packet and on the time given, never on other flows or on hashing, so every worker count expires alike.
#ifndef GANDER_FLOW_FLOW_TABLE_H_
#define GANDER_FLOW_FLOW_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "base/net.h"
#include "base/slab.h"
#include "base/time.h"
#include "flow/flow_index.h"
#include "flow/flow_key.h"
#include "flow/options.h"
#include "flow/timer_wheel.h"

namespace gander::flow {

// A handle for the time of a packet; stale once its flow ended.
struct FlowId {
  std::uint32_t slot = 0xffffffff;
  std::uint32_t generation = 0;
  bool valid() const noexcept { return slot != 0xffffffff; }
};

enum class EndReason : std::uint8_t { kTimeout, kEvicted };

template <class State>
class FlowTable {
 public:
  struct Found {
    FlowId id;
    State* state = nullptr;       // null when the table is full and nothing could be evicted
    Direction direction = Direction::kToServer;  // of the packet with this tuple
    bool created = false;
    Timestamp before = kDistantPast;  // the flow's last packet before this one
  };
  // A flow that is over, for the length of the call that tells of it.
  struct Ended {
    State& state;
    EndReason reason;
    Timestamp last;   // its last packet
    FiveTuple tuple;  // source = client
    std::uint32_t slot;
  };

  explicit FlowTable(const Options& options, std::uint64_t hash_seed = 0x9e3779b97f4a7c15ULL)
      : seed_(hash_seed), index_(options.max_flows), slots_(options.max_flows) {}

  std::uint64_t Hash(const FlowKey& key) const noexcept { return key.Hash(seed_); }
  // A burst is looked up in three steps, each for all of its packets, so that their cache misses overlap:
  // PrefetchIndex, PrefetchSlot, FindOrInsert. The first two are hints.
  void PrefetchIndex(std::uint64_t hash) const noexcept { index_.Prefetch(hash); }
  // The state that `hash` most likely leads to, null when none does. Its memory is on the way.
  State* PrefetchSlot(std::uint64_t hash) noexcept {
    const std::uint32_t slot = index_.First(hash);
    if (slot == kNone) return nullptr;
    Prefetch(slot);
    return &slots_[slot].state;
  }

  // What a new flow needs to know.
  struct Beginning {
    bool source_is_client;
    Duration timeout;
  };
  // The flow of `key`, made when there is none: only then is `begin()` asked for its Beginning. A flow that idled past
  // its timeout ends first; a full table ends the flow that would expire next. Both call on_end(const Ended&).
  template <class Begin, class OnEnd>
  Found FindOrInsert(const FlowKey& key, std::uint64_t hash, Timestamp now, Begin&& begin, OnEnd&& on_end) noexcept {
    now = std::min(now, kLatest);
    const std::uint32_t slot = Find(key, hash);
    if (slot == kNone || IsDue(slots_[slot], now)) return Insert(slot, key, hash, now, begin(), on_end);
    Slot& s = slots_[slot];
    Found found = FoundIn(slot, key, false);
    found.before = s.last;
    if (now > s.last) s.last = now;
    return found;
  }
  template <class OnEnd>
  Found FindOrInsert(const FiveTuple& tuple, Timestamp now, bool source_is_client, Duration timeout,
                     OnEnd&& on_end) noexcept {
    const FlowKey key = FlowKey::Of(tuple);
    return FindOrInsert(key, Hash(key), now, [&] { return Beginning{source_is_client, timeout}; }, on_end);
  }

  // In whole seconds, at most four days. A shorter timeout is noticed when the flow's bucket comes due or when its
  // next packet does.
  void SetTimeout(FlowId id, Duration timeout) noexcept {
    Slot& s = slots_[id.slot];
    const std::uint32_t seconds = Seconds(timeout);
    if (s.life.generation != id.generation || s.life.timeout_s == seconds) return;
    const bool sooner = seconds < s.life.timeout_s;
    s.life.timeout_s = seconds;
    if (!sooner) return;
    wheel_.Remove(id.slot, Links());
    wheel_.File(id.slot, s.last, Deadline(s), Links());
  }

  // Whether a flow lies in the slot.
  bool Holds(std::uint32_t slot) const noexcept { return slots_[slot].life.used; }
  // Whether that flow still does. One of two thousand later flows in its slot looks the same.
  bool Holds(FlowId id) const noexcept { return Holds(id.slot) && slots_[id.slot].life.generation == id.generation; }
  void PrefetchFlow(std::uint32_t slot) const noexcept { Prefetch(slot); }
  // The flow as on_end would be told of it.
  Ended Ending(std::uint32_t slot) noexcept { return Ending(slot, EndReason::kTimeout); }
  Ended Ending(FlowId id) noexcept { return Ending(id.slot, EndReason::kTimeout); }
  // Hash() of its key.
  std::uint64_t HashOf(std::uint32_t slot) const noexcept { return FlowKey{slots_[slot].key}.Hash(seed_); }
  // Ends one flow without calling anybody.
  void Erase(FlowId id) noexcept {
    if (id.valid() && Holds(id)) Release(id.slot);
  }

  // Ends every flow whose timeout has passed at `now`.
  template <class OnEnd>
  void Expire(Timestamp now, OnEnd&& on_end) noexcept {
    wheel_.Advance(now, Links(), [&](std::uint32_t slot, std::uint32_t next) {
      PrefetchEnd(next);
      Slot& s = slots_[slot];
      if (IsDue(s, now)) {
        on_end(Ending(slot, EndReason::kTimeout));
        Release(slot);
      } else {
        wheel_.File(slot, now, Deadline(s), Links());
      }
    });
  }

  // Ends all flows, in slot order. Before that, on_near(const State&, step) is called for each, with steps 0 to
  // kNearSteps - 1 as its end comes nearer: to ask for memory that the state leads to, each step for what the one
  // before has brought.
  template <class OnEnd, class OnNear>
  void Clear(OnEnd&& on_end, OnNear&& on_near) noexcept {
    for (std::uint32_t slot = 0; slot < slots_.made(); ++slot) {
      if (slot + kClearAhead < slots_.made()) Prefetch(slot + kClearAhead);
      for (std::uint32_t step = 0; step < kNearSteps; ++step) {
        const std::uint32_t near = slot + kClearAhead / (kNearSteps + 1) * (kNearSteps - step);
        if (near < slots_.made() && slots_[near].life.used) on_near(std::as_const(slots_[near].state), step);
      }
      if (!slots_[slot].life.used) continue;
      on_end(Ending(slot, EndReason::kTimeout));
      wheel_.Remove(slot, Links());
      GiveBack(slot);
    }
    index_.Clear();
  }
  template <class OnEnd>
  void Clear(OnEnd&& on_end) noexcept {
    Clear(on_end, [](const State&, std::uint32_t) {});
  }

  std::size_t size() const noexcept { return slots_.taken(); }

 private:
  static constexpr std::uint32_t kNone = TimerWheel::kNone;
  static constexpr std::uint32_t kClearAhead = 20;
  static constexpr std::uint32_t kNearSteps = 4;
  static constexpr int kMaxFiledAnew = 256;  // what one eviction may cost
  static constexpr std::uint32_t kMaxTimeout = (1u << 19) - 1;
  // A capture may state any time; a timeout added to this one does not overflow.
  static constexpr Timestamp kLatest{INT64_MAX - Duration::Seconds(366 * 86400).ns};

  // Written as one word: a load of all of it would wait for stores to parts of it.
  struct Life {
    std::uint32_t timeout_s : 19 = 0;
    std::uint32_t generation : 11 = 0;  // a handle lives as long as a packet: enough to tell reuse
    std::uint32_t used : 1 = 0;
    std::uint32_t client_is_first : 1 = 0;
  };

  // The first cache line finds and expires a flow, the second is the caller's.
  struct alignas(64) Slot {
    FlowKey::Words key;
    Timestamp last;
    TimerLinks links;
    Life life;
    State state;
  };
  static_assert(offsetof(Slot, state) <= 64);

  auto Links() noexcept {
    return [this](std::uint32_t slot) -> TimerLinks& { return slots_[slot].links; };
  }

  void Prefetch(std::uint32_t slot) const noexcept {
    __builtin_prefetch(&slots_[slot]);
    __builtin_prefetch(&slots_[slot].state);
  }

  // `slot` will be ended next, its neighbour in the bucket after it: where the one lies in the index, and the other.
  void PrefetchEnd(std::uint32_t slot) const noexcept {
    if (slot == kNone) return;
    index_.Prefetch(FlowKey{slots_[slot].key}.Hash(seed_));
    if (const std::uint32_t after = slots_[slot].links.next; after != kNone) Prefetch(after);
  }

  static std::uint32_t Seconds(Duration d) noexcept {
    const std::int64_t s = (d.ns + kNanosPerSecond - 1) / kNanosPerSecond;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(s, 0, kMaxTimeout));
  }
  static Timestamp Deadline(const Slot& s) noexcept { return s.last + Duration::Seconds(s.life.timeout_s); }
  static bool IsDue(const Slot& s, Timestamp now) noexcept {
    return now - s.last > Duration::Seconds(s.life.timeout_s);
  }

  Ended Ending(std::uint32_t slot, EndReason reason) noexcept {
    Slot& s = slots_[slot];
    return {s.state, reason, s.last, FlowKey::TupleOf(s.key, s.life.client_is_first != 0), slot};
  }

  std::uint32_t Find(const FlowKey& key, std::uint64_t hash) noexcept {
    return index_.Find(hash, [&](std::uint32_t slot) { return FlowKey::Equal(slots_[slot].key, key.words); });
  }

  Found FoundIn(std::uint32_t slot, const FlowKey& key, bool created) noexcept {
    Slot& s = slots_[slot];
    const bool from_client = key.source_is_first == s.life.client_is_first;
    return {{slot, s.life.generation}, &s.state, from_client ? Direction::kToServer : Direction::kToClient, created};
  }

  // A new flow; the one in `due` ends first, unless it is kNone.
  template <class OnEnd>
  Found Insert(std::uint32_t due, const FlowKey& key, std::uint64_t hash, Timestamp now, const Beginning& beginning,
               OnEnd&& on_end) noexcept {
    if (due != kNone) {
      on_end(Ending(due, EndReason::kTimeout));
      Release(due);
    }
    const std::uint32_t slot = Take(on_end);
    if (slot == kNone) return {};
    Slot& s = slots_[slot];
    s.key = key.words;
    s.last = now;
    Life life = s.life;
    life.used = 1;
    life.client_is_first = beginning.source_is_client == key.source_is_first;
    life.timeout_s = Seconds(beginning.timeout);
    s.life = life;
    index_.Insert(hash, slot);
    wheel_.File(slot, now, Deadline(s), Links());
    return FoundIn(slot, key, true);
  }

  template <class OnEnd>
  std::uint32_t Take(OnEnd&& on_end) noexcept {
    std::uint32_t slot = slots_.Take();
    if (slot == kNone) {
      Evict(on_end);
      slot = slots_.Take();
    }
    if (slot == kNone) return kNone;
    slots_[slot].state.Reset();
    return slot;
  }

  // The flow that would time out first. What was active since it was filed is filed anew before it is judged, so a
  // flood of new flows ends its own and not established ones.
  template <class OnEnd>
  void Evict(OnEnd&& on_end) noexcept {
    std::uint32_t slot = wheel_.Earliest();
    for (int i = 0; i < kMaxFiledAnew && slot != kNone; ++i) {
      const Slot& s = slots_[slot];
      if (wheel_.BucketOf(Deadline(s)) == s.links.bucket) break;
      wheel_.Remove(slot, Links());
      wheel_.File(slot, s.last, Deadline(s), Links());
      slot = wheel_.Earliest();
    }
    if (slot == kNone) return;
    PrefetchEnd(slots_[slot].links.next);  // most likely the next to be evicted
    on_end(Ending(slot, EndReason::kEvicted));
    Release(slot);
  }

  void Release(std::uint32_t slot) noexcept {
    Slot& s = slots_[slot];
    index_.Erase(FlowKey{s.key}.Hash(seed_), slot);
    wheel_.Remove(slot, Links());
    GiveBack(slot);
  }

  void GiveBack(std::uint32_t slot) noexcept {
    Life life = slots_[slot].life;
    life.used = 0;
    life.generation = life.generation + 1;
    slots_[slot].life = life;
    slots_.Give(slot);
  }

  std::uint64_t seed_;
  FlowIndex index_;
  Slab<Slot> slots_;
  TimerWheel wheel_;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_TABLE_H_
