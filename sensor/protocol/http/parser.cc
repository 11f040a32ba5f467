// SPDX-License-Identifier: Apache-2.0
// The walk through a direction: finding messages, and bodies by their framing. Heads are read in messages.cc.
#include "protocol/http/parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/renew.h"
#include "protocol/http/http.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http {
namespace {

// Servers pass over line ends before a request (RFC 9112 §2.2), browsers over more before a response.
bool IsPassedOver(char c, bool request) noexcept {
  return c == '\r' || c == '\n' || (!request && static_cast<unsigned char>(c) <= ' ');
}

}  // namespace

ParseStatus HttpParser::OnChunk(const stream::StreamChunk& chunk, MessageSink& sink) noexcept {
  Orient(chunk);
  Side& side = sides_[Index(chunk.direction)];
  side.direction = chunk.direction;
  consumed_ = 0;
  if (chunk.gap_before > 0) OnGap(side, chunk.gap_before, sink);
  Bytes rest = chunk.bytes;
  while (!rest.empty()) {
    const ParseStatus status = Step(side, rest, sink);
    if (status != ParseStatus::kContinue) {
      consumed_ = chunk.bytes.size() - rest.size();
      return status;
    }
  }
  return ParseStatus::kContinue;
}

// A connection picked up in the middle may have its ends swapped: who speaks "HTTP/" first is the server.
void HttpParser::Orient(const stream::StreamChunk& chunk) noexcept {
  if (oriented_ || chunk.bytes.empty()) return;
  oriented_ = true;
  const std::string_view text = Trim(AsText(chunk.bytes).substr(0, kStartBytes));
  if (text.size() > 1 && ResponseStart(text) != Probe::kNo) {
    client_ = Opposite(chunk.direction);
  } else if (RequestStart(text, true) == Probe::kYes) {
    client_ = chunk.direction;
  }
  sides_[0].direction = Direction::kToServer;
  sides_[1].direction = Direction::kToClient;
}

ParseStatus HttpParser::Step(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  if (side.end_may_follow) [[unlikely]] PassLineEnd(side, rest);
  if (rest.empty()) return ParseStatus::kContinue;
  switch (side.stage) {
    case Stage::kStart:
      return Start(side, rest, sink);
    case Stage::kHead:
    case Stage::kTrailers:
      return ReadHead(side, rest, sink);
    case Stage::kBody:
      if (side.may_lack_body && LacksBody(side, rest, sink)) return ParseStatus::kContinue;
      [[fallthrough]];
    case Stage::kChunkData:
      ReadData(side, rest, sink);
      break;
    case Stage::kChunkLine:
      ReadChunkLine(side, rest, sink);
      break;
    case Stage::kChunkEnd: {
      const char c = AsText(rest).front();
      if (c == '\r' || c == '\n') rest = rest.subspan(1);
      if (c != '\r') side.stage = Stage::kChunkLine;
      break;
    }
    case Stage::kUntilClose:
      BodyPart(side, TakeFront(rest, rest.size()), sink);
      break;
    case Stage::kSearch:
      Search(side, rest, sink);
      break;
  }
  return ParseStatus::kContinue;
}

void HttpParser::PassLineEnd(Side& side, Bytes& rest) noexcept {
  const char c = AsText(rest).front();
  side.end_may_follow = c == '\r';
  if (c == '\r' || c == '\n') rest = rest.subspan(1);
}

Probe HttpParser::JudgeStart(const Side& side, Bytes rest) const noexcept {
  char first[2 * kStartBytes];
  std::memcpy(first, side.pending.data(), side.pending_count);
  const std::size_t n = std::min(rest.size(), kStartBytes);
  std::memcpy(first + side.pending_count, rest.data(), n);
  const std::string_view text(first, side.pending_count + n);
  if (!IsRequest(side)) return ResponseStart(text);
  return RequestStart(text, side.stage == Stage::kSearch);
}

// Whether another message begins where a body was announced that must not be there, or it is too early to say.
bool HttpParser::LacksBody(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  switch (JudgeStart(side, rest)) {
    case Probe::kYes:
      EndMessage(side, BodyEnd::kComplete, sink);
      BeginHead(side);
      break;
    case Probe::kNeedMore:
      std::memcpy(side.pending.data() + side.pending_count, rest.data(), rest.size());
      side.pending_count = static_cast<std::uint8_t>(side.pending_count + rest.size());
      rest = {};
      break;
    case Probe::kNo:
      side.may_lack_body = false;
      side.remaining -= std::min<std::uint64_t>(side.remaining, side.pending_count);
      FlushPending(side, sink);
      return false;
  }
  return true;
}

HeadReader& HttpParser::HeadOf(Side& side) {
  if (side.head == nullptr) side.head = std::make_unique<HeadReader>();
  return *side.head;
}

void HttpParser::BeginHead(Side& side) noexcept {
  if (side.head != nullptr) side.head->Clear();
  Bytes pending = AsBytes(std::string_view(side.pending.data(), side.pending_count));
  if (!pending.empty()) HeadOf(side).Feed(pending, false);
  side.pending_count = 0;
  side.stage = Stage::kHead;
}

