// SPDX-License-Identifier: Apache-2.0
// Packets to messages, requests to their answers.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/renew.h"
#include "protocol/framing/frame_reader.h"
#include "protocol/framing/printable.h"
#include "protocol/framing/utf16_text.h"
#include "protocol/tds/answer.h"
#include "protocol/tds/packet.h"
#include "protocol/tds/request.h"
#include "protocol/tds/tds.h"

namespace gander::protocol {
namespace {

using framing::FrameReader;
using tds::IsTls;
using tds::kHead;
using tds::MeasurePacket;

constexpr std::uint32_t kVersion72 = 0x72000000;

thread_local Record event;

class TdsParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    Bytes in = chunk.bytes;
    if (chunk.gap_before > 0) OnGap(side, chunk, sink);
    if (side.lost && !in.empty()) {
      if (in.size() < kHead || MeasurePacket(in) == FrameReader::kBad) {
        sink.OnFate(ByteFate::kOpaqueBinary, in.size());
        return ParseStatus::kContinue;
      }
      side.lost = false;
    }
    for (;;) {
      switch (side.frames.Next(in, MeasurePacket)) {
        case FrameReader::Step::kNeedMore: return ParseStatus::kContinue;
        case FrameReader::Step::kFrame: OnHead(side, chunk.direction, sink); break;
        case FrameReader::Step::kPart: OnPart(side, chunk.direction, sink); break;
        case FrameReader::Step::kBad:
          sink.OnAnomaly("malformed_data");
          if (packets_ == 0) return ParseStatus::kNotThis;
          sink.OnFate(ByteFate::kOpaqueBinary, in.size());
          Abandon(side, chunk.direction, BodyEnd::kTruncated, sink);
          side.frames.Reset();
          side.lost = true;
          return ParseStatus::kContinue;
      }
    }
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    Abandon(side, direction, BodyEnd::kTruncated, sink);
    side.frames.Reset();
    if (direction != client_) Write(sink);
  }

  void Reset() noexcept override {
    Renew(*this, {}, &TdsParser::sides_, &TdsParser::shown_, &TdsParser::error_, &TdsParser::server_version_);
  }

 private:
  struct Side {
    FrameReader frames{kHead};
    bool lost = false;
    bool tls = false;        // the packet at hand is a TLS record
    bool last = false;       // it ends its message
    bool open = false;       // a message has begun
    bool skip = false;       // the message at hand is not read
    bool started = false;    // its first octets were looked at
    bool body_open = false;  // of a long statement
    std::uint8_t type = 0;
    std::size_t headers_left = 0;  // before a statement
    std::string message;           // as far as it has come, at most kMaxMessage; of a statement, its front in UTF-8
    framing::Utf16Text utf16;
    tds::Answer tokens;  // of an answer, and of rows that are loaded

    void Clear() noexcept {
      tls = last = open = skip = started = body_open = false;
      if (!message.empty()) std::string().swap(message);
      utf16.Reset();
    }

    void Reset() noexcept { Renew(*this, {}, &Side::frames, &Side::tokens); }
  };

  void OnGap(Side& side, const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
    side.lost = !side.frames.Gap(chunk.gap_before);
    const bool last = side.last;
    Abandon(side, chunk.direction, BodyEnd::kGap, sink);
    // The packet goes on, but what it says can no longer be read.
    side.skip = side.open = !side.lost;
    side.last = last;
  }

  void Abandon(Side& side, Direction direction, BodyEnd end, MessageSink& sink) noexcept {
    side.tokens.End(end, sink);
    if (side.body_open) sink.OnBodyEnd(direction, end);
    side.Clear();
  }

  void OnHead(Side& side, Direction direction, MessageSink& sink) noexcept {
    const Bytes head = side.frames.frame();
    const std::uint8_t* const p = Octets(head);
    ++packets_;
    side.tls = IsTls(head);
    if (side.tls) return sink.OnFate(ByteFate::kEncrypted, head.size());
    if (!side.open || side.type != p[0]) {
      Abandon(side, direction, BodyEnd::kTruncated, sink);
      side.type = p[0];
      side.open = true;
      BeginMessage(side, direction, sink);
    }
    side.last = (p[1] & tds::kEndOfMessage) != 0;
    if (side.frames.frame_is_whole()) EndPacket(side, direction, sink);
  }

