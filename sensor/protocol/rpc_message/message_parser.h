// SPDX-License-Identifier: Apache-2.0
// Messages of ONC RPC out of marked records (RFC 5531 §11) and datagrams.
#ifndef GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
#define GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_

#include "protocol/framing/passing_parser.h"
#include "protocol/rpc_message/message.h"
#include "protocol/rpc_message/record_mark.h"
#include "protocol/rpc_message/repeats.h"

namespace gander::protocol::rpc_message {

using framing::Front;
using framing::Next;

class MessageParser : public framing::PassingParser {
 public:
  MessageParser() noexcept : PassingParser(4) {}  // XDR

  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    if (!chunk.datagram || !repeats_.HasSeen(chunk.direction, chunk.bytes)) return PassingParser::OnChunk(chunk, sink);
    sink.OnFate(ByteFate::kDuplicate, chunk.bytes.size());
    return ParseStatus::kContinue;
  }
  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    PassingParser::OnEnd(direction, sink);
    repeats_.Clear();
  }
  void Reset() noexcept override {
    PassingParser::Reset();
    repeats_.Clear();
  }

 protected:
  // Nothing is under way, and nothing was that might come again.
  bool at_ease() const noexcept { return gathers_nothing() && repeats_.empty(); }

  framing::Mark ReadMark(Bytes octets, bool begins) const noexcept override {
    const RecordMark mark = rpc_message::ReadMark(octets);
    return {mark.length, mark.last, begins ? mark.OpensRecord() : mark.is_valid()};
  }
  bool LooksLikeMessage(Bytes bytes) const noexcept override {
    return ReadOpening({.bytes = bytes, .transport = ip_proto::kTcp}).fits;
  }

 private:
  Repeats repeats_;
};

}  // namespace gander::protocol::rpc_message

#endif  // GANDER_PROTOCOL_RPC_MESSAGE_MESSAGE_PARSER_H_
