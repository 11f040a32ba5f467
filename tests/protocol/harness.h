// SPDX-License-Identifier: Apache-2.0
// Feeds a conversation to a parser, cut in any way, and writes down what it says as lines of text that do not
// depend on the cuts: parts of a body are joined.
#ifndef GANDER_TESTS_PROTOCOL_HARNESS_H_
#define GANDER_TESTS_PROTOCOL_HARNESS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/registry.h"

namespace gander::protocol::testing {

// JSON of a record, members in their order, no blanks.
inline std::string ToJson(const Record& record) {
  std::string out;
  bool comma = false;
  for (const Record::Token& t : record.tokens()) {
    const bool closes = t.kind == Record::Kind::kEndObject || t.kind == Record::Kind::kEndArray;
    if (comma && !closes) out += ',';
    if (t.key != nullptr && !closes) out += '"' + std::string(t.key) + "\":";
    comma = true;
    switch (t.kind) {
      case Record::Kind::kBeginObject:
        out += '{';
        comma = false;
        break;
      case Record::Kind::kEndObject:
        out += '}';
        break;
      case Record::Kind::kBeginArray:
        out += '[';
        comma = false;
        break;
      case Record::Kind::kEndArray:
        out += ']';
        break;
      case Record::Kind::kString:
        out += '"' + std::string(record.text(t)) + '"';
        break;
      case Record::Kind::kInteger:
        out += std::to_string(t.integer);
        break;
      case Record::Kind::kReal:
        out += std::to_string(t.real);
        break;
      case Record::Kind::kBoolean:
        out += t.integer != 0 ? "true" : "false";
        break;
    }
  }
  return out;
}

class RecordingSink final : public MessageSink {
 public:
  std::vector<std::string> events, fields, bodies, expected, names, anomalies, functions;
  std::map<ByteFate, std::uint64_t> fates;
  std::uint64_t body_bytes = 0;

  void OnEvent(const char* type, std::uint32_t tx, Direction direction,
               const Record& body) noexcept override {
    events.push_back(std::string(type) + " #" + std::to_string(tx) + Arrow(direction) + ToJson(body));
  }
  void OnField(const char* where, std::string_view name, Direction direction, Bytes value) noexcept override {
    fields.push_back(std::string(where) + Arrow(direction) + std::string(name) + "=" +
                     std::string(AsText(value)));
  }
  void OnBodyBegin(const BodyMeta& m) noexcept override {
    EXPECT_EQ(m.continues, part_ended_[Index(m.direction)]) << "what goes on is no part, or what waits is left";
    part_ended_[Index(m.direction)] = false;
    if (m.continues) {
      text_[Index(m.direction)] += "|#" + std::to_string(m.tx_id) + "|";
      return;
    }
    EXPECT_FALSE(open_[Index(m.direction)]) << "a body begins within another";
    open_[Index(m.direction)] = true;
    std::string& text = text_[Index(m.direction)];
    text = std::string(m.where) + " #" + std::to_string(m.tx_id) + Arrow(m.direction);
    for (std::string_view s : {m.content_type, m.content_encoding, m.file_name}) text += std::string(s) + "|";
    text += std::to_string(m.declared_length) + (m.range_part ? "|part" : "") + "|";
  }
  void OnBodyPart(Direction direction, Bytes part) noexcept override {
    EXPECT_TRUE(open_[Index(direction)]) << "a body part outside a body";
    EXPECT_FALSE(part_ended_[Index(direction)]) << "a body part between two messages";
    text_[Index(direction)] += AsText(part);
    body_bytes += part.size();
  }
  void OnBodyGap(Direction direction, std::uint64_t bytes) noexcept override {
    EXPECT_TRUE(open_[Index(direction)]) << "a gap outside a body";
    text_[Index(direction)] += "[gap " + std::to_string(bytes) + "]";
    gap_[Index(direction)] = true;
  }
  void OnBodyEnd(Direction direction, BodyEnd end) noexcept override {
    EXPECT_TRUE(!std::exchange(gap_[Index(direction)], false) || end == BodyEnd::kGap) << "a gap is forgotten";
    EXPECT_TRUE(open_[Index(direction)]) << "a body ends that did not begin";
    EXPECT_FALSE(end == BodyEnd::kPart && part_ended_[Index(direction)]);
    part_ended_[Index(direction)] = end == BodyEnd::kPart;
    if (end == BodyEnd::kPart) return;
    open_[Index(direction)] = false;
    constexpr const char* kEnds[] = {"|complete", "|truncated", "|gap"};
    bodies.push_back(std::exchange(text_[Index(direction)], {}) + kEnds[static_cast<int>(end)]);
  }
  void OnFate(ByteFate fate, std::uint64_t bytes) noexcept override { fates[fate] += bytes; }
  void OnExpectedFlow(const ExpectedFlow& f) noexcept override {
    expected.push_back(f.server.ToString() + " " + std::to_string(f.server_port) +
                       (f.listener_is_client ? " active " : " passive ") + std::string(f.command) + " " +
                       std::string(f.file_name));
  }
  void OnServerName(std::string_view host) noexcept override { names.emplace_back(host); }
  void OnFunction(const char* name, const char* category) noexcept override {
    functions.push_back(std::string(name) + " " + category);
  }
  void OnAnomaly(const char* name) noexcept override { anomalies.emplace_back(name); }

