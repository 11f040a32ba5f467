// SPDX-License-Identifier: Apache-2.0
#include "stream/tcp_side.h"

#include <algorithm>
#include <cstring>

#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

// Signed distance from `b` to `a` in sequence space.
std::int32_t Distance(std::uint32_t a, std::uint32_t b) noexcept { return static_cast<std::int32_t>(a - b); }

// A tick is 2^16 ns, so that 32 bits tell times within 39 hours apart; after a longer pause one waits a little longer.
constexpr int kTickBits = 16;
std::uint32_t Ticks(Timestamp t) noexcept { return static_cast<std::uint32_t>(t.ns >> kTickBits); }

}  // namespace

void TcpSide::Start(std::uint32_t sequence) noexcept {
  expected_ = sequence;
  offset_ = 0;
  gap_length_ = 0;
  any_acknowledged_ = finished_ = doubted_ = any_window_ = waits_ = early_ = false;
  started_ = true;
}

void TcpSide::Doubt(std::uint32_t sequence, std::uint32_t end, Counters& counters) noexcept {
  if (Distance(end, expected_) <= 0) return;  // nothing new in it
  ++counters.doubtful;
  if (!doubted_ || Distance(sequence, doubtful_from_) < 0) doubtful_from_ = sequence;
  doubted_ = true;
}

void TcpSide::OnData(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  if (sequence == expected_ && first_ == kNone && !work.early) {
    ++work.counters.in_order;
    Deliver(data, 0, work);
    return;
  }
  const std::int32_t ahead = Distance(sequence, expected_);
  if (ahead > kMaxAhead) {
    ++work.counters.out_of_window;
    work.sink.OnFate(ByteFate::kLostOutOfWindow, data.size());
    return;
  }
  ++(ahead < 0   ? work.counters.retransmitted
     : ahead > 0 ? work.counters.out_of_order
                 : work.counters.in_order);
  if (first_ != kNone) Resolve(sequence, data, work);
  Place(sequence, data, work);
  if (held_ > work.gap_after_bytes && waits_) WaitedInVain();
  while (held_ > work.gap_after_bytes) GiveUpHole(false, work);
  GiveUpReceived(work.time, work);
}

// Cuts a segment at what was delivered and at what is held; each part is dropped, delivered or held.
void TcpSide::Place(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  while (!data.empty()) {
    const std::int32_t ahead = Distance(sequence, expected_);
    if (ahead < 0) {
      const Bytes part = TakeFront(data, expected_ - sequence);
      TellDoubted(sequence, part, work);
      DropBehind(sequence, part.size(), work);
      sequence += static_cast<std::uint32_t>(part.size());
    } else if (ahead == 0 && !early_ && !work.early) {
      if (waits_) in_vain_ = 0;
      const std::size_t limit = first_ != kNone ? work.pool[first_].sequence - expected_ : data.size();
      const Bytes part = TakeFront(data, limit);
      sequence += static_cast<std::uint32_t>(part.size());
      Deliver(part, 0, work);
      DeliverHeld(0, Needs::kHeed, work);
    } else if (Hold(sequence, data, work)) {
      NoteEarly(work);
      return;
    } else if (first_ != kNone) {
      GiveUpHole(true, work);
    } else {  // no memory at all: what is here goes on, the hole before it is lost
      Deliver(data, ahead > 0 ? OpenGap(sequence, true, work) : 0, work);
      return;
    }
  }
}

