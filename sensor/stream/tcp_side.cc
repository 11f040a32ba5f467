// SPDX-License-Identifier: Apache-2.0
#include "stream/tcp_side.h"

#include <algorithm>
#include <cstring>

#include "stream/tcp_stream.h"

namespace gander::stream {
namespace {

// Signed distance from `b` to `a` in sequence space.
std::int32_t Distance(std::uint32_t a, std::uint32_t b) noexcept { return static_cast<std::int32_t>(a - b); }

}  // namespace

void TcpSide::Start(std::uint32_t sequence) noexcept {
  expected_ = sequence;
  offset_ = 0;
  gap_length_ = 0;
  any_acknowledged_ = finished_ = false;
  started_ = true;
}

void TcpSide::OnData(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  if (sequence == expected_ && first_ == kNone) {
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
  Place(sequence, data, work);
  while (held_ > work.gap_after_bytes) GiveUpHole(false, work);
  GiveUpReceived(work);
}

// Cuts a segment at what was delivered and at what is held; each part is dropped, delivered or held.
void TcpSide::Place(std::uint32_t sequence, Bytes data, const Work& work) noexcept {
  while (!data.empty()) {
    const std::int32_t ahead = Distance(sequence, expected_);
    if (ahead < 0) {
      const Bytes part = TakeFront(data, expected_ - sequence);
      DropBehind(sequence, part.size(), work);
      sequence += static_cast<std::uint32_t>(part.size());
    } else if (ahead == 0) {
      const std::size_t limit = first_ != kNone ? work.pool[first_].sequence - expected_ : data.size();
      const Bytes part = TakeFront(data, limit);
      sequence += static_cast<std::uint32_t>(part.size());
      Deliver(part, 0, work);
      DeliverHeld(0, work);
    } else if (Hold(sequence, data, work)) {
      return;
    } else if (first_ != kNone) {
      GiveUpHole(true, work);
    } else {  // no memory at all: what is here goes on, the hole before it is lost
      Deliver(data, OpenGap(sequence, true, work), work);
      return;
    }
  }
}

void TcpSide::OnAcknowledged(std::uint32_t acknowledgement, const Work& work) noexcept {
  if (any_acknowledged_ && Distance(acknowledged_, expected_) <= 0) any_acknowledged_ = false;
  const std::int32_t ahead = Distance(acknowledgement, expected_);
  if (ahead <= 0 || ahead > kMaxAhead) return;
  if (any_acknowledged_ && Distance(acknowledgement, acknowledged_) <= 0) return;
  acknowledged_ = acknowledgement;
  any_acknowledged_ = true;
  GiveUpReceived(work);
}

void TcpSide::Flush(const Work& work) noexcept {
  while (first_ != kNone) GiveUpHole(false, work);
  // One acknowledged byte more may be the FIN.
  if (any_acknowledged_ && Distance(acknowledged_, expected_) > 1) OpenGap(acknowledged_, false, work);
  any_acknowledged_ = false;
}

void TcpSide::Deliver(Bytes bytes, std::uint32_t gap, const Work& work) noexcept {
  work.sink.OnChunk({work.direction, offset_, gap, bytes, work.time});
  offset_ += bytes.size();
  expected_ += static_cast<std::uint32_t>(bytes.size());
}

// The held blocks that have become next, the first of them behind `gap` missing bytes.
void TcpSide::DeliverHeld(std::uint32_t gap, const Work& work) noexcept {
  while (first_ != kNone && work.pool[first_].sequence == expected_) {
    const std::uint32_t block = first_;
    Deliver(work.pool[block].bytes(), gap, work);
    gap = 0;
    held_ -= work.pool[block].length;
    --blocks_;
    first_ = work.pool[block].next;
    if (first_ == kNone) last_ = kNone;
    work.pool.Free(block);
  }
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
      const std::byte* held = pool[at].data.data() + (sequence - pool[at].sequence);
      ++work.counters.overlaps;
      if (std::memcmp(held, repeated.data(), repeated.size()) != 0) ++work.counters.overlaps_differing;
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
  while (count > 0) {
    const bool extends = before != kNone && pool[before].end() == sequence && pool[before].room() > 0;
    if (!extends) {
      const std::uint32_t added = NewBlock(work);
      if (added == kNone) return false;
      pool[added].sequence = sequence;
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
  DeliverHeld(OpenGap(work.pool[first_].sequence, for_memory, work), work);
}

// The receiver has what this sensor missed: waiting longer would not bring it.
void TcpSide::GiveUpReceived(const Work& work) noexcept {
  while (first_ != kNone && any_acknowledged_ && Distance(acknowledged_, work.pool[first_].sequence) >= 0) {
    GiveUpHole(false, work);
  }
}

}  // namespace gander::stream