  bool open(Direction d) const { return open_[Index(d)]; }
  // Everything but the joining of fates, in one text to compare.
  std::string Summary() const {
    std::string out;
    for (const auto* list : {&events, &fields, &bodies, &expected, &names, &anomalies, &functions}) {
      for (const std::string& s : *list) out += s + "\n";
      out += "--\n";
    }
    for (const auto& [fate, n] : fates) out += NameOf(fate).reason + (" " + std::to_string(n) + "\n");
    return out;
  }

 private:
  static std::string Arrow(Direction d) { return d == Direction::kToServer ? " > " : " < "; }
  std::array<bool, 2> open_{};
  std::array<bool, 2> gap_{};         // in the body at hand
  std::array<bool, 2> part_ended_{};  // open, but between two messages
  std::array<std::string, 2> text_;
};

// One stretch of a conversation.
struct Turn {
  Direction direction;
  std::string bytes;
  std::uint32_t gap_before = 0;
};
using Talk = std::vector<Turn>;

inline Turn Client(std::string bytes, std::uint32_t gap = 0) {
  return {Direction::kToServer, std::move(bytes), gap};
}
inline Turn Server(std::string bytes, std::uint32_t gap = 0) {
  return {Direction::kToClient, std::move(bytes), gap};
}

// Feeds chunks as the worker does; remembers the last status.
class Player {
 public:
  explicit Player(const ProtocolInfo& info, bool datagrams = false) : parser_(info.create()), datagrams_(datagrams) {}

  ParseStatus Feed(Direction direction, std::string_view bytes, std::uint32_t gap = 0) {
    if (status_ == ParseStatus::kEncrypted)
      sink.fates[ByteFate::kEncrypted] += bytes.size();  // as the worker does
    if (status_ != ParseStatus::kContinue) return status_;
    stream::StreamChunk chunk;
    chunk.direction = direction;
    chunk.gap_before = gap;
    chunk.datagram = datagrams_;
    chunk.offset = offset_[Index(direction)] + gap;
    // A copy of exact size, so that a sanitizer sees any read beyond it.
    const std::vector<char> copy(bytes.begin(), bytes.end());
    chunk.bytes = AsBytes(std::string_view(copy.data(), copy.size()));
    offset_[Index(direction)] = chunk.offset + bytes.size();
    status_ = parser_->OnChunk(chunk, sink);
    EXPECT_LE(parser_->consumed(), bytes.size());
    return status_;
  }
  // Feeds every turn in pieces of at most `piece` bytes.
  void Feed(const Talk& talk, std::size_t piece = SIZE_MAX) {
    for (const Turn& turn : talk) {
      std::string_view rest = turn.bytes;
      std::uint32_t gap = turn.gap_before;
      do {
        const std::string_view front = rest.substr(0, piece);
        Feed(turn.direction, front, gap);
        gap = 0;
        rest.remove_prefix(front.size());
      } while (!rest.empty());
    }
  }
  void End() {
    parser_->OnEnd(Direction::kToServer, sink);
    parser_->OnEnd(Direction::kToClient, sink);
    EXPECT_FALSE(sink.open(Direction::kToServer)) << "a body is left open";
    EXPECT_FALSE(sink.open(Direction::kToClient)) << "a body is left open";
  }
  void Restart() {
    parser_->Reset();
    sink = {};
    status_ = ParseStatus::kContinue;
    offset_ = {};
  }

  RecordingSink sink;
  ParseStatus status() const { return status_; }
  Parser& parser() { return *parser_; }