// Where held bytes come again with other content: leaves in place what the receiver keeps, tells of the other copy.
// A doubtful copy gives way to any.
void TcpSide::Resolve(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  SegmentPool& pool = work.pool;
  const auto end = sequence + static_cast<std::uint32_t>(data.size());
  if (Distance(sequence, pool[last_].end()) >= 0 || Distance(end, pool[first_].sequence) <= 0) return;
  const OverlapPolicy policy = doubted_                   ? OverlapPolicy::kLast
                               : work.receiver != nullptr ? work.hosts->Of(*work.receiver)
                                                          : work.hosts->fallback;
  const Extent later{0, static_cast<std::int64_t>(data.size())};
  bool told = false;
  for (std::uint32_t before = kNone, at = first_; at != kNone && Distance(end, pool[at].sequence) > 0;
       before = at, at = pool[at].next) {
    SegmentPool::Block& block = pool[at];
    std::uint32_t place = Distance(sequence, block.sequence) > 0 ? sequence - block.sequence : 0;
    while (place < block.length && Distance(end, block.sequence + place) > 0) {
      const std::uint32_t stop = std::min(block.EndAround(place), end - block.sequence);
      const Bytes mine = data.subspan(block.sequence + place - sequence, stop - place);
      std::byte* held = block.data.data() + place;
      ++work.counters.overlaps;
      if (std::memcmp(held, mine.data(), mine.size()) != 0) {
        ++work.counters.overlaps_differing;
        if (LaterWins(policy, HeldSegment(before, at, place, sequence, pool), later)) {
          const std::uint32_t from = block.BeginAround(place);
          work.sink.OnAlternate(work.direction, Alternate::kDiffering,
                                block.bytes().subspan(from, block.EndAround(place) - from));
          std::memcpy(held, mine.data(), mine.size());
          block.MarkBegin(place);
          if (stop < block.length) block.MarkBegin(stop);
        } else if (!told) {
          work.sink.OnAlternate(work.direction, Alternate::kDiffering, data);
          told = true;
        }
      }
      place = stop;
    }
  }
}

// The segment that brought the byte at `place` of the block `at`, behind the block `before`; positions from `origin`
// on. One that goes on over more blocks than the next is taken to end there.
Extent TcpSide::HeldSegment(std::uint32_t before, std::uint32_t at, std::uint32_t place, std::uint32_t origin,
                            const SegmentPool& pool) const noexcept {
  const SegmentPool::Block& block = pool[at];
  Extent extent{Distance(block.sequence + block.BeginAround(place), origin),
                Distance(block.sequence + block.EndAround(place), origin)};
  const bool from_before = block.BeginAround(place) == 0 && !block.begins_segment() && before != kNone;
  if (from_before) {
    extent.begin = Distance(pool[before].sequence + pool[before].BeginAround(pool[before].length - 1), origin);
  }
  if (block.EndAround(place) == block.length && block.next != kNone) {
    const SegmentPool::Block& next = pool[block.next];
    if (next.sequence == block.end() && !next.begins_segment()) {
      extent.end = Distance(next.sequence + next.EndAround(0), origin);
    }
  }
  return extent;
}

void TcpSide::OnAcknowledged(std::uint32_t acknowledgement, const Work& work) noexcept {
  if (any_acknowledged_ && Distance(acknowledged_, expected_) <= 0) any_acknowledged_ = false;
  const std::int32_t ahead = Distance(acknowledgement, expected_);
  if (ahead <= 0 || ahead > kMaxAhead) return;
  if (any_acknowledged_ && Distance(acknowledgement, acknowledged_) <= 0) return;
  acknowledged_ = acknowledgement;
  any_acknowledged_ = true;
  GiveUpReceived(work.time, work);
}

void TcpSide::Flush(const Work& work) noexcept {
  while (first_ != kNone) GiveUpHole(false, work);
  // One acknowledged byte more may be the FIN.
  if (any_acknowledged_ && Distance(acknowledged_, expected_) > 1) OpenGap(acknowledged_, false, work);
  any_acknowledged_ = waits_ = false;
}

void TcpSide::Deliver(Bytes bytes, std::uint32_t gap, const Work& work) noexcept {
  work.sink.OnChunk({work.direction, offset_, gap, bytes, work.time});
  offset_ += bytes.size();
  expected_ += static_cast<std::uint32_t>(bytes.size());
}

// The held blocks that have become next, the first of them behind `gap` missing bytes, up to one that came before what
// it answers.
void TcpSide::DeliverHeld(std::uint32_t gap, Needs needs, const Work& work) noexcept {
  while (first_ != kNone && work.pool[first_].sequence == expected_) {
    const std::uint32_t block = first_;
    if (needs == Needs::kHeed && Distance(work.pool[block].needs, work.others) > 0) break;
    if (needs == Needs::kHeedButFirst) needs = Needs::kHeed;
    Deliver(work.pool[block].bytes(), gap, work);
    gap = 0;
    held_ -= work.pool[block].length;
    --blocks_;
    first_ = work.pool[block].next;
    if (first_ == kNone) last_ = kNone;
    work.pool.Free(block);
  }
  early_ = early_ && first_ != kNone && work.pool[first_].sequence == expected_;
  NoteEarly(work);
}

