// SPDX-License-Identifier: Apache-2.0
// Messages out of a stream: requests, and responses by the request that they answer.
#ifndef GANDER_PROTOCOL_KAFKA_PARSER_H_
#define GANDER_PROTOCOL_KAFKA_PARSER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/renew.h"
#include "protocol/framing/passing_parser.h"
#include "protocol/kafka/api.h"
#include "protocol/kafka/kafka.h"
#include "protocol/kafka/record_walk.h"
#include "protocol/kafka/wire_reader.h"

namespace gander::protocol::kafka {

using framing::Front;
using framing::Next;

// A request whose response is awaited, or the message that is read.
struct Request {
  std::int16_t key = 0, version = 0;
  std::int32_t correlation = 0;
  std::string client;
};

// A message on its way, until its event.
struct Message {
  bool open = false, response = false;
  Request request;
  std::uint32_t tx_id = 0;
  std::vector<std::string> topics;
  std::uint64_t records = 0;
  const char* coding = nullptr;
  std::string mechanism, user;
  std::int16_t error = 0;
};

class KafkaParser final : public framing::PassingParser, RecordVisitor {
 public:
  KafkaParser() noexcept : PassingParser(1) {}

  void Reset() noexcept override { Renew(*this, {}, &KafkaParser::event_); }

 protected:
  framing::Mark ReadMark(Bytes octets, bool) const noexcept override {
    const std::uint32_t length = ByteReader(octets).U32();
    return {length, true, length <= kMaxMessage && (length >= 4 || bare_tokens_)};
  }
  bool LooksLikeMessage(Bytes bytes) const noexcept override;
  Next OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept override;
  void OnData(Bytes part, Direction direction, MessageSink& sink) noexcept override {
    if (body_open_[Index(direction)]) {
      sink.OnBodyPart(direction, part);
    } else {
      sink.OnFate(ByteFate::kOpaqueBinary, part.size());
    }
  }
  void OnDataGap(std::uint64_t, Direction direction, MessageSink& sink) noexcept override {
    CloseBody(BodyEnd::kGap, direction, sink);
  }
  void OnDataEnd(Direction direction, MessageSink& sink) noexcept override {
    CloseBody(BodyEnd::kComplete, direction, sink);
  }
  void OnMessageEnd(Direction direction, MessageSink& sink) noexcept override;

 private:
  struct TopicId {
    std::uint64_t id;
    std::string name;
  };

  Message& message() noexcept { return messages_[Index(direction_)]; }
  Next OnRequest(const Front& front) noexcept;
  Next OnResponse(const Front& front) noexcept;
  Next OnToken(const Front& front) noexcept;
  Next OnUnasked(const Front& front) noexcept;
  Next Walk(const Front& front, std::size_t at) noexcept;
  Next ReadWhole(const Front& front, std::size_t at) noexcept;
  void ReadRequestBody(WireReader& in) noexcept;
  void ReadResponseBody(WireReader& in) noexcept;
  void ReadMetadataResponse(WireReader& in) noexcept;
  void ReadFetchRequest(WireReader& in) noexcept;
  void ReadMetadataRequest(WireReader& in) noexcept;
  void ReadLogin(std::string_view token) noexcept;
  void TopicOf(WireReader& in, bool by_id) noexcept;
  void Remember(const Request& request) noexcept;
  void Learn(Bytes id, std::string_view name) noexcept;
  void Tell(std::string_view topic) noexcept;
  void Field(const char* where, std::string_view name, Bytes value) noexcept {
    if (!value.empty()) sink_->OnField(where, name, direction_, value);
  }
  void OpenBody(const char* where, const char* coding, std::uint64_t length) noexcept;
  void CloseBody(BodyEnd end, Direction direction, MessageSink& sink) noexcept {
    if (std::exchange(body_open_[Index(direction)], false)) sink.OnBodyEnd(direction, end);
  }

  // RecordVisitor
  std::string_view NameOfTopic(Bytes id) noexcept override;
  void OnTopic(std::string_view name) noexcept override {
    topic_[Index(direction_)] = name.substr(0, kMaxName);
    Tell(name);
  }
  void OnKey(Bytes key) noexcept override { Field("kafka.key", topic_[Index(direction_)], key); }
  void OnValue(Bytes value) noexcept override { Field("kafka.value", topic_[Index(direction_)], value); }
  void OnHeader(std::string_view name, Bytes value) noexcept override { Field("kafka.header", name, value); }
  void OnLongValue(std::uint64_t length) noexcept override { OpenBody("kafka.value", "", length); }
  void OnCompressed(const char* coding, std::uint64_t length) noexcept override {
    message().coding = coding;
    OpenBody("kafka.batch", coding, length);
  }
  void OnUnread(std::uint64_t) noexcept override {}

  std::vector<Request> requests_;  // oldest first
  std::vector<TopicId> topic_ids_;  // a ring once it is full
  std::size_t next_id_ = 0;
  std::array<Message, 2> messages_;
  std::array<RecordWalk, 2> walks_;
  std::array<std::string, 2> topic_;  // whose records are read
  std::array<bool, 2> body_open_{};
  std::string mechanism_;
  std::uint32_t transactions_ = 0;
  bool bare_tokens_ = false;  // after a handshake of version 0 tokens come without a head
  bool requests_seen_ = false;
  Direction requests_direction_ = Direction::kToServer;
  Direction direction_ = Direction::kToServer;
  MessageSink* sink_ = nullptr;
  Record event_;
};

}  // namespace gander::protocol::kafka

#endif  // GANDER_PROTOCOL_KAFKA_PARSER_H_
