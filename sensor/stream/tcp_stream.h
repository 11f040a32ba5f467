// SPDX-License-Identifier: Apache-2.0
// TCP reassembly of one flow, both directions. In-order payload passes through without a copy; only
// out-of-order segments are copied, into the worker's SegmentPool.
#ifndef GANDER_STREAM_TCP_STREAM_H_
#define GANDER_STREAM_TCP_STREAM_H_

#include <cstdint>

#include "base/counters.h"
#include "stream/segment_pool.h"
#include "stream/stream_chunk.h"

namespace gander::stream {

struct Options {
  std::uint32_t memory = 64 << 20;         // segment pool of a worker in bytes, 1 MiB..16 GiB
  std::uint32_t memory_per_flow = 1 << 20; // held out-of-order bytes of one flow, both directions
  // A hole is given up when so many bytes wait behind it, or when the receiver acknowledged past it.
  std::uint32_t gap_after_bytes = 256 << 10;
};

struct Counters {
  std::uint64_t segments, in_order, out_of_order, retransmitted, overlaps, gaps, gap_bytes, midstream,
      pool_full, flow_cap, out_of_window, resets;
  static const CounterName<Counters> kNames[12];
};

struct Segment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;  // decode::tcp_flag bits
  Bytes payload;
  Timestamp time;
};

// State of a connection, for flow events ("new", "established", "closed").
enum class TcpState : std::uint8_t { kNew, kEstablished, kClosing, kClosed, kReset };
const char* NameOf(TcpState s) noexcept;

class TcpStream {
 public:
  // Delivers what became contiguous to `sink`, in order. Of overlapping data the first copy that arrived
  // is kept (what the receiver most likely took). A segment picked up in the middle of a connection starts
  // the stream there.
  void OnSegment(Direction direction, const Segment& segment, SegmentPool& pool, const Options& options,
                 Counters& counters, ChunkSink& sink) noexcept;
  // End of the flow: delivers all that is still held, gaps marked, and gives its memory back.
  void Flush(SegmentPool& pool, Counters& counters, ChunkSink& sink) noexcept;

  TcpState state() const noexcept;
  std::uint64_t delivered(Direction d) const noexcept;  // bytes, gaps not included
  std::uint64_t gap_bytes(Direction d) const noexcept;
  bool idle() const noexcept;  // nothing held

 private:
  // (stream/ owner: fill in; aim at <= 128 bytes in all)
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_TCP_STREAM_H_
