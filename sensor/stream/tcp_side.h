// SPDX-License-Identifier: Apache-2.0
// Reassembly of one direction of a TCP connection.
#ifndef GANDER_STREAM_TCP_SIDE_H_
#define GANDER_STREAM_TCP_SIDE_H_

#include <cstdint>

#include "base/overlap_policy.h"
#include "stream/segment_pool.h"
#include "stream/stream_chunk.h"

namespace gander::stream {

struct Counters;

// Sequence numbers are compared modulo 2^32 (RFC 9293 §3.4). Held blocks lie ahead of `expected_`, in order, without
// overlap; the first may lie at it while `early_`.
class TcpSide {
 public:
  // What a call works with.
  struct Work {
    Direction direction;
    Timestamp time;
    SegmentPool& pool;
    std::uint32_t gap_after_bytes;
    std::uint32_t late_grace_ms;
    std::uint32_t block_limit;  // blocks this side may hold
    Counters& counters;
    ChunkSink& sink;
    const HostPolicies* hosts = nullptr;   // null: nothing can overlap
    const IpAddress* receiver = nullptr;   // null: the fallback policy
    std::uint32_t others = 0;              // what the other side has said so far, as acknowledgeable()
    std::uint32_t needs = 0;               // what a segment acknowledges of it, or `others`
    bool early = false;                    // `needs` lies behind `others`: what the segment answers is not here yet
  };

  // A window scale that was not offered; and one nobody saw.
  static constexpr std::uint8_t kNoScale = 255, kScaleUnknown = 254;
  // A connection keeps its route, give or take some hops; with so few hops left a single one decides.
  static constexpr std::uint8_t kRouteChange = 4, kFewHops = 8;

  // Nothing farther ahead can be in a receive window (65535 << 14, RFC 7323 §2.3).
  static constexpr std::int32_t kMaxAhead = 1 << 30;

  bool started() const noexcept { return started_; }
  bool finished() const noexcept { return finished_; }
  std::uint32_t expected() const noexcept { return expected_; }
  std::uint32_t first_sequence() const noexcept { return expected_ - static_cast<std::uint32_t>(offset_); }
  std::uint64_t offset() const noexcept { return offset_; }
  std::uint64_t gap_bytes() const noexcept { return gap_bytes_; }
  std::uint32_t blocks() const noexcept { return blocks_; }

  // The stream begins (again) with the byte `sequence`. Nothing may be held.
  void Start(std::uint32_t sequence) noexcept;
  void Finish() noexcept { finished_ = true; }
  void OnData(std::uint32_t sequence, Bytes data, const Work& work) noexcept;

  // A segment may be meant for the sensor alone: it dies on the way to the receiver, or lies beyond the receiver's
  // window. From the first such bytes on every other copy of them is handed on too (OnAlternate). Not dropped: a lost
  // acknowledgement or another route looks the same.
  void Judge(std::uint32_t sequence, std::size_t length, std::uint8_t ttl, Counters& counters) noexcept {
    NoteTtl(ttl);
    const std::uint32_t end = sequence + static_cast<std::uint32_t>(length);
    const bool dies = ttl < ttl_ && (ttl_ - ttl > kRouteChange || ttl <= kFewHops);
    const bool beyond = any_window_ && static_cast<std::int32_t>(end - window_edge_) > 0;
    if (dies || beyond) [[unlikely]] Doubt(sequence, end, counters);
  }
  void NoteTtl(std::uint8_t ttl) noexcept {
    if (ttl_ == 0) ttl_ = ttl;
  }
  void NoteScale(std::uint8_t scale) noexcept { scale_ = scale; }
  std::uint8_t scale() const noexcept { return scale_; }
  // The receiver takes bytes before `edge`.
  void NoteWindow(std::uint32_t edge) noexcept {
    if (any_window_ && static_cast<std::int32_t>(edge - window_edge_) <= 0) return;
    window_edge_ = edge;
    any_window_ = true;
  }
  // The other side says it has everything before `acknowledgement`. To be told only when it concerns what is not here.
  bool Concerns(std::uint32_t acknowledgement) const noexcept {
    return started_ && (any_acknowledged_ || static_cast<std::int32_t>(acknowledgement - expected_) > 0);
  }
  void OnAcknowledged(std::uint32_t acknowledgement, const Work& work) noexcept;
  // What the other side acknowledges when it has all that is here; a FIN counts as a byte.
  std::uint32_t acknowledgeable() const noexcept { return expected_ + (finished_ ? 1 : 0); }
  // Whether `acknowledgement` tells of bytes, or of a FIN, that may still come.
  bool Lacks(std::uint32_t acknowledgement) const noexcept {
    const auto ahead = static_cast<std::int32_t>(acknowledgement - acknowledgeable());
    return started_ && ahead > 0 && ahead <= kMaxAhead && in_vain_ < kMaxInVain;
  }
  // Whether a hole is acknowledged that late data may still fill, or something is held that came before its question.
  bool waits() const noexcept { return waits_ || early_; }
  bool early() const noexcept { return early_; }
  // Hands on what came early, as far as the other side's bytes are there. Whether anything was.
  bool Release(const Work& work) noexcept;
  // The other side's early bytes waited for this one's until `now`, since `since` in ticks: in vain?
  bool KeptWaiting(Timestamp now, std::uint32_t grace_ms, std::uint32_t since) noexcept;
  std::uint32_t early_since() const noexcept { return early_since_; }
  // Hands on what came early without what it answers.
  void ReleaseAll(const Work& work) noexcept { DeliverHeld(0, Needs::kIgnore, work); }
  // Gives up what was waited for long enough at `now`. To be told before a segment of that time is looked at.
  void PassTime(Timestamp now, const Work& work) noexcept { GiveUpReceived(now, work); }
  // Its late bytes came: they are worth waiting for.
  void CameLate() noexcept { in_vain_ = 0; }
  // Delivers what is held, and counts what was acknowledged behind it as missing.
  void Flush(const Work& work) noexcept;

