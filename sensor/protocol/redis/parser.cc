// SPDX-License-Identifier: Apache-2.0
// Commands with their replies, which come in the same order.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/renew.h"
#include "protocol/framing/printable.h"
#include "protocol/mime/header_value.h"
#include "protocol/redis/commands.h"
#include "protocol/redis/probe.h"
#include "protocol/redis/redis.h"
#include "protocol/redis/resp_reader.h"
#include "protocol/rowset/row_text.h"

namespace gander::protocol {
namespace {

using redis::Arguments;
using redis::RespReader;
using redis::Token;

thread_local Record event;

struct Command {
  std::string name, key, value;  // as far as an event shows them
  std::string field;             // what a single value in the reply is called
  bool secret = false;
};

// "user:7:email" says what its value is.
std::string_view LastPart(std::string_view key) noexcept {
  const std::size_t colon = key.rfind(':');
  return colon == std::string_view::npos ? key : key.substr(colon + 1);
}

void Show(std::string& out, std::string_view part) {
  out.append(part.substr(0, redis::kMaxShown - std::min(out.size(), redis::kMaxShown)));
}

class RedisParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Bytes in = chunk.bytes;
    if (!sides_known_ && !in.empty()) {
      // A reply begins with its type; a command is an array or a line.
      const char first = AsText(in)[0];
      const bool reply = std::string_view("+-:$%~>").find(first) != std::string_view::npos;
      client_ = reply ? Opposite(chunk.direction) : chunk.direction;
      sides_known_ = true;
    }
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) OnGap(side, chunk, sink);
    if (side.lost && !in.empty()) {
      if (!Resumes(AsText(in))) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    const bool server = chunk.direction != client_;
    for (;;) {
      const Token token = side.reader.Next(in);
      if (const std::uint64_t dropped = side.reader.TakeDropped(); dropped > 0)
        sink.OnFate(ByteFate::kLostParserCap, dropped);
      if (token == Token::kNeedMore) break;
      if (token == Token::kBad || (token == Token::kInline && server)) {
        if (Refuse(side, in, sink)) return ParseStatus::kNotThis;
        break;
      }
      OnToken(side, token, server, chunk.direction, sink);
    }
    side.text.Flush(sink);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    if (side.value_open) side.text.EndValue(sink);
    side.text.End(BodyEnd::kComplete, sink);
    side.Clear();
    if (direction == client_) return;
    while (!open_.empty()) Write(nullptr, -1, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &RedisParser::sides_, &RedisParser::scratch_); }

 private:
  struct Side {
    RespReader reader;
    rowset::RowText text;
    std::array<std::uint64_t, redis::kMaxDepth> left{};  // elements to come, of each open aggregate
    std::size_t depth = 0;
    std::uint64_t index = 0;  // of the argument, or of the value within the reply
    std::uint64_t body = 0;   // bytes of the body at hand
    bool lost = false;
    bool value_open = false;  // the string at hand is written to `text`
    bool error = false, push = false;
    std::string shown;  // front of the string at hand
    std::string first;  // of a reply: what an event shows of it
    std::string name;   // of the value to come
    Command command;

    void Clear() noexcept {
      depth = 0;
      index = body = 0;
      value_open = error = push = false;
      for (std::string* s : {&shown, &first, &name}) s->clear();
      command = {};
    }

    void Reset() noexcept { Renew(*this, {}, &Side::text, &Side::shown, &Side::first, &Side::name); }
  };

  static bool Resumes(std::string_view text) noexcept {
    if (text.size() < 4 || std::string_view("*$+-:%").find(text[0]) == std::string_view::npos) return false;
    const std::size_t end = text.substr(0, 16).find("\r\n");
    const bool digits = text[1] >= '0' && text[1] <= '9';
    return text[0] == '+' || text[0] == '-' || (end != std::string_view::npos && digits);
  }

