// SPDX-License-Identifier: Apache-2.0
// Heads and bodies out of datagrams and streams.
#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/renew.h"
#include "protocol/mime/header_value.h"
#include "protocol/sip/head.h"
#include "protocol/sip/sdp.h"
#include "protocol/sip/sip.h"

namespace gander::protocol {
namespace {

// Where the head ends: behind the empty line; npos while it has not been seen.
std::size_t HeadEnd(std::string_view text) noexcept {
  const std::size_t crlf = text.find("\r\n\r\n"), lf = text.find("\n\n");
  return std::min(crlf == text.npos ? crlf : crlf + 4, lf == text.npos ? lf : lf + 2);
}

class SipParser final : public Parser {
 public:
  ParseStatus OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept override {
    Side& side = sides_[Index(chunk.direction)];
    if (chunk.gap_before > 0) Lose(side, chunk.direction, sink);
    Bytes rest = chunk.bytes;
    while (!rest.empty()) {
      if (side.body_open) {
        ReadBody(side, chunk.direction, rest, sink);
      } else if (!ReadHead(side, chunk, rest, sink)) {
        return ParseStatus::kNotThis;
      }
    }
    // What a datagram left open ends with it.
    if (chunk.datagram) CloseAll(side, chunk.direction, sink);
    return ParseStatus::kContinue;
  }

  void OnEnd(Direction direction, MessageSink& sink) noexcept override {
    CloseAll(sides_[Index(direction)], direction, sink);
  }

  void Reset() noexcept override { Renew(*this, {}, &SipParser::record_); }

 private:
  struct Side {
    std::string head;  // of a message that spans chunks
    bool body_open = false, lost = false;
    bool describes = false;  // the body is a session description
    std::uint64_t left = 0;  // of the body
    sip::SdpReader description;
  };

  static void CloseAll(Side& side, Direction direction, MessageSink& sink) noexcept {
    if (side.body_open) sink.OnBodyEnd(direction, BodyEnd::kTruncated);
    side.body_open = false;
    std::string().swap(side.head);
  }

  static void Lose(Side& side, Direction direction, MessageSink& sink) noexcept {
    if (side.body_open) sink.OnBodyEnd(direction, BodyEnd::kGap);
    side.body_open = false;
    std::string().swap(side.head);
    side.lost = true;
  }

  static void ReadBody(Side& side, Direction direction, Bytes& rest, MessageSink& sink) noexcept {
    const Bytes part = TakeFront(rest, static_cast<std::size_t>(std::min<std::uint64_t>(side.left, rest.size())));
    side.left -= part.size();
    sink.OnBodyPart(direction, part);
    if (side.describes) side.description.Feed(part, sink);
    if (side.left > 0) return;
    side.body_open = false;
    sink.OnBodyEnd(direction, BodyEnd::kComplete);
    if (side.describes) side.description.End(sink);
  }

  // False when this is no SIP.
  bool ReadHead(Side& side, const stream::StreamChunk& chunk, Bytes& rest, MessageSink& sink) noexcept {
    // Line ends between messages keep a connection alive (RFC 5626 §3.5.1).
    if (side.head.empty()) {
      const std::size_t blank = std::min(AsText(rest).find_first_not_of("\r\n"), rest.size());
      (void)TakeFront(rest, blank);
      if (rest.empty()) return true;
    }
    const std::string_view text = AsText(rest);
    if (side.head.empty()) {
      const Probe begin = sip::MayStart(text);
      if (side.lost && begin != Probe::kYes) {
        sink.OnFate(ByteFate::kOpaqueBinary, TakeFront(rest, rest.size()).size());
        return true;
      }
      side.lost = false;
      const std::size_t end = chunk.datagram ? std::min(HeadEnd(text), text.size()) : HeadEnd(text);
      if (end != text.npos) {
        (void)TakeFront(rest, end);
        return OnHead(side, text.substr(0, end), chunk, rest, sink);
      }
    }
    // The end may lie across the seam.
    const std::size_t seam = side.head.size() > 3 ? side.head.size() - 3 : 0;
    const std::size_t before = side.head.size();
    side.head += text;
    const std::size_t found = HeadEnd(std::string_view(side.head).substr(seam));
    if (found == std::string_view::npos) {
      (void)TakeFront(rest, rest.size());
      if (side.head.size() <= sip::kMaxHead) return true;
      sink.OnAnomaly("sip_head_too_long");
      sink.OnFate(ByteFate::kLostParserCap, side.head.size() - before);
      std::string().swap(side.head);
      side.lost = true;
      return messages_ > 0;
    }
    const std::size_t end = seam + found;
    (void)TakeFront(rest, end - before);
    std::string head = std::move(side.head);
    side.head.clear();
    head.resize(end);
    return OnHead(side, head, chunk, rest, sink);
  }