 private:
  static constexpr std::uint32_t kNone = SegmentPool::kNone;
  // Where losses are real, waiting only costs copies: each time that nothing came divides the grace by four, down to a
  // 1,024th. Late data of this side brings all of it back.
  static constexpr std::uint8_t kMaxInVain = 5, kInVainBits = 2;

  void Place(std::uint32_t sequence, Bytes data, const Work& work) noexcept;
  void Doubt(std::uint32_t sequence, std::uint32_t end, Counters& counters) noexcept;
  void Resolve(std::uint32_t sequence, Bytes data, const Work& work) noexcept;
  Extent HeldSegment(std::uint32_t before, std::uint32_t at, std::uint32_t place, std::uint32_t origin,
                     const SegmentPool& pool) const noexcept;
  void Deliver(Bytes bytes, std::uint32_t gap, const Work& work) noexcept;
  enum class Needs : std::uint8_t { kHeed, kHeedButFirst, kIgnore };
  void DeliverHeld(std::uint32_t gap, Needs needs, const Work& work) noexcept;
  void TellDoubted(std::uint32_t sequence, Bytes data, const Work& work) noexcept;
  void NoteEarly(const Work& work) noexcept;
  void DropBehind(std::uint32_t sequence, std::size_t length, const Work& work) noexcept;
  bool Hold(std::uint32_t& sequence, Bytes& data, const Work& work) noexcept;
  bool Store(std::uint32_t& before, std::size_t count, std::uint32_t& sequence, Bytes& data,
             const Work& work) noexcept;
  std::uint32_t NewBlock(const Work& work) noexcept;
  std::uint32_t OpenGap(std::uint32_t sequence, bool for_memory, const Work& work) noexcept;
  void GiveUpHole(bool for_memory, const Work& work) noexcept;
  void GiveUpReceived(Timestamp now, const Work& work) noexcept;
  void Wait(Timestamp now, const Work& work) noexcept;
  bool WaitedEnough(Timestamp now, std::uint32_t since, std::uint32_t grace_ms) const noexcept;
  void WaitedInVain() noexcept { in_vain_ += in_vain_ < kMaxInVain; }

  std::uint64_t offset_ = 0;  // bytes of the stream before `expected_`, gaps included
  std::uint64_t gap_bytes_ = 0;
  std::uint32_t expected_ = 0;                  // sequence of the next byte to deliver
  std::uint32_t first_ = kNone, last_ = kNone;  // held blocks
  std::uint32_t blocks_ = 0, held_ = 0;         // their number, bytes in them
  std::uint32_t acknowledged_ = 0;
  std::uint32_t gap_begin_ = 0, gap_length_ = 0;  // the latest hole given up
  std::uint32_t window_edge_ = 0;
  std::uint32_t doubtful_from_ = 0;  // the first byte somebody may have seen otherwise
  // While `waits_`: the holes before `waited_for_` were acknowledged at `waits_since_`, in ticks.
  std::uint32_t waited_for_ = 0, waits_since_ = 0;
  std::uint32_t early_since_ = 0;  // while `early_`
  std::uint8_t ttl_ = 0;  // of the first segment, 0 = none seen
  std::uint8_t scale_ = kScaleUnknown;
  std::uint8_t in_vain_ = 0;
  bool started_ : 1 = false, finished_ : 1 = false, any_acknowledged_ : 1 = false;
  bool gap_for_memory_ : 1 = false;  // that hole was given up for want of memory
  bool any_window_ : 1 = false, doubted_ : 1 = false, waits_ : 1 = false;
  bool early_ : 1 = false;  // the first held block is next, and waits for the other side
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_TCP_SIDE_H_