  void OnPart(Side& side, Direction direction, MessageSink& sink) noexcept {
    const Bytes part = side.frames.part();
    if (side.tls) return sink.OnFate(ByteFate::kEncrypted, part.size());
    if (side.skip) {
      sink.OnFate(ByteFate::kOpaqueBinary, part.size());
    } else {
      OnPayload(side, direction, part, sink);
    }
    if (side.frames.part_ends()) EndPacket(side, direction, sink);
  }

  void EndPacket(Side& side, Direction direction, MessageSink& sink) noexcept {
    if (!side.last) return;
    if (!side.skip) EndMessage(side, direction, sink);
    Abandon(side, direction, BodyEnd::kComplete, sink);
  }

  void BeginMessage(Side& side, Direction direction, MessageSink& sink) noexcept {
    if (side.type != tds::kAnswer && side.type != tds::kPrelogin) client_ = direction;
    if (side.type == tds::kAnswer) client_ = Opposite(direction);
    if (side.type == tds::kBulk) Open("bulk_load", sink);
    side.tokens.Begin(direction, tx_id_);
  }

  void OnPayload(Side& side, Direction direction, Bytes in, MessageSink& sink) noexcept {
    const std::uint8_t first = in.empty() ? 0 : Octets(in)[0];
    switch (side.type) {
      case tds::kAnswer:
        // The answer to a prelogin is its options, of which the first is number 0; no token is.
        if (!std::exchange(side.started, true) && first == 0) {
          side.type = tds::kPrelogin;
          return;
        }
        [[fallthrough]];
      case tds::kBulk: return side.tokens.Feed(in, sink);
      case tds::kPrelogin:
        if (!std::exchange(side.started, true)) side.tls = IsTls(in);
        if (side.tls) sink.OnFate(ByteFate::kEncrypted, in.size());
        side.tls = false;
        return;
      case tds::kBatch: return OnStatement(side, direction, in, sink);
      case tds::kRpc:
      case tds::kLogin: {
        const std::size_t room = tds::kMaxMessage - side.message.size();
        if (in.size() > room) sink.OnFate(ByteFate::kLostParserCap, in.size() - room);
        side.message += AsText(in.first(std::min(in.size(), room)));
        return;
      }
      default: return;
    }
  }

  void OnStatement(Side& side, Direction direction, Bytes in, MessageSink& sink) noexcept {
    constexpr std::size_t kEnough = 10;  // to tell whether headers stand before it
    if (!side.started) {
      side.message += AsText(in);
      if (side.message.size() < kEnough) return;
      StartStatement(side, direction, sink);
      return;
    }
    const std::size_t skipped = std::min(side.headers_left, in.size());
    side.headers_left -= skipped;
    side.utf16.Feed(in.subspan(skipped), side.message);
    if (side.message.size() <= tds::kMaxQuery && !side.body_open) return;
    if (!side.body_open) BeginBody(side, direction, sink);
    sink.OnBodyPart(direction, AsBytes(side.message));
    side.message.clear();
  }

  void StartStatement(Side& side, Direction direction, MessageSink& sink) noexcept {
    side.started = true;
    std::string front;
    front.swap(side.message);
    side.headers_left = tds::HeadersSize(AsBytes(front));
    OnStatement(side, direction, AsBytes(front), sink);
  }

  void BeginBody(Side& side, Direction direction, MessageSink& sink) noexcept {
    Open("sql_batch", sink);
    shown_.assign(side.message, 0, tds::kMaxShown);
    BodyMeta meta;
    meta.where = "tds.query";
    meta.direction = direction;
    meta.content_type = "application/sql";
    meta.tx_id = tx_id_;
    meta.is_file = false;
    sink.OnBodyBegin(meta);
    side.body_open = true;
  }

