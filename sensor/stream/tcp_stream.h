// SPDX-License-Identifier: Apache-2.0
// TCP reassembly of one flow, both directions. In-order payload passes through without a copy; only
// out-of-order segments are copied, into the worker's SegmentPool.
#ifndef GANDER_STREAM_TCP_STREAM_H_
#define GANDER_STREAM_TCP_STREAM_H_

#include <array>
#include <cstdint>

#include "base/counters.h"
#include "base/overlap_policy.h"
#include "stream/segment_pool.h"
#include "stream/stream_chunk.h"
#include "stream/tcp_side.h"

namespace gander::stream {

struct Options {
  std::uint32_t memory = 64 << 20;          // segment pool of a worker in bytes, 1 MiB..16 GiB
  std::uint32_t memory_per_flow = 1 << 20;  // held out-of-order bytes of one flow, both directions
  // A hole is given up when so many bytes wait behind it, or `late_grace_ms` after the receiver acknowledged past it.
  std::uint32_t gap_after_bytes = 256 << 10;
  // Packet time, 0..10,000; 0 = at once, as Zeek and Suricata do: they take the two directions to be merged in order.
  // Over two links or queues, polling and interrupt moderation cost one below 1 ms, a capture block 10, a full buffer
  // of an aggregator (16 MiB at 10 Gbit/s) 13. The default is twice their sum; more would hold more of the pool for
  // what is lost.
  std::uint32_t late_grace_ms = 50;
  HostPolicies hosts;  // which of overlapping segments a receiver keeps
};

struct Counters {
  std::uint64_t segments, in_order, out_of_order, retransmitted, overlaps, overlaps_differing, doubtful, gaps,
      gap_bytes, overtaken, midstream, pool_full, flow_cap, out_of_window, resets;
  static const CounterName<Counters> kNames[15];
};

struct Segment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;  // decode::tcp_flag bits
  Bytes payload;
  Timestamp time;
  std::uint16_t window = 0;
  std::uint8_t window_scale = TcpSide::kScaleUnknown;  // of a SYN
  std::uint8_t ttl = 0;                  // or hop limit; 0 = not known
  const IpAddress* receiver = nullptr;   // whose overlap policy counts; null = the fallback's
};

// State of a connection, for flow events ("new", "established", "closed").
enum class TcpState : std::uint8_t { kNew, kEstablished, kClosing, kClosed, kReset };
const char* NameOf(TcpState s) noexcept;

// Every payload byte that comes in goes out once: in a chunk or as a fate. Bytes that come too late, for a hole already
// given up or from before the first segment seen, are kLostOutOfWindow; those of a hole given up because memory ran
// out, or ran short in the grace, are kLostStreamCap. A caller that drops a TcpStream must Flush it first: held blocks
// go back to the pool only there.
class TcpStream {
 public:
  // Delivers what became contiguous to `sink`, in order. Of overlapping data the copy stays that the receiver's policy
  // keeps; a differing other one is told by OnAlternate. A segment picked up in the middle of a connection starts
  // the stream there. A reset or FIN changes the state but does not stop delivery: it may be forged.
  void OnSegment(Direction direction, const Segment& segment, SegmentPool& pool, const Options& options,
                 Counters& counters, ChunkSink& sink) noexcept;
  // Whether something is held that OnSegment or PassTime will deliver once Options::late_grace_ms is over.
  bool waits() const noexcept { return sides_[0].waits() || sides_[1].waits(); }
  // For a flow without packets: it is `now`, and its last packet came at `last`.
  void PassTime(Timestamp now, Timestamp last, SegmentPool& pool, const Options& options, Counters& counters,
                ChunkSink& sink) noexcept;
  // End of the flow, whose last packet came at `last`: delivers all that is still held, gaps marked, and gives its
  // memory back. Bytes that the receiver acknowledged but nobody saw count as a gap without a chunk behind it.
  void Flush(Timestamp last, SegmentPool& pool, Counters& counters, ChunkSink& sink) noexcept;

  // Whether a SYN without ACK opens another connection on the same ports. Ask before OnSegment; if so, end
  // this flow and give the segment to a new one. A SYN in the midst of an open connection is not believed
  // (RFC 5961 §4).
  bool IsReuse(Direction direction, std::uint32_t sequence) const noexcept;
  // Whether a SYN-ACK answers such a disbelieved SYN: then the old connection is gone after all.
  bool ConfirmsReuse(Direction direction, std::uint32_t sequence,
                     std::uint32_t acknowledgement) const noexcept;

  TcpState state() const noexcept { return state_; }
  std::uint64_t delivered(Direction d) const noexcept {  // bytes, gaps not included
    return sides_[Index(d)].offset() - sides_[Index(d)].gap_bytes();
  }
  std::uint64_t gap_bytes(Direction d) const noexcept { return sides_[Index(d)].gap_bytes(); }
  bool idle() const noexcept { return sides_[0].blocks() == 0 && sides_[1].blocks() == 0; }  // nothing held

 private:
  TcpSide::Work WorkOf(Direction direction, Timestamp time, SegmentPool& pool, const Options& options,
                       Counters& counters, ChunkSink& sink) const noexcept;
  void ReleaseEarly(Timestamp time, SegmentPool& pool, const Options& options, Counters& counters,
                    ChunkSink& sink) noexcept;
  void OnSyn(Direction direction, const Segment& segment, Counters& counters) noexcept;
  void OnReset(const TcpSide& side, std::uint32_t sequence, Counters& counters) noexcept;
  void UpdateState(std::uint8_t flags) noexcept;
  void NoteWindow(Direction direction, const Segment& segment) noexcept;

  std::array<TcpSide, 2> sides_;
  std::uint32_t doubtful_syn_ = 0;  // sequence of a SYN in the midst of the connection
  TcpState state_ = TcpState::kNew;
  bool any_doubtful_syn_ = false;
};
static_assert(sizeof(TcpStream) <= 152);

}  // namespace gander::stream

#endif  // GANDER_STREAM_TCP_STREAM_H_
