// SPDX-License-Identifier: Apache-2.0
#include "stream/tcp_stream.h"

#include <algorithm>

namespace gander::stream {
namespace {

constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kAck = 16;

// A reset must be near what comes next; a SYN that arrives after data of its own connection lies just before
// it.
constexpr std::int32_t kNear = 1 << 20;

// In the order of TcpState.
constexpr const char* kStateNames[] = {"new", "established", "closing", "closed", "reset"};

std::uint32_t BlockLimit(const Options& options, std::uint32_t others) noexcept {
  const auto blocks = static_cast<std::uint32_t>(options.memory_per_flow / SegmentPool::kBlockBytes);
  return blocks > others ? blocks - others : 0;
}

}  // namespace

const char* NameOf(TcpState s) noexcept { return kStateNames[static_cast<std::size_t>(s)]; }

void TcpStream::OnSegment(Direction direction, const Segment& segment, SegmentPool& pool,
                          const Options& options, Counters& counters, ChunkSink& sink) noexcept {
  TcpSide& side = sides_[Index(direction)];
  TcpSide& other = sides_[Index(Opposite(direction))];
  const bool syn = (segment.flags & kSyn) != 0, reset = (segment.flags & kRst) != 0;
  ++counters.segments;
  if (side.waits() || other.waits()) [[unlikely]] PassTime(segment.time, segment.time, pool, options, counters, sink);
  if (reset) {
    OnReset(side, segment.sequence, counters);
  } else if (syn) {
    OnSyn(direction, segment, counters);
  }
  const std::uint32_t sequence = segment.sequence + (syn ? 1 : 0);
  if (!side.started() && (!reset || !segment.payload.empty())) {
    if (!other.started()) ++counters.midstream;
    side.Start(sequence);
  }
  if (!segment.payload.empty()) {
    TcpSide::Work work = WorkOf(direction, segment.time, pool, options, counters, sink);
    work.block_limit = BlockLimit(options, other.blocks());
    work.hosts = &options.hosts;
    work.receiver = segment.receiver;
    const bool lacks = (segment.flags & kAck) != 0 && other.Lacks(segment.acknowledgement);
    if (lacks && options.late_grace_ms > 0 && !pool.scarce()) [[unlikely]] {
      work.needs = segment.acknowledgement;
      work.early = true;
    }
    side.Judge(sequence, segment.payload.size(), segment.ttl, counters);
    side.OnData(sequence, segment.payload, work);
    if (side.early() || other.early()) [[unlikely]] ReleaseEarly(segment.time, pool, options, counters, sink);
  } else {
    side.NoteTtl(segment.ttl);
  }
  if (reset) return;
  if ((segment.flags & kAck) != 0) {
    NoteWindow(direction, segment);
    if (other.Concerns(segment.acknowledgement)) {
      other.OnAcknowledged(segment.acknowledgement,
                           WorkOf(Opposite(direction), segment.time, pool, options, counters, sink));
    }
  }
  if ((segment.flags & kFin) != 0) {
    side.Finish();
    if (other.early()) [[unlikely]] ReleaseEarly(segment.time, pool, options, counters, sink);
  }
  UpdateState(segment.flags);
}

void TcpStream::PassTime(Timestamp now, Timestamp last, SegmentPool& pool, const Options& options, Counters& counters,
                         ChunkSink& sink) noexcept {
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    TcpSide& side = sides_[Index(d)];
    if (!side.waits()) continue;
    side.PassTime(now, WorkOf(d, last, pool, options, counters, sink));
    TcpSide& other = sides_[Index(Opposite(d))];
    if (side.early() && (pool.scarce() || other.KeptWaiting(now, options.late_grace_ms, side.early_since()))) {
      side.ReleaseAll(WorkOf(d, last, pool, options, counters, sink));
    }
  }
  ReleaseEarly(last, pool, options, counters, sink);
}

// What a side needs for what is not a segment of its own: nothing is stored.
TcpSide::Work TcpStream::WorkOf(Direction direction, Timestamp time, SegmentPool& pool, const Options& options,
                                Counters& counters, ChunkSink& sink) const noexcept {
  TcpSide::Work work{direction, time, pool, options.gap_after_bytes, options.late_grace_ms, 0, counters, sink};
  work.others = work.needs = sides_[Index(Opposite(direction))].acknowledgeable();
  return work;
}

// In turns, for each side may wait for what the other has just said.
void TcpStream::ReleaseEarly(Timestamp time, SegmentPool& pool, const Options& options, Counters& counters,
                             ChunkSink& sink) noexcept {
  for (bool any = true; any;) {
    any = false;
    for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
      if (!sides_[Index(d)].early()) continue;
      if (!sides_[Index(d)].Release(WorkOf(d, time, pool, options, counters, sink))) continue;
      sides_[Index(Opposite(d))].CameLate();
      any = true;
    }
  }
}

void TcpStream::Flush(Timestamp last, SegmentPool& pool, Counters& counters, ChunkSink& sink) noexcept {
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    sides_[Index(d)].Flush(WorkOf(d, last, pool, {.gap_after_bytes = 0, .late_grace_ms = 0}, counters, sink));
  }
}