  bool OnHead(Side& side, std::string_view head, const stream::StreamChunk& chunk, Bytes rest,
              MessageSink& sink) noexcept {
    sip::StartLine start;
    std::string_view line = head.substr(0, head.find('\n'));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!sip::ReadStartLine(line, start)) {
      if (messages_ == 0) return false;
      sink.OnAnomaly("malformed_data");
      side.lost = true;
      return true;
    }
    head.remove_prefix(std::min(line.size() + 1, head.size()));
    if (!head.empty() && head[0] == '\n') head.remove_prefix(1);
    if (start.request) sink.OnField("sip.uri", "sip", chunk.direction, AsBytes(start.uri));
    std::int64_t length = -1;
    std::string_view name, value, type, encoding;
    for (std::size_t i = 0; sip::NextField(head, name, value); ++i) {
      name = sip::LongName(name);
      if (mime::EqualsIgnoreCase(name, "Content-Length")) {
        std::from_chars(value.data(), value.data() + value.size(), length);
      } else if (mime::EqualsIgnoreCase(name, "Content-Type")) {
        type = value;
      } else if (mime::EqualsIgnoreCase(name, "Content-Encoding")) {
        encoding = value;
      } else if (i < sip::kMaxFields && !value.empty()) {
        sink.OnField("sip.header", name, chunk.direction, AsBytes(value));
      }
    }
    Tell(start, chunk.direction, sink);
    BeginBody(side, chunk, length, type, encoding, rest.size(), sink);
    ++messages_;
    return true;
  }

  // In a datagram the body is what is left of it; in a stream only what the head states (RFC 3261 §18.3).
  void BeginBody(Side& side, const stream::StreamChunk& chunk, std::int64_t length, std::string_view type,
                 std::string_view encoding, std::size_t rest, MessageSink& sink) noexcept {
    if (length < 0) length = chunk.datagram ? static_cast<std::int64_t>(rest) : 0;
    if (length == 0) return;
    BodyMeta meta;
    meta.where = "sip.body";
    meta.is_file = false;
    meta.direction = chunk.direction;
    meta.content_type = type;
    meta.content_encoding = encoding;
    meta.declared_length = length;
    meta.tx_id = messages_;
    side.describes = mime::EqualsIgnoreCase(type.substr(0, type.find_first_of("; \t")), "application/sdp");
    side.description.Reset();
    side.left = static_cast<std::uint64_t>(length);
    side.body_open = true;
    sink.OnBodyBegin(meta);
  }

  void Tell(const sip::StartLine& start, Direction direction, MessageSink& sink) noexcept {
    record_.Clear();
    record_.BeginObject("sip");
    if (start.request) {
      record_.String("method", start.method)
          .String("uri", start.uri, Privacy::kIdentifier)
          .String("version", "SIP/2.0");
      record_.String("request_line", start.line, Privacy::kIdentifier);
    } else {
      record_.String("version", "SIP/2.0").String("code", start.code).String("reason", start.reason);
      record_.String("response_line", start.line);
    }
    record_.EndObject();
    sink.OnEvent("sip", messages_, direction, record_);
  }

  std::array<Side, 2> sides_;
  Record record_;
  std::uint32_t messages_ = 0;
};

Probe ProbeSip(const ProbeInput& input) noexcept {
  const Probe answer = sip::MayStart(AsText(input.bytes));
  return answer == Probe::kNeedMore && input.transport != ip_proto::kTcp ? Probe::kNo : answer;
}

std::unique_ptr<Parser> Create() { return std::make_unique<SipParser>(); }

}  // namespace

const ProtocolInfo kSip = {"sip", true, true, ProbeSip, Create, FirstOctets{}.Range('A', 'Z')};

}  // namespace gander::protocol
