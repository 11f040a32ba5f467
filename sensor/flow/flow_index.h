// SPDX-License-Identifier: Apache-2.0
// The part of the flow table that does not know the caller's state: hash chains over fixed slots, and a timer
// wheel in packet time.
#ifndef GANDER_FLOW_FLOW_INDEX_H_
#define GANDER_FLOW_FLOW_INDEX_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/hash.h"
#include "base/net.h"
#include "base/time.h"
#include "flow/options.h"

namespace gander::flow {

// A handle. The generation tells a slot's present flow from an earlier one.
struct FlowId {
  std::uint32_t slot = ~std::uint32_t{0};
  std::uint32_t generation = 0;
  bool valid() const noexcept { return slot != ~std::uint32_t{0}; }
  bool operator==(const FlowId&) const = default;
};

// What decides the timeout, together with the protocol.
enum class Phase : std::uint8_t { kNew, kEstablished, kClosed };

// Direction of a flow's first packet: its sender is the client, unless a TCP SYN-ACK or, without a SYN, the
// ports say that it is the server (source below 1024, destination not). `tcp_flags` as in the TCP header.
Direction FirstDirection(const FiveTuple& packet, std::uint8_t tcp_flags) noexcept;

class FlowIndex {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // The tuple with its ends in a fixed order, so that both directions give one key.
  struct Key {
    FiveTuple tuple;
    std::uint32_t hash;
    bool swapped;  // the packet went from tuple.destination to tuple.source
  };

  FlowIndex(const Options& options, const HashKey& key);

  Key KeyOf(const FiveTuple& packet) const noexcept;
  std::uint32_t Find(const Key& key) const noexcept;
  // Must not be full().
  std::uint32_t Insert(const Key& key, Direction first, Timestamp now) noexcept;
  void Remove(std::uint32_t slot) noexcept;
  // Time never runs backwards for a flow: an earlier `now` changes nothing.
  void Touch(std::uint32_t slot, Timestamp now) noexcept {
    Entry& e = entries_[slot];
    if (now > e.last) e.last = Sane(now);
  }
  void SetPhase(std::uint32_t slot, Phase phase) noexcept;
  bool IsOver(std::uint32_t slot, Timestamp now) const noexcept { return Deadline(entries_[slot]) <= now; }

  // The live flow closest to its timeout among the next kVictimSample slots. Needs full().
  std::uint32_t Victim() noexcept;

  // Calls `end(slot)`, which must Remove it, for each flow whose timeout is at or before `now`.
  template <class F>
  void Expire(Timestamp now, F&& end) noexcept;

  FlowId IdOf(std::uint32_t slot) const noexcept { return {slot, entries_[slot].generation}; }
  bool Contains(FlowId id) const noexcept {
    return id.slot < touched_ && entries_[id.slot].live && entries_[id.slot].generation == id.generation;
  }
  bool live(std::uint32_t slot) const noexcept { return entries_[slot].live; }
  Direction DirectionOf(std::uint32_t slot, const Key& key) const noexcept {
    return key.swapped == entries_[slot].client_is_destination ? Direction::kToServer : Direction::kToClient;
  }
  bool full() const noexcept { return size_ == capacity_; }
  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t capacity() const noexcept { return capacity_; }

 private:
  static constexpr std::uint32_t kVictimSample = 16;
  static constexpr std::uint32_t kWheelSlots = 1024;  // of one second; longer timeouts go round again

  struct Entry {
    FiveTuple tuple;
    std::uint32_t hash;
    std::uint32_t next_in_chain;
    Timestamp last;
    std::uint32_t generation;
    std::uint32_t earlier, later;  // neighbours in the wheel slot
    std::uint16_t wheel_slot;
    Phase phase;
    bool client_is_destination;
    bool live;
  };

  // So that no time a capture may state overflows when a timeout is added.
  static constexpr Timestamp kLatest{INT64_MAX - Duration::Seconds(86400).ns};
  static Timestamp Sane(Timestamp t) noexcept { return t < kLatest ? t : kLatest; }

  Timestamp Deadline(const Entry& e) const noexcept {
    return e.last + timeouts_[TimeoutRow(e.tuple.protocol)][static_cast<std::size_t>(e.phase)];
  }
  static std::size_t TimeoutRow(std::uint8_t protocol) noexcept;
  void Link(std::uint32_t slot) noexcept;
  void Unlink(std::uint32_t slot) noexcept;
  static std::int64_t TickOf(Timestamp t) noexcept;

  HashKey key_;
  std::array<std::array<Duration, 3>, 4> timeouts_;  // [TCP, UDP, ICMP, other][Phase]
  std::uint32_t capacity_;
  std::uint32_t size_ = 0;
  std::uint32_t touched_ = 0;  // slots ever used
  std::uint32_t free_ = kNone;
  std::uint32_t hand_ = 0;
  std::uint32_t bucket_mask_;
  std::vector<std::uint32_t> buckets_;
  std::unique_ptr<Entry[]> entries_;
  std::vector<std::uint32_t> wheel_;
  std::int64_t tick_ = INT64_MIN;  // all earlier ticks were looked at
};

template <class F>
void FlowIndex::Expire(Timestamp now, F&& end) noexcept {
  const std::int64_t last = TickOf(now);
  if (size_ == 0 || last < tick_) {
    if (last > tick_) tick_ = last;
    return;
  }
  // One turn of the wheel sees every flow, however far time jumped.
  const std::int64_t turns = last - tick_ >= kWheelSlots ? kWheelSlots - 1 : last - tick_;
  const std::int64_t first = last - turns;
  tick_ = last;
  for (std::int64_t tick = first; tick <= last; ++tick) {
    // The list is taken off first: a flow put back may come to lie in the same wheel slot.
    std::uint32_t slot = wheel_[static_cast<std::uint64_t>(tick) % kWheelSlots];
    while (slot != kNone) {
      const std::uint32_t next = entries_[slot].later;
      if (Deadline(entries_[slot]) <= now) {
        end(slot);
      } else {
        Unlink(slot);
        Link(slot);
      }
      slot = next;
    }
  }
}

}  // namespace gander::flow

#endif  // GANDER_FLOW_FLOW_INDEX_H_