 private:
  std::unique_ptr<Parser> parser_;
  const bool datagrams_;  // each turn is one
  ParseStatus status_ = ParseStatus::kContinue;
  std::array<std::uint64_t, 2> offset_{};
};

inline RecordingSink Play(const ProtocolInfo& info, const Talk& talk, bool datagrams = false) {
  Player player(info, datagrams);
  player.Feed(talk);
  player.End();
  return std::move(player.sink);
}

// The same conversation cut at every place, and in pieces of 1, 2, 3, 7 bytes, says the same.
inline void ExpectSameAtEverySplit(const ProtocolInfo& info, const Talk& talk) {
  Player player(info);
  player.Feed(talk);
  player.End();
  const std::string whole = player.sink.Summary();
  for (std::size_t piece : {1, 2, 3, 7}) {
    player.Restart();
    player.Feed(talk, piece);
    player.End();
    ASSERT_EQ(player.sink.Summary(), whole) << "in pieces of " << piece;
  }
  for (std::size_t turn = 0; turn < talk.size(); ++turn) {
    for (std::size_t cut = 1; cut < talk[turn].bytes.size(); ++cut) {
      player.Restart();
      Talk changed = talk;
      changed[turn].bytes.resize(cut);
      changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(turn) + 1,
                     {talk[turn].direction, talk[turn].bytes.substr(cut)});
      player.Feed(changed);
      player.End();
      ASSERT_EQ(player.sink.Summary(), whole) << "turn " << turn << " cut at " << cut;
    }
  }
}

// The conversation ended, or with `gap` bytes missing, at every place: nothing is left open, nothing crashes,
// and a following conversation on the same parser is read as if it were new.
inline void ExpectSurvivesDamage(const ProtocolInfo& info, const Talk& talk, std::uint32_t gap = 5,
                                 bool datagrams = false) {
  const std::string fresh = Play(info, talk, datagrams).Summary();
  Player player(info, datagrams);
  for (std::size_t turn = 0; turn < talk.size(); ++turn) {
    for (std::size_t cut = 0; cut < talk[turn].bytes.size(); ++cut) {
      Talk ended(talk.begin(), talk.begin() + static_cast<std::ptrdiff_t>(turn) + 1);
      ended.back().bytes.resize(cut);
      player.Feed(ended);
      player.End();
      player.Restart();
      Talk holed = talk;
      holed[turn].bytes.resize(cut);
      const std::size_t behind = std::min<std::size_t>(cut + gap, talk[turn].bytes.size());
      holed.insert(holed.begin() + static_cast<std::ptrdiff_t>(turn) + 1,
                   {talk[turn].direction, talk[turn].bytes.substr(behind), gap});
      player.Feed(holed);
      player.End();
      player.Restart();
    }
  }
  player.Feed(talk);
  player.End();
  EXPECT_EQ(player.sink.Summary(), fresh) << "state is left over after Reset()";
}

// `gap` bytes missing at a few places of one long turn: bodies and rows that pass through in parts end in order.
inline void ExpectSurvivesGapsIn(const ProtocolInfo& info, const Talk& talk, std::size_t turn,
                                 std::uint32_t gap = 100) {
  Player player(info);
  const std::string& bytes = talk[turn].bytes;
  for (std::size_t at = 1; at + gap < bytes.size(); at += 1 + bytes.size() / 29) {
    Talk holed = talk;
    holed[turn].bytes.resize(at);
    holed.insert(holed.begin() + static_cast<std::ptrdiff_t>(turn) + 1,
                 {talk[turn].direction, bytes.substr(at + gap), gap});
    player.Feed(holed, 1460);
    player.End();
    player.Restart();
  }
}

inline Probe Ask(const ProtocolInfo& info, std::string_view bytes, std::uint16_t port = 0,
                 Direction direction = Direction::kToServer, std::uint8_t transport = ip_proto::kTcp) {
  return info.probe({AsBytes(bytes), direction, port, transport});
}

}  // namespace gander::protocol::testing

// What every test of a protocol says in short.
namespace gander::protocol {

using testing::Ask;
using testing::Client;
using testing::ExpectSameAtEverySplit;
using testing::ExpectSurvivesDamage;
using testing::Play;
using testing::Player;
using testing::RecordingSink;
using testing::Server;
using testing::Talk;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

}  // namespace gander::protocol

#endif  // GANDER_TESTS_PROTOCOL_HARNESS_H_