  void EndMessage(Side& side, Direction direction, MessageSink& sink) noexcept {
    switch (side.type) {
      case tds::kBatch:
        if (!side.started) StartStatement(side, direction, sink);
        if (side.body_open) return;
        Open("sql_batch", sink);
        shown_.assign(side.message, 0, tds::kMaxShown);
        if (!side.message.empty()) sink.OnField("tds.query", {}, direction, AsBytes(side.message));
        if (!side.message.empty()) sink.OnRequest({.method = "query", .target = side.message});
        return;
      case tds::kRpc: return OnCall(AsBytes(side.message), direction, sink);
      case tds::kLogin: return OnLogin(AsBytes(side.message), direction, sink);
      case tds::kAnswer:
        if (!open_) Open(nullptr, sink);
        rows_ = side.tokens.rows();
        error_ = side.tokens.error();
        server_version_ = side.tokens.server_version();
        answered_ = true;
        return Write(sink);
      default: return;
    }
  }

  void OnCall(Bytes message, Direction direction, MessageSink& sink) noexcept {
    tds::Call call;
    if (!tds::ReadCall(message, call)) sink.OnAnomaly("malformed_request");
    Open("rpc", sink);
    shown_ = call.procedure.substr(0, tds::kMaxShown);
    if (!shown_.empty()) sink.OnField("tds.rpc", "procedure", direction, AsBytes(shown_));
    for (const tds::Parameter& p : call.parameters) {
      sink.OnField("tds.rpc", p.name == "stmt" ? std::string_view() : p.name, direction, AsBytes(p.value));
    }
  }

  void OnLogin(Bytes message, Direction direction, MessageSink& sink) noexcept {
    Open("login", sink);
    if (!tds::ReadLogin(message, login_)) {
      sink.OnAnomaly("malformed_request");
      return;
    }
    for (Side& side : sides_) side.tokens.set_old_version(login_.version < kVersion72);
    const auto field = [&](const char* name, const std::string& value) {
      if (!value.empty()) sink.OnField("tds.login", name, direction, AsBytes(value));
    };
    field("user", login_.user);
    field("password", login_.password);
    field("client_host", login_.client_host);
    field("application", login_.application);
    field("database", login_.database);
    if (!login_.server.empty()) sink.OnServerName(login_.server);
    login_.password.clear();
  }

  void Open(const char* command, MessageSink& sink) noexcept {
    Write(sink);
    open_ = true;
    command_ = command;
    shown_.clear();
    error_.clear();
    rows_ = 0;
    answered_ = false;
  }

  void Write(MessageSink& sink) noexcept {
    if (!std::exchange(open_, false)) return;
    if (sink.WantsEvent("tds")) {
      std::string scratch;
      const auto string = [&](const char* key, const std::string& value, Privacy privacy) {
        if (!value.empty()) event.String(key, framing::Printable(value, scratch), privacy);
      };
      event.Clear();
      event.BeginObject("tds");
      const std::string_view command = command_ == nullptr ? std::string_view() : command_;
      if (command_ != nullptr) event.String("command", command);
      if (command == "sql_batch") string("query", shown_, Privacy::kIdentifier);
      if (command == "rpc") string("procedure", shown_, Privacy::kIdentifier);
      if (command == "login") {
        string("user", login_.user, Privacy::kPersonal);
        string("database", login_.database, Privacy::kIdentifier);
        string("application", login_.application, Privacy::kIdentifier);
        string("client_host", login_.client_host, Privacy::kIdentifier);
        string("server_host", login_.server, Privacy::kPublic);
        string("server_version", server_version_, Privacy::kPublic);
      }
      if (answered_) event.Boolean("success", error_.empty()).Integer("rows", static_cast<std::int64_t>(rows_));
      string("error", error_, Privacy::kIdentifier);
      event.EndObject();
      sink.OnEvent("tds", tx_id_, client_, event);
    }
    ++tx_id_;
  }

  std::array<Side, 2> sides_;
  Direction client_ = Direction::kToServer;
  std::uint64_t packets_ = 0;

  // The request at hand.
  bool open_ = false, answered_ = false;
  const char* command_ = nullptr;
  std::uint32_t tx_id_ = 0;
  std::uint64_t rows_ = 0;
  std::string shown_, error_, server_version_;
  tds::Login login_;
};

}  // namespace

const ProtocolInfo kTds = {"tds",
                           true,
                           false,
                           tds::ProbeTds,
                           []() -> std::unique_ptr<Parser> { return std::make_unique<TdsParser>(); },
                           FirstOctets::AnyOf(tds::kTypes)};

}  // namespace gander::protocol
