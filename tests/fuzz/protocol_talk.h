// SPDX-License-Identifier: Apache-2.0
// Turns fuzzer input into a conversation: each stretch is a byte that says direction (bit 0), a gap before it
// (bit 1) and length (the rest), then its bytes. What every parser must keep: bodies and records nest, no
// more is consumed than there was, every view points to something, and a parser that has read other conversations
// says what a new one does.
#ifndef GANDER_TESTS_FUZZ_PROTOCOL_TALK_H_
#define GANDER_TESTS_FUZZ_PROTOCOL_TALK_H_

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "protocol/registry.h"

namespace gander::protocol::fuzz {

inline constexpr std::uint32_t kGap = 7;  // bytes
inline constexpr unsigned kAll = 63;      // length code: all there is
inline constexpr std::size_t kStep = 4;   // bytes for each step of the length code

inline void Require(bool condition) {
  if (!condition) std::abort();
}

// Checks what is said, and keeps a digest of it.
class CheckingSink final : public MessageSink {
 public:
  void OnEvent(const char* type, std::uint32_t tx_id, Direction d, const Record& body) noexcept override {
    int depth = 0;
    Say(type, tx_id, Index(d));
    for (const Record::Token& t : body.tokens()) {
      depth += t.kind == Record::Kind::kBeginObject || t.kind == Record::Kind::kBeginArray;
      depth -= t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray;
      Require(depth >= 0);
      Say(t.key != nullptr ? t.key : "", t.kind, t.kind == Record::Kind::kReal ? 0 : t.integer);
      if (t.kind == Record::Kind::kString) Say(body.text(t));
    }
    Require(depth == 0 && type != nullptr && !body.empty());
  }
  void OnField(const char* where, std::string_view name, Direction d, Bytes value) noexcept override {
    Require(where != nullptr);
    Say(where, Index(d));
    Say(name);
    Say(AsText(value));
  }
  void OnBodyBegin(const BodyMeta& m) noexcept override {
    Require(m.continues == waiting_[Index(m.direction)]);
    Require(m.continues == open_[Index(m.direction)]);
    open_[Index(m.direction)] = true;
    waiting_[Index(m.direction)] = false;
    Say(m.where, Index(m.direction), m.declared_length, m.tx_id, m.range_part, m.continues, m.is_file);
    for (const std::string_view s : {m.content_type, m.content_encoding, m.file_name}) Say(s);
  }
  void OnBodyPart(Direction d, Bytes part) noexcept override {
    Require(open_[Index(d)] && !waiting_[Index(d)]);
    Say(AsText(part), Index(d));
  }
  void OnBodyGap(Direction d, std::uint64_t bytes) noexcept override {
    Require(open_[Index(d)] && !waiting_[Index(d)] && bytes > 0);
    gap_[Index(d)] = true;
    Say("gap", Index(d), bytes);
  }
  void OnBodyEnd(Direction d, BodyEnd end) noexcept override {
    const bool part = end == BodyEnd::kPart;
    Require(end == BodyEnd::kGap || !gap_[Index(d)]);
    gap_[Index(d)] = false;
    Require(open_[Index(d)] && !(part && waiting_[Index(d)]));
    open_[Index(d)] = waiting_[Index(d)] = part;
    Say("end", Index(d), end);
  }
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override { Say("fate", fate, bytes); }
  void OnExpectedFlow(const ExpectedFlow& f) noexcept override {
    Say(f.protocol, f.server_port, f.listener_is_client);
    Say(f.file_name);
  }
  void OnServerName(std::string_view host) noexcept override { Say(host); }
  void OnProtocolName(const char* name) noexcept override { Say(name); }
  void OnFunction(const char* name, const char* category) noexcept override {
    Say(name);
    Say(category);
  }
  void OnAnomaly(const char* name) noexcept override {
    Require(name != nullptr);
    Say(name);
  }
  bool open() const noexcept { return open_[0] || open_[1]; }
  std::uint64_t said() const noexcept { return said_; }

 private:
  // Reads every byte, so that a sanitizer sees a view that points nowhere.
  template <class... Numbers>
  void Say(std::string_view text, Numbers... numbers) noexcept {
    said_ = Mix64(said_ ^ SipHash13(HashKey{}, AsBytes(text)));
    ((said_ = Mix64(said_ ^ static_cast<std::uint64_t>(numbers))), ...);
  }
  bool open_[2] = {};
  bool gap_[2] = {};      // in the body at hand
  bool waiting_[2] = {};  // between two messages of one body
  std::uint64_t said_ = 0;
};

// What `parser` says of the conversation.
inline std::uint64_t Said(const ProtocolInfo& info, Parser& parser, const std::uint8_t* data, std::size_t size) {
  CheckingSink sink;
  Bytes rest(reinterpret_cast<const std::byte*>(data), size);
  ParseStatus status = ParseStatus::kContinue;
  std::uint64_t offset[2] = {};
  while (!rest.empty() && status == ParseStatus::kContinue) {
    const auto head = static_cast<std::uint8_t>(TakeFront(rest, 1)[0]);
    stream::StreamChunk chunk;
    chunk.direction = (head & 1) != 0 ? Direction::kToClient : Direction::kToServer;
    chunk.gap_before = (head & 2) != 0 ? kGap : 0;
    const unsigned code = head >> 2;
    const std::size_t length = code == kAll ? rest.size() : code * kStep + 1;
    const Bytes bytes = TakeFront(rest, length);
    const std::vector<std::byte> copy(bytes.begin(), bytes.end());
    chunk.bytes = copy;
    // Where both carry it, the input's length decides, so that the fuzzer reaches either.
    chunk.datagram = info.udp && (!info.tcp || size % 2 == 1);
    chunk.offset = offset[Index(chunk.direction)] += chunk.gap_before;
    offset[Index(chunk.direction)] += copy.size();
    if (info.probe != nullptr) {
      info.probe({copy, chunk.direction, 21,
                  static_cast<std::uint8_t>(info.tcp ? ip_proto::kTcp : ip_proto::kUdp), 0});
    }
    status = parser.OnChunk(chunk, sink);
    Require(parser.consumed() <= copy.size());
  }
  parser.OnEnd(Direction::kToServer, sink);
  parser.OnEnd(Direction::kToClient, sink);
  Require(!sink.open());
  return sink.said();
}

inline int Talk(const ProtocolInfo& info, const std::uint8_t* data, std::size_t size) {
  static std::map<const ProtocolInfo*, std::unique_ptr<Parser>> parsers;
  std::unique_ptr<Parser>& used = parsers[&info];
  if (used == nullptr) used = info.create();
  used->Reset();
  const auto fresh = info.create();
  fresh->Reset();  // wrappers of the targets' own say here what was agreed
  Require(Said(info, *used, data, size) == Said(info, *fresh, data, size));
  return 0;
}

}  // namespace gander::protocol::fuzz

#endif  // GANDER_TESTS_FUZZ_PROTOCOL_TALK_H_
