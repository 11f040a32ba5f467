// SPDX-License-Identifier: Apache-2.0
// SCTP (RFC 9260) of one association on one pair of addresses: user messages out, as datagrams.
//
// A message in one chunk passes through without a copy. Fragments are put together while they come in order and find
// room (kMaxMessage a direction, kMaxHeld for all associations of a worker); what does not is delivered in the pieces
// in which it came. Every payload byte is delivered once or has one fate; chunk headers and control chunks are
// kHeaders.
#ifndef GANDER_STREAM_SCTP_ASSOCIATION_H_
#define GANDER_STREAM_SCTP_ASSOCIATION_H_

#include <array>
#include <cstdint>
#include <string>

#include "base/counters.h"
#include "stream/stream_chunk.h"

namespace gander::stream {

struct SctpCounters {
  std::uint64_t chunks, data_chunks, messages, reassembled, pieces, duplicates, malformed;
  static const CounterName<SctpCounters> kNames[7];
};

// Bytes held by all associations of a worker.
struct SctpMemory {
  std::size_t held = 0;
};

class SctpAssociation {
 public:
  static constexpr std::size_t kMaxMessage = 64 << 10, kMaxHeld = 4 << 20;

  // Chunk types, as far as they have a bit each.
  static constexpr std::uint32_t Bit(std::uint8_t type) noexcept { return type < 31 ? 1u << type : 1u << 31; }
  static constexpr std::uint8_t kData = 0, kInit = 1, kInitAck = 2, kAbort = 6, kShutdownComplete = 14, kIData = 64;

  // `chunks`: a packet behind the common header.
  void OnPacket(Direction direction, Bytes chunks, Timestamp time, SctpMemory& memory, SctpCounters& counters,
                ChunkSink& sink) noexcept;
  // End of the flow: delivers what is held and gives its memory back.
  void DeliverHeld(SctpMemory& memory, SctpCounters& counters, ChunkSink& sink) noexcept;
  // Ready for another flow. Nothing may be held.
  void Reset() noexcept { *this = {}; }

  std::uint32_t types_seen() const noexcept { return types_; }  // Bit() of each; the last one is of all others
  static const char* NameOf(std::uint8_t type) noexcept;        // null for those without a bit

 private:
  struct Side {
    std::string message;        // fragments so far
    std::uint64_t recent = 0;   // of the numbers up to `newest`: bit n = newest - n was seen
    std::uint32_t newest = 0;   // transmission sequence number
    std::uint32_t next = 0;     // of the fragment that may follow in `message`
    std::uint64_t delivered = 0;
    bool started = false;
  };
  struct Context {
    Direction direction;
    Timestamp time;
    SctpMemory& memory;
    SctpCounters& counters;
    ChunkSink& sink;
  };

  void OnData(std::uint8_t flags, std::uint32_t number, Bytes user_data, const Context& c) noexcept;
  static bool IsRepeated(Side& side, std::uint32_t number) noexcept;
  static void Deliver(Side& side, Bytes message, const Context& c) noexcept;
  static void DeliverOf(Side& side, const Context& c) noexcept;

  std::array<Side, 2> sides_;
  std::uint32_t types_ = 0;
  Timestamp latest_;
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_SCTP_ASSOCIATION_H_
