// SPDX-License-Identifier: Apache-2.0
// One HTTP/1 connection: where in which message each direction stands.
#ifndef GANDER_PROTOCOL_HTTP_PARSER_H_
#define GANDER_PROTOCOL_HTTP_PARSER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/renew.h"
#include "protocol/http/chunk_line.h"
#include "protocol/http/exchange.h"
#include "protocol/http/head_reader.h"
#include "protocol/http_message/range_body.h"
#include "protocol/parser.h"

namespace gander::protocol::http {

class HttpParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override;
  void OnEnd(Direction direction, MessageSink& sink) noexcept override;
  void Reset() noexcept override;
  std::size_t consumed() const noexcept override { return consumed_; }
  ExpectedFlow Successor() const noexcept override;
  void DescribeTransaction(std::uint32_t tx_id, Record& out) const override;

 private:
  enum class Stage : std::uint8_t {
    kStart,  // between messages
    kHead,
    kBody,  // Content-Length
    kChunkLine,
    kChunkData,
    kChunkEnd,  // the line end behind a chunk's data
    kTrailers,
    kUntilClose,
    kSearch,  // lost: looking for the next line that starts a message
  };

  struct Side {
    Direction direction = Direction::kToServer;
    Stage stage = Stage::kStart;
    bool at_line_start = true;  // kSearch
    bool body_open = false;     // between OnBodyBegin and OnBodyEnd
    bool encoded = false;       // the body has a content coding: nothing can be decoded behind a gap
    bool damaged = false;       // a gap within this body
    bool bridged = false;       // the same, and it goes on as the body it was
    bool ended = false;
    bool end_may_follow = false;  // of the head: one more line end is not yet body
    bool may_lack_body = false;  // one is announced where none is allowed, and nothing of it has come
    std::uint8_t pending_count = 0;
    std::uint32_t tx_id = 0;
    std::uint64_t remaining = 0;  // of the body or chunk
    std::uint64_t body_bytes = 0;
    ChunkLine chunk_line;
    RangeBody range;
    // Made by the first head that spans chunks and kept: most heads lie in one, and are read without.
    std::unique_ptr<HeadReader> head;
    std::array<char, kStartBytes> pending;  // first bytes of a message, too few to judge; what `chunk_line` has seen

    void Reset() noexcept { Renew(*this, {}, &Side::head); }
  };
  static_assert(kStartBytes >= ChunkLine::kSeen);

  bool IsRequest(const Side& side) const noexcept { return side.direction == client_; }
  void Orient(const stream::StreamChunk& chunk) noexcept;
  ParseStatus Step(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  ParseStatus Start(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  Probe JudgeStart(const Side& side, Bytes rest) const noexcept;
  static HeadReader& HeadOf(Side& side);
  void BeginHead(Side& side) noexcept;
  ParseStatus ReadHead(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  void Search(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  void BeginSearch(Side& side, MessageSink& sink) noexcept;
  void OnGap(Side& side, std::uint64_t gap, MessageSink& sink) noexcept;

  ParseStatus EndHead(Side& side, HeadReader& head, MessageSink& sink) noexcept;
  ParseStatus EndRequestHead(Side& side, std::string_view lines, MessageSink& sink);
  ParseStatus EndResponseHead(Side& side, std::string_view lines, MessageSink& sink);
  void SetSuccessor(const HeadFacts& facts);
  void BeginBody(Side& side, const HeadFacts& facts, const Exchange& exchange, int status, MessageSink& sink);
  void BeginRange(Side& side, const HeadFacts& facts, const Exchange& exchange, BodyMeta& meta,
                  MessageSink& sink) noexcept;
  void ReadChunkLine(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  bool LacksBody(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  void PassLineEnd(Side& side, Bytes& rest) noexcept;
  void ReadData(Side& side, Bytes& rest, MessageSink& sink) noexcept;
  void BodyPart(Side& side, Bytes part, MessageSink& sink) noexcept;
  bool BridgeGap(Side& side, std::uint64_t gap, MessageSink& sink) noexcept;
  void FlushPending(Side& side, MessageSink& sink) noexcept;
  void CloseBody(Side& side, BodyEnd end, MessageSink& sink) noexcept;
  void EndMessage(Side& side, BodyEnd end, MessageSink& sink) noexcept { EndMessage(side, end, side.head.get(), sink); }
  void EndMessage(Side& side, BodyEnd end, HeadReader* trailers, MessageSink& sink) noexcept;
  void EmitFront(std::int64_t length, MessageSink& sink) noexcept;
  Exchange& PushExchange(MessageSink& sink);

  // What each chunk needs stands first.
  Direction client_ = Direction::kToServer;
  bool oriented_ = false;
  bool recognised_ = false;  // a message was seen
  std::uint32_t next_tx_ = 0;
  std::size_t consumed_ = 0;
  std::array<Side, 2> sides_;
  ExchangeQueue exchanges_;
  std::string scratch_;
  const char* successor_ = nullptr;  // behind 101 Switching Protocols
  std::string successor_command_;
};

}  // namespace gander::protocol::http

#endif  // GANDER_PROTOCOL_HTTP_PARSER_H_