// Lines of a head or of trailers.
ParseStatus HttpParser::ReadHead(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  const bool trailers = side.stage == Stage::kTrailers;
  HeadReader of_this_chunk;
  HeadReader& head = side.head != nullptr ? *side.head : of_this_chunk;
  const bool done = head.Feed(rest, !trailers && IsRequest(side));
  if (const std::uint64_t n = head.TakeDropped(); n > 0) sink.OnFate(ByteFate::kLostParserCap, n);
  if (!done) {
    if (side.head == nullptr) HeadOf(side) = std::move(of_this_chunk);
    return ParseStatus::kContinue;
  }
  if (!trailers) return EndHead(side, head, sink);
  EndMessage(side, BodyEnd::kComplete, &head, sink);
  return ParseStatus::kContinue;
}

ParseStatus HttpParser::Start(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  if (side.pending_count == 0) {
    while (!rest.empty() && IsPassedOver(AsText(rest).front(), IsRequest(side))) rest = rest.subspan(1);
    if (rest.empty()) return ParseStatus::kContinue;
  }
  switch (JudgeStart(side, rest)) {
    case Probe::kYes:
      BeginHead(side);
      return ParseStatus::kContinue;
    case Probe::kNeedMore:
      std::memcpy(side.pending.data() + side.pending_count, rest.data(), rest.size());
      side.pending_count = static_cast<std::uint8_t>(side.pending_count + rest.size());
      rest = {};
      return ParseStatus::kContinue;
    case Probe::kNo:
      break;
  }
  if (!IsRequest(side) && !exchanges_.empty() && exchanges_.front().is_simple) {
    BeginBody(side, {}, exchanges_.front(), 0, sink);
    side.stage = Stage::kUntilClose;
    FlushPending(side, sink);
    return ParseStatus::kContinue;
  }
  if (!recognised_ && side.pending_count == 0) return ParseStatus::kNotThis;
  sink.OnAnomaly(IsRequest(side) ? "request_line_invalid" : "response_line_invalid");
  BeginSearch(side, sink);
  return ParseStatus::kContinue;
}

void HttpParser::BeginSearch(Side& side, MessageSink& sink) noexcept {
  CloseBody(side, BodyEnd::kGap, sink);
  side.stage = Stage::kSearch;
  side.damaged = true;
  side.encoded = false;
  FlushPending(side, sink);
  side.at_line_start =
      true;  // the place where it got lost may itself start a message, above all behind a gap
}

// What is passed over may be the rest of a body, so it is handed on as one.
void HttpParser::Search(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  if (side.at_line_start) {
    switch (JudgeStart(side, rest)) {
      case Probe::kYes:
        CloseBody(side, BodyEnd::kComplete, sink);
        side.damaged = false;
        return BeginHead(side);
      case Probe::kNeedMore:
        std::memcpy(side.pending.data() + side.pending_count, rest.data(), rest.size());
        side.pending_count = static_cast<std::uint8_t>(side.pending_count + rest.size());
        rest = {};
        return;
      case Probe::kNo:
        FlushPending(side, sink);
        side.at_line_start = false;
    }
  }
  const std::string_view text = AsText(rest);
  std::size_t end = text.size();
  for (std::size_t lf = text.find('\n'); lf != text.npos; lf = text.find('\n', lf + 1)) {
    const char next = lf + 1 < text.size() ? text[lf + 1] : 'H';
    if (next < 'A' || next > 'i') continue;  // no message starts like that
    end = lf + 1;
    side.at_line_start = true;
    break;
  }
  BodyPart(side, TakeFront(rest, end), sink);
}

void HttpParser::OnGap(Side& side, std::uint64_t gap, MessageSink& sink) noexcept {
  if (side.may_lack_body && side.stage == Stage::kBody) {
    EndMessage(side, BodyEnd::kGap, sink);
    return BeginSearch(side, sink);
  }
  const bool framed = side.stage == Stage::kBody || side.stage == Stage::kChunkData;
  if (framed && gap <= side.remaining) {
    if (!BridgeGap(side, gap, sink)) CloseBody(side, BodyEnd::kGap, sink);
    side.damaged = true;
    side.remaining -= gap;
    if (side.remaining > 0) return;
    if (side.stage == Stage::kBody) return EndMessage(side, BodyEnd::kGap, sink);
    side.stage = Stage::kChunkEnd;
    return;
  }
  switch (side.stage) {
    case Stage::kUntilClose:
      if (!BridgeGap(side, gap, sink)) CloseBody(side, BodyEnd::kGap, sink);
      side.damaged = true;
      return;
    case Stage::kBody:
      BridgeGap(side, side.remaining, sink);  // its end was lost
      break;
    case Stage::kHead:
      HeadOf(side).Finish();
      if (EndHead(side, *side.head, sink) != ParseStatus::kContinue) return;
      break;
    case Stage::kStart:
    case Stage::kSearch:
      return BeginSearch(side, sink);
    default:
      break;
  }
  if (side.stage != Stage::kStart && side.stage != Stage::kSearch) EndMessage(side, BodyEnd::kGap, sink);
  BeginSearch(side, sink);
}

