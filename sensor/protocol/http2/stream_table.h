// SPDX-License-Identifier: Apache-2.0
// Open streams of a connection, and whose body each direction hands on. Streams share a connection piece by piece; a
// sink takes bodies one behind the other. So the first open body is handed on as it comes; what others send meanwhile
// waits within kMaxWaiting. When that is full, the body at hand is broken off and goes on later as another text, unless
// it is compressed and could not: then what came over the cap is lost.
#ifndef GANDER_PROTOCOL_HTTP2_STREAM_TABLE_H_
#define GANDER_PROTOCOL_HTTP2_STREAM_TABLE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "protocol/http2/stream.h"

namespace gander::protocol::http2 {

class StreamTable {
 public:
  Stream* Find(std::uint32_t id) noexcept;
  // The stream `id`, opened if need be; with kMaxStreams open, the oldest is given up.
  Stream& Open(std::uint32_t id, MessageSink& sink);

  void OnData(Stream& stream, Direction direction, Bytes bytes, MessageSink& sink);
  // Bytes of the body are missing here.
  void OnHole(Stream& stream, Direction direction, MessageSink& sink) noexcept;
  // Nothing more comes on this side of the stream. The stream may be gone behind this call.
  void EndMessage(Stream& stream, Direction direction, BodyEnd end, MessageSink& sink);
  // The resource of `stream` has `size` bytes: a body of it that waits for more may be complete.
  void EndRangeAt(const Stream& stream, Direction direction, std::int64_t size, MessageSink& sink) noexcept {
    ranges_[Index(direction)].EndsAt(stream.resource, size, direction, sink);
  }
  // Nothing more comes on this side of any stream.
  void EndSide(Direction direction, MessageSink& sink);
  void EndAll(MessageSink& sink);

  // Adds what is known of the transaction, if it is still open.
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const;
  // Who sends requests, for the events.
  void set_client(Direction client) noexcept { client_ = client; }
  void Reset() noexcept;

 private:
  void Deliver(Stream& stream, Direction direction, Bytes bytes, MessageSink& sink);
  void BeginBody(const Stream& stream, Direction direction, bool compressed, MessageSink& sink);
  void CloseMessage(Stream& stream, Direction direction, MessageSink& sink);
  void CloseBody(Direction direction, BodyEnd end, MessageSink& sink) noexcept;
  bool MayPark(const Stream& stream, Direction direction) const noexcept;
  void Next(Direction direction, MessageSink& sink);
  void Settle(std::uint32_t id, MessageSink& sink);
  void Finish(std::size_t index, MessageSink& sink);

  std::vector<std::unique_ptr<Stream>> streams_;  // in the order they were opened
  std::array<std::uint32_t, 2> current_{};        // stream whose body is handed on, 0 = none
  std::array<bool, 2> body_open_{};               // between OnBodyBegin and OnBodyEnd
  std::array<http::RangeBody, 2> ranges_;         // bodies that several streams make, one behind the other
  std::size_t waiting_ = 0;                       // bytes, of all streams
  std::uint32_t next_tx_ = 0;
  Direction client_ = Direction::kToServer;
};

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_STREAM_TABLE_H_