// What is next is held: from now on it is waited for what it answers.
void TcpSide::NoteEarly(const Work& work) noexcept {
  if (early_ || first_ == kNone || work.pool[first_].sequence != expected_) return;
  early_ = true;
  early_since_ = Ticks(work.time);
  ++work.counters.overtaken;
}

bool TcpSide::Release(const Work& work) noexcept {
  const std::uint32_t before = expected_;
  DeliverHeld(0, Needs::kHeed, work);
  return expected_ != before;
}

bool TcpSide::KeptWaiting(Timestamp now, std::uint32_t grace_ms, std::uint32_t since) noexcept {
  if (!WaitedEnough(now, since, grace_ms)) return false;
  WaitedInVain();
  return true;
}

// Another copy of bytes the receiver may not have had from the first.
void TcpSide::TellDoubted(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  if (!doubted_ || Distance(expected_, doubtful_from_) > kMaxAhead) return;
  const std::int32_t before = Distance(doubtful_from_, sequence);
  if (before >= static_cast<std::int64_t>(data.size())) return;
  work.sink.OnAlternate(work.direction, Alternate::kDoubted,
                        data.subspan(before > 0 ? static_cast<std::size_t>(before) : 0));
}

// `length` bytes from `sequence`, all before `expected_`. They are duplicates, except what lies before the
// stream's first byte and what fell into the latest hole: that came too late.
void TcpSide::DropBehind(std::uint32_t sequence, std::size_t length, const Work& work) noexcept {
  const std::uint64_t from = expected_ - sequence, to = from - length;  // distances back, from > to
  std::uint64_t duplicate = length;
  if (from > offset_) {
    const std::uint64_t before = from - std::max(to, offset_);
    duplicate -= before;
    ++work.counters.out_of_window;
    work.sink.OnFate(ByteFate::kLostOutOfWindow, before);
  }
  const std::uint64_t gap_from = expected_ - gap_begin_, gap_to = gap_from - gap_length_;
  if (gap_length_ != 0 && from > gap_to && to < gap_from) {
    const std::uint64_t late = std::min(from, gap_from) - std::max(to, gap_to);
    duplicate -= late;
    in_vain_ = 0;
    work.sink.OnFate(gap_for_memory_ ? ByteFate::kLostStreamCap : ByteFate::kLostOutOfWindow, late);
  }
  if (duplicate > 0) work.sink.OnFate(ByteFate::kDuplicate, duplicate);
}

// Stores what no held block has; what one has is a duplicate. On false memory ran out, and `sequence` and
// `data` are what is left. The walk is bounded by the flow's cap; appending, the usual case, does not walk.
bool TcpSide::Hold(std::uint32_t& sequence, Bytes& data, const Work& work) noexcept {
  SegmentPool& pool = work.pool;
  std::uint32_t before = kNone, at = first_;
  if (last_ != kNone && Distance(sequence, pool[last_].end()) >= 0) {
    before = last_;
    at = kNone;
  }
  while (!data.empty()) {
    while (at != kNone && Distance(pool[at].end(), sequence) <= 0) {
      before = at;
      at = pool[at].next;
    }
    if (at != kNone && Distance(pool[at].sequence, sequence) <= 0) {
      const Bytes repeated = TakeFront(data, pool[at].end() - sequence);
      work.sink.OnFate(ByteFate::kDuplicate, repeated.size());
      sequence += static_cast<std::uint32_t>(repeated.size());
      continue;
    }
    const std::size_t limit = at != kNone ? pool[at].sequence - sequence : data.size();
    if (!Store(before, std::min(limit, data.size()), sequence, data, work)) return false;
  }
  return true;
}