// Whether the body at hand can be read on behind `gap` bytes of it.
bool HttpParser::BridgeGap(Side& side, std::uint64_t gap, MessageSink& sink) noexcept {
  if (!side.body_open || side.encoded) return false;
  side.bridged = true;
  side.range.Pass(gap);
  sink.OnBodyGap(side.direction, gap);
  return true;
}

void HttpParser::ReadChunkLine(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  const std::span<char, ChunkLine::kSeen> kept = std::span(side.pending).first<ChunkLine::kSeen>();
  switch (side.chunk_line.Feed(rest, kept)) {
    case ChunkLine::State::kMore:
      return;
    case ChunkLine::State::kDone:
      side.remaining = side.chunk_line.size();
      side.stage = side.remaining > 0 ? Stage::kChunkData : Stage::kTrailers;
      side.chunk_line.Clear();
      if (side.remaining == 0 && side.head != nullptr) side.head->Clear();
      return;
    case ChunkLine::State::kInvalid:
      break;
  }
  if (std::exchange(side.may_lack_body, false) && side.chunk_line.seen() == 0 && side.body_bytes == 0) {
    return EndMessage(side, BodyEnd::kComplete, sink);
  }
  sink.OnAnomaly(IsRequest(side) ? "invalid_request_chunk_len" : "invalid_response_chunk_len");
  // Browsers take what follows as body up to the end of the connection; a server gives up the request.
  BodyPart(side, AsBytes(std::string_view(kept.data(), side.chunk_line.seen())), sink);
  side.chunk_line.Clear();
  if (IsRequest(side)) {
    EndMessage(side, BodyEnd::kTruncated, sink);
    BeginSearch(side, sink);
  } else {
    side.stage = Stage::kUntilClose;
  }
}

void HttpParser::ReadData(Side& side, Bytes& rest, MessageSink& sink) noexcept {
  const Bytes part =
      TakeFront(rest, static_cast<std::size_t>(std::min<std::uint64_t>(side.remaining, rest.size())));
  side.remaining -= part.size();
  BodyPart(side, part, sink);
  if (side.remaining > 0) return;
  if (side.stage == Stage::kBody) {
    EndMessage(side, BodyEnd::kComplete, sink);
  } else {
    side.stage = Stage::kChunkEnd;
  }
}

void HttpParser::BodyPart(Side& side, Bytes part, MessageSink& sink) noexcept {
  if (part.empty()) return;
  side.body_bytes += part.size();
  side.range.Pass(part.size());
  if (!side.body_open) {
    if (side.encoded) return sink.OnFate(ByteFate::kOpaqueUndecodable, part.size());
    // Behind a gap: a new text, no longer a file.
    BodyMeta meta;
    meta.where = IsRequest(side) ? "http.request.body" : "http.response.body";
    meta.direction = side.direction;
    meta.tx_id = side.tx_id;
    meta.range_part = true;
    side.range.Drop(side.direction, BodyEnd::kTruncated, sink);
    sink.OnBodyBegin(meta);
    side.body_open = true;
  }
  sink.OnBodyPart(side.direction, part);
}

void HttpParser::FlushPending(Side& side, MessageSink& sink) noexcept {
  const std::size_t n = std::exchange(side.pending_count, 0);
  BodyPart(side, AsBytes(std::string_view(side.pending.data(), n)), sink);
}

void HttpParser::CloseBody(Side& side, BodyEnd end, MessageSink& sink) noexcept {
  if (std::exchange(side.bridged, false)) end = BodyEnd::kGap;
  if (std::exchange(side.body_open, false)) sink.OnBodyEnd(side.direction, side.range.End(end));
}

void HttpParser::OnEnd(Direction direction, MessageSink& sink) noexcept {
  Side& side = sides_[Index(direction)];
  side.direction = direction;
  if (std::exchange(side.ended, true)) return;
  if (side.stage == Stage::kHead) {
    HeadOf(side).Finish();
    EndHead(side, *side.head, sink);
  }
  if (side.pending_count > 0) {
    side.damaged = true;
    FlushPending(side, sink);
  }
  switch (side.stage) {
    case Stage::kStart:
    case Stage::kHead:
    case Stage::kSearch:
      CloseBody(side, BodyEnd::kComplete, sink);
      break;
    case Stage::kUntilClose:
    case Stage::kTrailers:
      EndMessage(side, BodyEnd::kComplete, sink);
      break;
    default:
      EndMessage(side, side.may_lack_body && side.body_bytes == 0 ? BodyEnd::kComplete : BodyEnd::kTruncated, sink);
      break;
  }
  side.range.Drop(side.direction, BodyEnd::kTruncated, sink);
  if (!sides_[0].ended || !sides_[1].ended) return;
  while (!exchanges_.empty()) EmitFront(-1, sink);
}

void HttpParser::Reset() noexcept {
  if (scratch_.capacity() > kKeptBuffer) std::string().swap(scratch_);
  Renew(*this, {}, &HttpParser::sides_, &HttpParser::exchanges_, &HttpParser::scratch_,
        &HttpParser::successor_command_);
}

}  // namespace gander::protocol::http
