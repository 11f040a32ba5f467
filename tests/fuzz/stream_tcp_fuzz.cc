// SPDX-License-Identifier: Apache-2.0
// A sequence of segments, each eight bytes of header in the input: direction, time since the last one and jump, TCP
// flags, sequence (2), acknowledgement (2), length (2). Sequence numbers begin just below the wrap.
#include <array>
#include <cstdlib>

#include "base/byte_reader.h"
#include "stream/tcp_stream.h"

namespace {

using namespace gander::stream;

void Check(bool holds) {
  if (!holds) std::abort();
}

class CountingSink final : public ChunkSink {
 public:
  void OnChunk(const StreamChunk& chunk) noexcept override {
    const std::size_t d = gander::Index(chunk.direction);
    Check(!chunk.bytes.empty() && chunk.offset >= chunk.gap_before);
    // A handshake tried anew begins the stream again, before anything was delivered.
    Check(chunk.offset - chunk.gap_before == next_[d]);
    next_[d] = chunk.offset + chunk.bytes.size();
    bytes += chunk.bytes.size();
  }
  void OnFate(gander::ByteFate, std::uint64_t n) noexcept override { bytes += n; }
  void OnAlternate(gander::Direction, gander::stream::Alternate, gander::Bytes copy) noexcept override {
    Check(!copy.empty());
  }
  std::uint64_t bytes = 0;

 private:
  std::array<std::uint64_t, 2> next_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint32_t kBase = 0xffffff00;
  gander::ByteReader in(gander::Bytes(reinterpret_cast<const std::byte*>(data), size));
  Options options;
  options.gap_after_bytes = 300 + in.U8() * 16u;
  options.memory_per_flow = in.U8() * 1024u;
  SegmentPool pool(std::size_t{in.U8()} * 1024);
  Counters counters{};
  CountingSink sink;
  TcpStream stream;
  gander::Timestamp time;
  std::uint64_t arrived = 0;
  while (in.remaining() >= 8) {
    const std::uint8_t control = in.U8();
    Segment segment;
    segment.flags = in.U8() & 0x3f;
    time = time + gander::Duration::Millis((control & 0x7e) - 16);  // at times backwards
    segment.time = time;
    const std::uint32_t jump = (control & 0x80) != 0 ? std::uint32_t{control} << 24 : 0;
    segment.sequence = kBase + in.U16() % 4096u + jump;
    segment.acknowledgement = kBase + in.U16() % 4096u;
    const std::size_t length = in.U16() % 3000u;
    segment.payload = in.Take(length < in.remaining() ? length : in.remaining());
    const gander::Direction d =
        (control & 1) != 0 ? gander::Direction::kToClient : gander::Direction::kToServer;
    if (stream.IsReuse(d, segment.sequence))
      (void)stream.ConfirmsReuse(d, segment.sequence, segment.acknowledgement);
    arrived += segment.payload.size();
    stream.OnSegment(d, segment, pool, options, counters, sink);
  }
  stream.Flush(time, pool, counters, sink);
  Check(sink.bytes == arrived && pool.in_use() == 0 && stream.idle());
  return 0;
}
