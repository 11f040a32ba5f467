// SPDX-License-Identifier: Apache-2.0
// The doorway of flow/: five-tuples of both directions to one slot of state, with timeouts in packet time.
// State is the caller's; it is made once, Reset() for each flow, and never moves. Expiry of a flow depends on its own
// last packet and on the time given, never on other flows or on hashing, so every worker count expires alike.
#ifndef GANDER_FLOW_FLOW_TABLE_H_
#define GANDER_FLOW_FLOW_TABLE_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/net.h"
#include "base/time.h"
#include "flow/flow_key.h"
#include "flow/options.h"
#include "flow/timer_wheel.h"

namespace gander::flow {

// A handle; stale once its flow ended.
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
  };

  explicit FlowTable(const Options& options, std::uint64_t hash_seed = 0x9e3779b97f4a7c15ULL)
      : max_flows_(options.max_flows),
        seed_(hash_seed),
        index_(std::bit_ceil(std::size_t{options.max_flows} * 2)),
        mask_(index_.size() - 1) {
    free_.reserve(kChunk);
    chunks_.reserve(max_flows_ / kChunk + 1);
  }

  // The flow of `tuple`, made when there is none. `source_is_client` counts only then. A flow that idled past its
  // timeout ends first; a full table ends the flow that would expire next. Both call on_end(State&, EndReason).
  template <class OnEnd>
  Found FindOrInsert(const FiveTuple& tuple, Timestamp now, bool source_is_client, Duration timeout,
                     OnEnd&& on_end) noexcept {
    now = std::min(now, kLatest);
    const FlowKey key = FlowKey::Of(tuple);
    const std::uint64_t hash = key.Hash(seed_);
    std::uint32_t slot = Find(key, hash);
    if (slot != kNone && now - At(slot).last > At(slot).timeout) {
      on_end(At(slot).state, EndReason::kTimeout);
      Release(slot);
      slot = kNone;
    }
    const bool created = slot == kNone;
    if (created) {
      slot = Take(on_end);
      if (slot == kNone) return {};
      Slot& s = At(slot);
      s.key = key;
      s.hash = hash;
      s.client_is_first = source_is_client == key.source_is_first;
      s.timeout = timeout;
      s.last = now;
      Link(slot);
    }
    Slot& s = At(slot);
    if (now > s.last) s.last = now;
    if (created) wheel_.File(slot, now, s.last + s.timeout, Links());
    const bool from_client = key.source_is_first == s.client_is_first;
    return {{slot, s.generation}, &s.state, from_client ? Direction::kToServer : Direction::kToClient, created};
  }

  // A shorter timeout is noticed when the flow's bucket comes due or when its next packet does.
  void SetTimeout(FlowId id, Duration timeout) noexcept {
    Slot& s = At(id.slot);
    if (s.generation != id.generation || s.timeout == timeout) return;
    const bool sooner = timeout < s.timeout;
    s.timeout = timeout;
    if (!sooner) return;
    wheel_.Remove(id.slot, Links());
    wheel_.File(id.slot, s.last, s.last + timeout, Links());
  }

  // Ends one flow without calling anybody.
  void Erase(FlowId id) noexcept {
    if (id.valid() && At(id.slot).generation == id.generation && At(id.slot).used) Release(id.slot);
  }

  // Ends every flow whose timeout has passed at `now`.
  template <class OnEnd>
  void Expire(Timestamp now, OnEnd&& on_end) noexcept {
    wheel_.Advance(now, Links(), [&](std::uint32_t slot) {
      Slot& s = At(slot);
      if (now - s.last > s.timeout) {
        on_end(s.state, EndReason::kTimeout);
        Release(slot);
      } else {
        wheel_.File(slot, now, s.last + s.timeout, Links());
      }
    });
  }

  // Ends all flows, in slot order.
  template <class OnEnd>
  void Clear(OnEnd&& on_end) noexcept {
    for (std::uint32_t slot = 0; slot < made_; ++slot) {
      if (!At(slot).used) continue;
      on_end(At(slot).state, EndReason::kTimeout);
      Release(slot);
    }
  }

  std::size_t size() const noexcept { return size_; }

 private:
  static constexpr std::uint32_t kNone = TimerWheel::kNone;
  static constexpr std::uint32_t kChunk = 1024;  // slots made at once, the first time they are needed
  static constexpr int kMaxFiledAnew = 256;      // what one eviction may cost
  // A capture may state any time; a timeout added to this one does not overflow.
  static constexpr Timestamp kLatest{INT64_MAX - Duration::Seconds(366 * 86400).ns};

  struct Slot {
    FlowKey key;
    std::uint64_t hash = 0;
    Timestamp last;
    Duration timeout;
    TimerLinks links;
    std::uint32_t generation = 0;
    bool used = false;
    bool client_is_first = false;
    State state;
  };
  struct Entry {
    std::uint32_t fingerprint = 0;
    std::uint32_t slot_plus_one = 0;  // 0 = free
  };

  Slot& At(std::uint32_t slot) noexcept { return chunks_[slot / kChunk][slot % kChunk]; }
  auto Links() noexcept {
    return [this](std::uint32_t slot) -> TimerLinks& { return At(slot).links; };
  }

  std::uint32_t Find(const FlowKey& key, std::uint64_t hash) noexcept {
    const auto fingerprint = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t i = hash & mask_; index_[i].slot_plus_one != 0; i = (i + 1) & mask_) {
      if (index_[i].fingerprint != fingerprint) continue;
      const std::uint32_t slot = index_[i].slot_plus_one - 1;
      if (At(slot).key == key) return slot;
    }
    return kNone;
  }

  void Link(std::uint32_t slot) noexcept {
    const std::uint64_t hash = At(slot).hash;
    std::size_t i = hash & mask_;
    while (index_[i].slot_plus_one != 0) i = (i + 1) & mask_;
    index_[i] = {static_cast<std::uint32_t>(hash >> 32), slot + 1};
  }

  // Linear probing with backward shift, so that no tombstones gather.
  void Unlink(std::uint32_t slot) noexcept {
    std::size_t i = At(slot).hash & mask_;
    while (index_[i].slot_plus_one != slot + 1) i = (i + 1) & mask_;
    for (std::size_t j = (i + 1) & mask_; index_[j].slot_plus_one != 0; j = (j + 1) & mask_) {
      const std::size_t home = At(index_[j].slot_plus_one - 1).hash & mask_;
      if (((j - home) & mask_) < ((j - i) & mask_)) continue;
      index_[i] = index_[j];
      i = j;
    }
    index_[i] = {};
  }

  template <class OnEnd>
  std::uint32_t Take(OnEnd&& on_end) noexcept {
    if (free_.empty() && made_ < max_flows_) Grow();
    if (free_.empty()) Evict(on_end);
    if (free_.empty()) return kNone;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    Slot& s = At(slot);
    s.used = true;
    s.state.Reset();
    ++size_;
    return slot;
  }

  void Grow() noexcept {
    const std::uint32_t count = std::min(kChunk, max_flows_ - made_);
    chunks_.push_back(std::make_unique<Slot[]>(kChunk));
    free_.reserve(made_ + count);
    for (std::uint32_t i = count; i > 0; --i) free_.push_back(made_ + i - 1);
    made_ += count;
  }

  // The flow that would time out first. What was active since it was filed is filed anew before it is judged, so a flood
  // of new flows ends its own and not established ones.
  template <class OnEnd>
  void Evict(OnEnd&& on_end) noexcept {
    std::uint32_t slot = wheel_.Earliest();
    for (int i = 0; i < kMaxFiledAnew && slot != kNone; ++i) {
      const Slot& s = At(slot);
      const Timestamp deadline = s.last + s.timeout;
      if (wheel_.BucketOf(deadline) == s.links.bucket) break;
      wheel_.Remove(slot, Links());
      wheel_.File(slot, s.last, deadline, Links());
      slot = wheel_.Earliest();
    }
    if (slot == kNone) return;
    on_end(At(slot).state, EndReason::kEvicted);
    Release(slot);
  }

  void Release(std::uint32_t slot) noexcept {
    Slot& s = At(slot);
    Unlink(slot);
    wheel_.Remove(slot, Links());
    s.used = false;
    ++s.generation;
    free_.push_back(slot);
    --size_;
  }

  std::uint32_t max_flows_, made_ = 0;
  std::uint64_t seed_;
  std::vector<Entry> index_;
  std::size_t mask_;
  std::vector<std::unique_ptr<Slot[]>> chunks_;
  std::vector<std::uint32_t> free_;
  TimerWheel wheel_;
  std::size_t size_ = 0;
};

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_TABLE_H_
