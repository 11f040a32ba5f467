// SPDX-License-Identifier: Apache-2.0
#include "stream/sctp_association.h"

#include <algorithm>

#include "base/byte_reader.h"

namespace gander::stream {
namespace {

constexpr std::uint8_t kEnds = 1, kBegins = 2;  // flags of a DATA chunk
constexpr std::size_t kChunkHead = 4;
constexpr std::size_t kDataHead = 12, kIDataHead = 16;  // behind the chunk's own (RFC 9260 §3.3.1, RFC 8260 §2.1)

// In the order of the types.
constexpr const char* kTypeNames[] = {"data",  "init",     "init_ack",          "sack",  "heartbeat",   "heartbeat_ack",
                                      "abort", "shutdown", "shutdown_ack",      "error", "cookie_echo", "cookie_ack",
                                      "ecne",  "cwr",      "shutdown_complete", "auth"};

}  // namespace

const char* SctpAssociation::NameOf(std::uint8_t type) noexcept {
  return type < std::size(kTypeNames) ? kTypeNames[type] : nullptr;
}

void SctpAssociation::OnPacket(Direction direction, Bytes chunks, Timestamp time, SctpMemory& memory,
                               SctpCounters& counters, ChunkSink& sink) noexcept {
  const Context c{direction, time, memory, counters, sink};
  latest_ = std::max(latest_, time);
  std::size_t user_data = 0, size = chunks.size();
  while (!chunks.empty()) {
    ByteReader r(chunks);
    const std::uint8_t type = r.U8(), flags = r.U8();
    const std::size_t length = r.U16();
    if (r.failed() || length < kChunkHead) {
      ++counters.malformed;
      break;
    }
    ++counters.chunks;
    types_ |= Bit(type);
    const Bytes value = chunks.subspan(kChunkHead, std::min(length, chunks.size()) - kChunkHead);  // cut by the capture
    const std::size_t head = type == kData ? kDataHead : kIDataHead;
    if ((type == kData || type == kIData) && value.size() > head) {
      ++counters.data_chunks;
      user_data += value.size() - head;
      const bool whole = (flags & (kBegins | kEnds)) == (kBegins | kEnds);
      // Interleaved fragments are not sorted by their message.
      const std::uint8_t as = type == kData || whole ? flags : kBegins | kEnds;
      OnData(as, ByteReader(value).U32(), value.subspan(head), c);
    }
    const std::size_t padded = (length + 3) / 4 * 4;
    chunks = chunks.subspan(std::min(padded, chunks.size()));
  }
  sink.OnFate(ByteFate::kHeaders, size - user_data);
}

void SctpAssociation::OnData(std::uint8_t flags, std::uint32_t number, Bytes user_data, const Context& c) noexcept {
  Side& side = sides_[Index(c.direction)];
  if (IsRepeated(side, number)) {
    ++c.counters.duplicates;
    return c.sink.OnFate(ByteFate::kDuplicate, user_data.size());
  }
  const bool begins = (flags & kBegins) != 0, ends = (flags & kEnds) != 0;
  const bool follows = !begins && !side.message.empty() && number == side.next;
  if (!follows) DeliverOf(side, c);
  const bool held = !ends && (begins || follows);
  const bool fits =
      side.message.size() + user_data.size() <= kMaxMessage && c.memory.held + user_data.size() <= kMaxHeld;
  if ((held || follows) && fits) {
    side.message.append(AsText(user_data));
    c.memory.held += user_data.size();
    side.next = number + 1;
    if (!ends) return;
    ++c.counters.reassembled;
    return DeliverOf(side, c);
  }
  DeliverOf(side, c);
  if (!begins || !ends) ++c.counters.pieces;
  Deliver(side, user_data, c);
}

// What is more than 63 numbers old is taken for one that was not seen: it is read rather than lost.
bool SctpAssociation::IsRepeated(Side& side, std::uint32_t number) noexcept {
  const auto ahead = static_cast<std::int32_t>(number - side.newest);
  if (!side.started || ahead > 0) {
    side.recent = side.started && ahead < 64 ? side.recent << ahead | 1 : 1;
    side.newest = number;
    side.started = true;
    return false;
  }
  if (ahead <= -64) return false;
  const std::uint64_t bit = std::uint64_t{1} << -ahead;
  const bool seen = (side.recent & bit) != 0;
  side.recent |= bit;
  return seen;
}

void SctpAssociation::Deliver(Side& side, Bytes message, const Context& c) noexcept {
  ++c.counters.messages;
  c.sink.OnChunk({c.direction, side.delivered, 0, message, c.time, true});
  side.delivered += message.size();
}

void SctpAssociation::DeliverOf(Side& side, const Context& c) noexcept {
  if (side.message.empty()) return;
  Deliver(side, AsBytes(std::string_view(side.message)), c);
  c.memory.held -= side.message.size();
  std::string().swap(side.message);
}

void SctpAssociation::DeliverHeld(SctpMemory& memory, SctpCounters& counters, ChunkSink& sink) noexcept {
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    Side& side = sides_[Index(d)];
    if (!side.message.empty()) ++counters.pieces;
    DeliverOf(side, {d, latest_, memory, counters, sink});
  }
}

#define GANDER_COUNTER(cell, help) \
  { #cell, help, &SctpCounters::cell }
const CounterName<SctpCounters> SctpCounters::kNames[7] = {
    GANDER_COUNTER(chunks, "SCTP chunks"),
    GANDER_COUNTER(data_chunks, "chunks with user data"),
    GANDER_COUNTER(messages, "user messages, or pieces of them, delivered"),
    GANDER_COUNTER(reassembled, "messages put together from fragments"),
    GANDER_COUNTER(pieces, "fragments delivered by themselves: out of order, or no room"),
    GANDER_COUNTER(duplicates, "chunks with user data that came before"),
    GANDER_COUNTER(malformed, "packets with a chunk that lies about its length"),
};
#undef GANDER_COUNTER

}  // namespace gander::stream