  void OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    if (side.reader.Gap(chunk.gap_before)) return;
    if (side.value_open) side.text.EndValue(sink);
    side.text.End(BodyEnd::kGap, sink);
    side.Clear();
    side.lost = true;
    // Which reply is whose is no longer known.
    while (!open_.empty()) Write(nullptr, -1, sink);
    skipped_ = 0;
  }

  // True when this is no Redis at all.
  bool Refuse(Side& side, Bytes in, MessageSink& sink) noexcept {
    sink.OnAnomaly("malformed_data");
    if (tx_id_ == 0 && replies_ == 0 && open_.empty()) return true;
    sink.OnFate(ByteFate::kOpaqueBinary, in.size());
    if (side.value_open) side.text.EndValue(sink);
    side.text.End(BodyEnd::kTruncated, sink);
    side.Clear();
    side.reader.Reset();
    side.lost = true;
    return false;
  }

  void OnToken(Side& side, Token token, bool server, Direction direction, MessageSink& sink) noexcept {
    switch (token) {
      case Token::kInline: return OnInline(side, direction, sink);
      case Token::kAggregate:
        if (side.depth == 0 && server) side.push = side.reader.is_push();
        if (side.reader.count() == 0) return OnValueEnd(side, server, sink);
        if (side.depth == redis::kMaxDepth) {
          side.left[side.depth - 1] += side.reader.count() - 1;
        } else {
          side.left[side.depth++] = side.reader.count();
        }
        return;
      case Token::kError: side.error = side.depth == 0; [[fallthrough]];
      case Token::kSimple:
        BeginValue(side, server, side.reader.text().size(), direction, sink);
        ValuePart(side, side.reader.text(), sink);
        return OnValueEnd(side, server, sink);
      case Token::kBulk: return BeginValue(side, server, side.reader.count(), direction, sink);
      case Token::kPart: return ValuePart(side, side.reader.text(), sink);
      case Token::kBulkEnd: return OnValueEnd(side, server, sink);
      default: return;
    }
  }

  // Names are short and are held; values go to the text as they come.
  void BeginValue(Side& side, bool server, std::uint64_t size, Direction direction, MessageSink& sink) noexcept {
    side.shown.clear();
    if (!(server ? ReplyIsValue(side, size) : ArgumentIsValue(side))) return;
    if (!side.text.begun()) side.text.Begin(server ? "redis.reply" : "redis.command", direction, tx_id_);
    side.text.BeginPair(side.name, sink);
    side.value_open = true;
  }

  bool ArgumentIsValue(Side& side) noexcept {
    const std::uint64_t i = side.index;
    if (i == 0) return false;
    switch (redis::ArgumentsOf(side.command.name)) {
      case Arguments::kKeyValues: return i >= 2;
      case Arguments::kKeyFields: return i >= 3 && i % 2 == 1;
      case Arguments::kPairs: return i % 2 == 0;
      case Arguments::kNames:
      case Arguments::kSecret: break;
    }
    return false;
  }

  bool ReplyIsValue(Side& side, std::uint64_t size) noexcept {
    if (size == 0) return false;
    if (side.push || open_.empty() || skipped_ > 0) {
      side.name = "value";
      return true;
    }
    const Command& command = open_[first_open_];
    if (!redis::RepliesWithPairs(command.name)) {
      side.name = command.field.empty() ? "value" : command.field;
      return true;
    }
    return side.index % 2 == 1;  // fields are the names of the values behind them
  }

  void ValuePart(Side& side, std::string_view part, MessageSink& sink) noexcept {
    Show(side.shown, part);
    side.body += part.size();
    if (side.value_open) side.text.ValuePart(part, sink);
  }

  void OnValueEnd(Side& side, bool server, MessageSink& sink) noexcept {
    if (side.value_open) side.text.EndValue(sink);
    if (server) {
      if (!side.value_open) side.name = side.shown;
      if (side.first.empty()) side.first = side.shown;
    } else {
      OnArgument(side, side.shown, sink);
    }
    side.value_open = false;
    side.shown.clear();
    ++side.index;
    while (side.depth > 0 && --side.left[side.depth - 1] == 0) --side.depth;
    if (side.depth == 0) EndOfMessage(side, server, sink);
  }

  void OnArgument(Side& side, std::string_view argument, MessageSink& sink) noexcept {
    Command& command = side.command;
    if (side.index == 0) {
      command.name.assign(argument);
      command.secret = redis::ArgumentsOf(argument) == Arguments::kSecret;
      return;
    }
    if (command.secret) {
      if (!argument.empty()) sink.OnField("redis.auth", "password", client_, AsBytes(argument));
      return;
    }
    if (side.index == 1) {
      command.key.assign(argument);
      if (!argument.empty()) sink.OnField("redis.key", "key", client_, AsBytes(argument));
    } else if (command.value.empty()) {
      command.value.assign(argument);
    }
    if (!side.value_open) side.name = LastPart(argument);
    if (!side.value_open) command.field.assign(LastPart(argument).substr(0, rowset::RowText::kMaxName));
  }

  void OnInline(Side& side, Direction direction, MessageSink& sink) noexcept {
    std::string_view line = mime::Trim(side.reader.text());
    if (line.empty() || side.depth > 0) return;
    side.left[side.depth++] = UINT64_MAX;  // as many words as there are
    while (!line.empty()) {
      const std::size_t space = std::min(line.find(' '), line.size());
      BeginValue(side, false, space, direction, sink);
      ValuePart(side, line.substr(0, space), sink);
      OnValueEnd(side, false, sink);
      line = mime::Trim(line.substr(space));
    }
    side.depth = 0;
    EndOfMessage(side, false, sink);
  }

  void EndOfMessage(Side& side, bool server, MessageSink& sink) noexcept {
    side.text.EndRow(sink);
    if (side.body >= redis::kMaxBody) {
      side.text.End(BodyEnd::kComplete, sink);
      side.body = 0;
    }
    if (server) {
      OnReply(side, sink);
    } else if (!side.command.name.empty()) {
      if (open_.size() - first_open_ == redis::kMaxOpen) {
        Write(nullptr, -1, sink);
        ++skipped_;
      }
      open_.push_back(std::move(side.command));
    }
    side.command = {};
    side.index = 0;
    side.error = side.push = false;
    side.first.clear();
    side.name.clear();
  }

  void OnReply(Side& side, MessageSink& sink) noexcept {
    ++replies_;
    // Published messages answer nothing.
    const bool published = side.push || side.first == "message" || side.first == "pmessage" || side.first == "smessage";
    if (published) return;
    if (skipped_ > 0) {
      --skipped_;
      return;
    }
    if (!open_.empty()) Write(&side.first, side.error ? 0 : 1, sink);
  }

  void Write(const std::string* reply, int success, MessageSink& sink) noexcept {
    Command& c = open_[first_open_];
    if (sink.WantsEvent("redis")) {
      event.Clear();
      event.BeginObject("redis").BeginObject("cmd").String("name", framing::Printable(c.name, scratch_),
                                                           Privacy::kIdentifier);
      if (!c.key.empty()) event.String("key", framing::Printable(c.key, scratch_), Privacy::kIdentifier);
      if (!c.value.empty()) event.String("value", framing::Printable(c.value, scratch_), Privacy::kIdentifier);
      event.EndObject();
      if (success >= 0) event.Boolean("success", success > 0);
      if (reply != nullptr && !reply->empty()) {
        event.BeginObject("reply")
            .String("value", framing::Printable(*reply, scratch_), Privacy::kIdentifier)
            .EndObject();
      }
      event.EndObject();
      sink.OnEvent("redis", tx_id_, client_, event);
    }
    ++tx_id_;
    c = {};
    ++first_open_;
    if (first_open_ == open_.size()) {
      open_.clear();
    } else if (first_open_ < redis::kMaxOpen) {
      return;
    } else {
      open_.erase(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(first_open_));
    }
    first_open_ = 0;
  }

  std::array<Side, 2> sides_;
  std::vector<Command> open_;  // from first_open_ on: at most kMaxOpen; done ones before it
  std::size_t first_open_ = 0;
  Direction client_ = Direction::kToServer;
  bool sides_known_ = false;
  std::uint32_t tx_id_ = 0;
  std::uint64_t skipped_ = 0;  // replies to come whose command is no longer open
  std::uint64_t replies_ = 0;
  std::string scratch_;
};

}  // namespace

const ProtocolInfo kRedis = {"redis",
                             true,
                             false,
                             redis::ProbeRedis,
                             []() -> std::unique_ptr<Parser> { return std::make_unique<RedisParser>(); },
                             FirstOctets::AnyOf("*+-$:").Range('A', 'Z').Range('a', 'z')};

}  // namespace gander::protocol