bool TcpStream::IsReuse(Direction direction, std::uint32_t sequence) const noexcept {
  const TcpSide& side = sides_[Index(direction)];
  const TcpSide& other = sides_[Index(Opposite(direction))];
  if (!side.started() || state_ == TcpState::kNew) return false;
  const auto before = static_cast<std::int32_t>(side.first_sequence() - (sequence + 1));
  if (before >= 0 && before < kNear) return false;  // the SYN of this connection, again or late
  return state_ != TcpState::kEstablished || !other.started();
}

bool TcpStream::ConfirmsReuse(Direction direction, std::uint32_t sequence,
                              std::uint32_t acknowledgement) const noexcept {
  const TcpSide& side = sides_[Index(direction)];
  return any_doubtful_syn_ && acknowledgement == doubtful_syn_ + 1 && side.started() &&
         side.first_sequence() != sequence + 1;
}

// A handshake may be tried anew with another number while nothing was delivered, even after a reset or a FIN:
// those may be forged to blind a sensor. A SYN-ACK also tells where the other side's stream begins, should
// its SYN have been missed.
void TcpStream::OnSyn(Direction direction, const Segment& segment, Counters& counters) noexcept {
  TcpSide& side = sides_[Index(direction)];
  TcpSide& other = sides_[Index(Opposite(direction))];
  const std::uint32_t first = segment.sequence + 1;
  const bool acknowledges = (segment.flags & kAck) != 0;
  side.NoteScale(segment.window_scale);
  const bool untouched = side.offset() == 0 && side.blocks() == 0;
  if (!side.started() || (untouched && state_ != TcpState::kEstablished)) {
    side.Start(first);
    if (state_ != TcpState::kEstablished) state_ = TcpState::kNew;
  } else if (!acknowledges && side.first_sequence() != first) {
    doubtful_syn_ = segment.sequence;
    any_doubtful_syn_ = true;
  }
  if (acknowledges && !other.started()) {
    ++counters.midstream;
    other.Start(segment.acknowledgement);
  }
}

// Both sides must have offered a scale for either to count (RFC 7323 §2.2); of a connection whose handshake was not
// seen nothing is known. The window of a SYN is not scaled.
void TcpStream::NoteWindow(Direction direction, const Segment& segment) noexcept {
  TcpSide& other = sides_[Index(Opposite(direction))];
  const std::uint8_t ours = sides_[Index(direction)].scale(), theirs = other.scale();
  if (ours == TcpSide::kScaleUnknown || theirs == TcpSide::kScaleUnknown) return;
  const bool scaled = ours != TcpSide::kNoScale && theirs != TcpSide::kNoScale && (segment.flags & kSyn) == 0;
  other.NoteWindow(segment.acknowledgement + (std::uint32_t{segment.window} << (scaled ? ours : 0)));
}

void TcpStream::OnReset(const TcpSide& side, std::uint32_t sequence, Counters& counters) noexcept {
  const auto ahead = static_cast<std::int32_t>(sequence - side.expected());
  if (side.started() && (ahead < -1 || ahead > kNear)) return;
  ++counters.resets;
  state_ = TcpState::kReset;
}

void TcpStream::UpdateState(std::uint8_t flags) noexcept {
  if (state_ == TcpState::kReset) return;
  if (sides_[0].finished() && sides_[1].finished()) {
    state_ = TcpState::kClosed;
  } else if (sides_[0].finished() || sides_[1].finished()) {
    state_ = TcpState::kClosing;
  } else if ((flags & kAck) != 0 && (flags & kSyn) == 0) {
    state_ = TcpState::kEstablished;
  }
}

#define GANDER_COUNTER(cell, help) \
  { #cell, help, &Counters::cell }
const CounterName<Counters> Counters::kNames[15] = {
    GANDER_COUNTER(segments, "TCP segments"),
    GANDER_COUNTER(in_order, "segments that were next in their stream"),
    GANDER_COUNTER(out_of_order, "segments that came before their turn"),
    GANDER_COUNTER(retransmitted, "segments that begin with bytes already delivered"),
    GANDER_COUNTER(overlaps, "parts of segments that repeat held bytes"),
    GANDER_COUNTER(overlaps_differing, "of these, parts with other content than the first copy"),
    GANDER_COUNTER(doubtful, "segments the receiver may not have taken: few hops left, or beyond its window"),
    GANDER_COUNTER(gaps, "holes given up"),
    GANDER_COUNTER(gap_bytes, "bytes of holes given up"),
    GANDER_COUNTER(overtaken, "waits for data that the receiver acknowledged before it came"),
    GANDER_COUNTER(midstream, "connections picked up without their SYN"),
    GANDER_COUNTER(pool_full, "times the worker's segment memory was used up"),
    GANDER_COUNTER(flow_cap, "times a flow's segment memory was used up"),
    GANDER_COUNTER(out_of_window, "segments too far ahead, or from before the first one seen"),
    GANDER_COUNTER(resets, "resets"),
};
#undef GANDER_COUNTER

}  // namespace gander::stream
