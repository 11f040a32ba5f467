// SPDX-License-Identifier: Apache-2.0
// One WebSocket connection: frames of both directions, fragments joined to messages.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "base/record.h"
#include "protocol/websocket/frame.h"
#include "protocol/websocket/inflater.h"
#include "protocol/websocket/websocket.h"

namespace gander::protocol {
namespace {

using websocket::Frame;
using websocket::Opcode;

class WebSocketParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    side.direction = chunk.direction;
    if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, sink);
    Bytes rest = chunk.bytes;
    while (!rest.empty()) {
      if (side.lost) {
        sink.OnFate(ByteFate::kOpaqueBinary, rest.size());
        break;
      }
      if (side.left > 0) {
        OnPayload(side, TakeFront(rest, static_cast<std::size_t>(std::min<std::uint64_t>(side.left, rest.size()))),
                  sink);
      } else if (side.header.Feed(rest, side.frame)) {
        BeginFrame(side, sink);
      }
    }
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(direction)];
    side.direction = direction;
    EndMessage(side, BodyEnd::kTruncated, sink);
  }

  // `command`: the extensions that the server agreed to.
  void SetExpectation(const ExpectedFlow& flow) noexcept override {
    const std::string_view extensions = flow.command;
    deflate_ = extensions.find("permessage-deflate") != extensions.npos;
    keep_window_[Index(Direction::kToServer)] = extensions.find("client_no_context_takeover") == extensions.npos;
    keep_window_[Index(Direction::kToClient)] = extensions.find("server_no_context_takeover") == extensions.npos;
  }

  void Reset() noexcept override {
    for (Side& side : sides_) {
      side.header.Clear();
      side.inflater.Reset();
      std::string().swap(side.text);
      side.left = side.position = 0;
      side.frame = {};
      side.is_text = false;
      side.tx_id = 0;
      side.in_message = side.body_open = side.lost = side.compressed = side.undecodable = false;
    }
    next_tx_ = 0;
    deflate_ = false;
    keep_window_ = {true, true};
  }

 private:
  struct Side {
    Direction direction = Direction::kToServer;
    websocket::FrameReader header;
    Frame frame;
    std::uint64_t left = 0, position = 0;  // of the frame's payload
    bool lost = false;                     // a gap hid where frames begin
    // The message that data frames add to.
    bool in_message = false, is_text = false, compressed = false, undecodable = false;
    bool body_open = false;
    std::uint32_t tx_id = 0;
    std::string text;  // of a text message that may still become a field
    websocket::Inflater inflater;
  };

  void BeginFrame(Side& side, MessageSink& sink) noexcept {
    const Frame& frame = side.frame;
    if (!frame.valid() || (frame.compressed && !deflate_)) {
      sink.OnAnomaly("invalid_frame");
      EndMessage(side, BodyEnd::kTruncated, sink);
      side.lost = true;
      return;
    }
    side.left = frame.length;
    side.position = 0;
    const std::uint32_t tx_id = next_tx_++;
    TellFrame(side, tx_id, sink);
    if (!frame.control()) {
      if (frame.opcode != static_cast<std::uint8_t>(Opcode::kContinuation)) BeginMessage(side, tx_id, sink);
      if (!side.in_message) {
        sink.OnAnomaly("continuation_without_message");
        BeginMessage(side, tx_id, sink);
      }
    }
    if (side.left == 0) EndFrame(side, sink);
  }

  static void TellFrame(const Side& side, std::uint32_t tx_id, MessageSink& sink) {
    if (!sink.WantsEvent("websocket")) return;
    Record record;
    record.BeginObject("websocket").Boolean("fin", side.frame.fin);
    if (side.frame.masked) {
      const auto& k = side.frame.key;
      record.Integer("mask", std::int64_t{k[0]} << 24 | k[1] << 16 | k[2] << 8 | k[3]);
    }
    record.String("opcode", websocket::NameOf(side.frame.opcode)).EndObject();
    sink.OnEvent("websocket", tx_id, side.direction, record);
  }

  void BeginMessage(Side& side, std::uint32_t tx_id, MessageSink& sink) noexcept {
    if (side.in_message) {
      sink.OnAnomaly("message_broken_off");
      EndMessage(side, BodyEnd::kTruncated, sink);
    }
    side.in_message = true;
    side.is_text = side.frame.opcode != static_cast<std::uint8_t>(Opcode::kBinary);
    side.compressed = side.frame.compressed;
    side.undecodable = side.compressed && !side.inflater.ok();
    side.tx_id = tx_id;
  }

  void OnPayload(Side& side, Bytes bytes, MessageSink& sink) noexcept {
    side.left -= bytes.size();
    while (!bytes.empty()) {
      const Bytes part = TakeFront(bytes, kPiece);
      std::byte clear[kPiece];
      const Bytes content = Unmask(side, part, clear);
      side.position += part.size();
      if (side.frame.control()) {
        if (side.frame.opcode == static_cast<std::uint8_t>(Opcode::kClose)) OnCloseReason(side, content, sink);
      } else if (side.undecodable) {
        sink.OnFate(ByteFate::kOpaqueUndecodable, part.size());
      } else if (side.compressed) {
        Inflate(side, content, sink);
      } else {
        OnContent(side, content, sink);
      }
    }
    if (side.left == 0) EndFrame(side, sink);
  }

  static Bytes Unmask(const Side& side, Bytes part, std::byte* clear) noexcept {
    if (!side.frame.masked) return part;
    for (std::size_t i = 0; i < part.size(); ++i) {
      clear[i] = part[i] ^ static_cast<std::byte>(side.frame.key[(side.position + i) & 3]);
    }
    return {clear, part.size()};
  }

  // Behind two octets of a code a close frame may say why; what it says is text of the peer's.
  static void OnCloseReason(const Side& side, Bytes content, MessageSink& sink) noexcept {
    const std::uint64_t begin = side.position - content.size();
    if (begin < 2)
      content = content.subspan(std::min<std::size_t>(content.size(), 2 - static_cast<std::size_t>(begin)));
    if (!content.empty()) sink.OnField("websocket.close", {}, side.direction, content);
  }

  void Inflate(Side& side, Bytes content, MessageSink& sink) noexcept {
    if (side.inflater.Feed(content, [&](Bytes out) { OnContent(side, out, sink); })) return;
    sink.OnAnomaly("invalid_compressed_message");
    sink.OnFate(ByteFate::kOpaqueUndecodable, content.size());
    side.undecodable = true;
  }

  // Whether the message up to `content` is short and has no structure of its own.
  static bool MayBeWords(const Side& side, Bytes content) noexcept {
    constexpr std::string_view kOpening = "{[<";
    const std::string_view more = AsText(content);
    const std::string_view begin = side.text.empty() ? more : std::string_view(side.text);
    return side.text.size() + more.size() <= websocket::kMaxField && more.find('\n') == more.npos &&
           (begin.empty() || kOpening.find(begin[0]) == kOpening.npos);
  }

  void OnContent(Side& side, Bytes content, MessageSink& sink) noexcept {
    if (side.is_text && !side.body_open && MayBeWords(side, content)) {
      side.text += AsText(content);
      return;
    }
    if (!side.body_open) {
      BodyMeta meta;
      meta.where = "websocket.message";
      meta.direction = side.direction;
      meta.content_type = side.is_text ? "text/plain" : "";
      meta.is_file = !side.is_text;
      meta.tx_id = side.tx_id;
      sink.OnBodyBegin(meta);
      side.body_open = true;
      if (!side.text.empty()) sink.OnBodyPart(side.direction, AsBytes(side.text));
      side.text.clear();
    }
    sink.OnBodyPart(side.direction, content);
  }

  void EndFrame(Side& side, MessageSink& sink) noexcept {
    if (side.frame.control() || !side.frame.fin) return;
    if (side.compressed && !side.undecodable) {
      side.inflater.Finish(keep_window_[Index(side.direction)], [&](Bytes out) { OnContent(side, out, sink); });
    }
    EndMessage(side, BodyEnd::kComplete, sink);
  }

  void EndMessage(Side& side, BodyEnd end, MessageSink& sink) noexcept {
    if (!std::exchange(side.in_message, false)) return;
    if (side.compressed && end != BodyEnd::kComplete) side.inflater.GiveUp();
    if (side.body_open) {
      sink.OnBodyEnd(side.direction, end);
    } else if (!side.text.empty()) {
      sink.OnField("websocket.message", {}, side.direction, AsBytes(side.text));
    }
    side.body_open = side.undecodable = false;
    side.text.clear();
  }

  void OnGap(Side& side, std::uint64_t gap, MessageSink& sink) noexcept {
    if (side.lost) return;
    const bool framed = side.left >= gap;
    if (!side.frame.control() || !framed) {
      const Frame frame = side.frame;
      EndMessage(side, BodyEnd::kGap, sink);
      side.inflater.GiveUp();  // the window is not what the sender has
      if (framed) {
        // What is left of it is another text.
        side.in_message = true;
        side.compressed = frame.compressed || side.compressed;
        side.undecodable = side.compressed;
      }
    }
    if (!framed) {
      side.lost = true;
      side.left = 0;
      side.header.Clear();
      return;
    }
    side.left -= gap;
    side.position += gap;
    if (side.left == 0) EndFrame(side, sink);
  }

  static constexpr std::size_t kPiece = 4096;

  std::array<Side, 2> sides_;
  std::array<bool, 2> keep_window_{true, true};
  std::uint32_t next_tx_ = 0;
  bool deflate_ = false;
};

std::unique_ptr<Parser> Create() { return std::make_unique<WebSocketParser>(); }

}  // namespace

const ProtocolInfo kWebSocket = {"websocket", true, false, nullptr, Create};

}  // namespace gander::protocol