// Copies `count` bytes from the front of `data` behind the block `before` (kNone: to the front of the list).
bool TcpSide::Store(std::uint32_t& before, std::size_t count, std::uint32_t& sequence, Bytes& data,
                    const Work& work) noexcept {
  SegmentPool& pool = work.pool;
  for (bool begins = true; count > 0; begins = false) {
    const bool extends = before != kNone && pool[before].end() == sequence && pool[before].room() > 0 &&
                         (!work.early || pool[before].needs == work.needs);
    if (!extends) {
      const std::uint32_t added = NewBlock(work);
      if (added == kNone) return false;
      pool[added].sequence = sequence;
      pool[added].needs = work.needs;
      std::uint32_t& link = before != kNone ? pool[before].next : first_;
      pool[added].next = link;
      link = added;
      if (pool[added].next == kNone) last_ = added;
      before = added;
    }
    SegmentPool::Block& block = pool[before];
    const Bytes part = TakeFront(data, std::min(count, block.room()));
    const auto size = static_cast<std::uint32_t>(part.size());
    std::memcpy(block.data.data() + block.length, part.data(), size);
    if (begins) block.MarkBegin(block.length);
    block.length += size;
    held_ += size;
    sequence += size;
    count -= size;
  }
  return true;
}

std::uint32_t TcpSide::NewBlock(const Work& work) noexcept {
  if (blocks_ >= work.block_limit) {
    ++work.counters.flow_cap;
    return kNone;
  }
  const std::uint32_t block = work.pool.Allocate();
  if (block == kNone) {
    ++work.counters.pool_full;
  } else {
    ++blocks_;
  }
  return block;
}

// Moves on to `sequence`; returns how many bytes are missing.
std::uint32_t TcpSide::OpenGap(std::uint32_t sequence, bool for_memory, const Work& work) noexcept {
  const std::uint32_t gap = sequence - expected_;
  gap_begin_ = expected_;
  gap_length_ = gap;
  gap_for_memory_ = for_memory;
  expected_ = sequence;
  offset_ += gap;
  gap_bytes_ += gap;
  ++work.counters.gaps;
  work.counters.gap_bytes += gap;
  return gap;
}

void TcpSide::GiveUpHole(bool for_memory, const Work& work) noexcept {
  const std::uint32_t next = work.pool[first_].sequence;
  DeliverHeld(next != expected_ ? OpenGap(next, for_memory, work) : 0, Needs::kHeedButFirst, work);
}

// The receiver has what this sensor misses. It may be on its way here, for a mirror brings one direction later than the
// other; after the grace it is not. Nor is it waited for while the pool needs its blocks for segments out of order.
void TcpSide::GiveUpReceived(Timestamp now, const Work& work) noexcept {
  if (waits_ && WaitedEnough(now, waits_since_, work.late_grace_ms)) WaitedInVain();
  while (first_ != kNone && work.pool[first_].sequence != expected_ && any_acknowledged_ &&
         Distance(acknowledged_, work.pool[first_].sequence) >= 0) {
    if (!waits_ || Distance(waited_for_, work.pool[first_].sequence) < 0) Wait(now, work);
    const bool enough = WaitedEnough(now, waits_since_, work.late_grace_ms);
    if (!enough && !work.pool.scarce()) return;
    GiveUpHole(!enough, work);
  }
  waits_ = false;
}

// One time for all acknowledged holes there are: a hole waits once to twice the grace. Those that come later have a
// time of their own, so that an acknowledgement forged far ahead does not use theirs up.
void TcpSide::Wait(Timestamp now, const Work& work) noexcept {
  const std::uint32_t end = work.pool[last_].end();
  waited_for_ = Distance(acknowledged_, end) < 0 ? acknowledged_ : end;
  waits_since_ = Ticks(now);
  waits_ = true;
  ++work.counters.overtaken;
}

bool TcpSide::WaitedEnough(Timestamp now, std::uint32_t since, std::uint32_t grace_ms) const noexcept {
  const std::int64_t ticks = Distance(Ticks(now), since);  // negative when time went backwards
  return ticks << kTickBits >= Duration::Millis(grace_ms).ns >> in_vain_ * kInVainBits;
}

}  // namespace gander::stream
