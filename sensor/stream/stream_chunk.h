// SPDX-License-Identifier: Apache-2.0
// The doorway of stream/: in-order payload of one direction of a flow.
#ifndef GANDER_STREAM_STREAM_CHUNK_H_
#define GANDER_STREAM_STREAM_CHUNK_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/ledger.h"
#include "base/net.h"
#include "base/time.h"

namespace gander::stream {

// For UDP a chunk is one datagram and `gap_before` is always 0.
struct StreamChunk {
  Direction direction = Direction::kToServer;
  std::uint64_t offset = 0;      // bytes of this direction before it, gaps included
  std::uint32_t gap_before = 0;  // bytes missing directly before it
  Bytes bytes;
  Timestamp time;  // of the packet that made it deliverable
  bool datagram = false;  // a message of its own, not a part of a stream
};

// Why there is another copy.
enum class Alternate : std::uint8_t {
  kDiffering,  // two copies with different content
  kDoubted,    // what came first may not have reached the receiver; the content may be the same
};

class ChunkSink {
 public:
  virtual ~ChunkSink() = default;
  virtual void OnChunk(const StreamChunk& chunk) noexcept = 0;
  // Payload bytes that arrived and are not delivered: duplicate, over a cap, out of window.
  virtual void OnFate(ByteFate fate, std::uint64_t bytes) noexcept = 0;
  // Another copy of bytes that were or will be delivered: the receiver may have taken this one. Their fate is told
  // apart.
  virtual void OnAlternate(Direction direction, Alternate why, Bytes copy) noexcept = 0;
};

}  // namespace gander::stream

#endif  // GANDER_STREAM_STREAM_CHUNK_H_
