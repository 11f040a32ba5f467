// SPDX-License-Identifier: Apache-2.0
// One HTTP/2 connection: which frame each direction is in.
#ifndef GANDER_PROTOCOL_HTTP2_PARSER_H_
#define GANDER_PROTOCOL_HTTP2_PARSER_H_

#include <array>
#include <cstdint>
#include <string>

#include "protocol/http2/frame.h"
#include "protocol/http2/header_decoder.h"
#include "protocol/http2/stream_table.h"
#include "protocol/http_message/head.h"
#include "protocol/parser.h"

namespace gander::protocol::http2 {

class Http2Parser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  // Behind an Upgrade: stream 1 answers the request that HTTP/1 carried (RFC 7540 §3.2).
  void SetExpectation(const ExpectedFlow&) noexcept override { upgraded_ = true; }
  void Reset() noexcept override;
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const override {
    streams_.DescribeTransaction(tx_id, out);
  }

 private:
  struct Side {
    Direction direction = Direction::kToServer;
    std::array<std::uint8_t, kFrameHeader> octets{};  // of the frame header
    std::uint8_t have = 0;
    std::uint8_t preface = 0;   // octets of kPreface seen
    bool preface_done = false;  // or none is to come on this side
    bool in_frame = false;
    bool lost = false;          // a gap hid where frames begin
    bool ended = false;
    FrameHeader frame;
    std::uint32_t left = 0;     // of the frame
    std::uint32_t padding = 0;  // at its end; DATA
    bool padding_known = false;
    std::string payload;        // of a control frame that spans chunks
    // A header block that goes on in CONTINUATIONs.
    std::string block;
    std::uint32_t block_stream = 0;
    bool block_open = false, block_ends_stream = false, block_is_promise = false, block_overflowed = false;
    HeaderDecoder decoder;
  };

  bool ReadPreface(Side& side, Bytes& rest) noexcept;
  bool ReadHeader(Side& side, Bytes& rest) noexcept;
  void BeginFrame(Side& side, MessageSink& sink);
  void ReadData(Side& side, Bytes& rest, MessageSink& sink);
  void ReadControl(Side& side, Bytes& rest, MessageSink& sink);
  void OnControl(Side& side, Bytes payload, MessageSink& sink);
  void OnGap(Side& side, std::uint64_t gap, MessageSink& sink);
  bool Resynchronise(Side& side, Bytes rest) noexcept;
  void Lose(Side& side, MessageSink& sink);

  // What control frames mean: messages.cc.
  void OnHeaders(Side& side, Bytes payload, MessageSink& sink);
  void OnPushPromise(Side& side, Bytes payload, MessageSink& sink);
  void OnContinuation(Side& side, Bytes payload, MessageSink& sink);
  void BeginBlock(Side& side, std::uint32_t stream, Bytes fragment, bool promise, bool ends_stream, MessageSink& sink);
  void EndBlock(Side& side, Bytes block, MessageSink& sink);
  void OnHeaderList(Side& side, Stream& stream, bool request, MessageSink& sink);
  void OnContentRange(Stream& stream, Direction owner, int status, const http::HeadFacts& facts, MessageSink& sink) noexcept;
  void OnSettings(Side& side, Bytes payload, MessageSink& sink);
  void OnResetStream(Side& side, Bytes payload, MessageSink& sink);
  void OnGoAway(Side& side, Bytes payload, MessageSink& sink);
  void TellConnection(Side& side, const Record& facts, MessageSink& sink);

  bool IsRequest(const Side& side) const noexcept { return side.direction == client_; }

  std::array<Side, 2> sides_;
  StreamTable streams_;
  HeaderList list_;
  std::string scratch_;
  Direction client_ = Direction::kToServer;
  bool oriented_ = false;
  bool upgraded_ = false;
};

}  // namespace gander::protocol::http2

#endif  // GANDER_PROTOCOL_HTTP2_PARSER_H_
