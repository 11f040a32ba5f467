// SPDX-License-Identifier: Apache-2.0
// What a complete head means: pairing of requests with responses, framing of the body (RFC 9112 §6.3), change
// of protocol.
#include "protocol/http_message/head.h"
#include "protocol/http/parser.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http {
namespace {

constexpr int kContinueStatus = 100, kSwitchingProtocols = 101, kNoContent = 204, kPartialContent = 206,
              kNotModified = 304, kRangeNotSatisfiable = 416;

bool IsInterim(int status) noexcept {
  return status >= kContinueStatus && status < 200 && status != kSwitchingProtocols;
}

}  // namespace

ParseStatus HttpParser::EndHead(Side& side, HeadReader& head, MessageSink& sink) noexcept {
  recognised_ = true;
  if (head.truncated()) {
    sink.OnAnomaly(IsRequest(side) ? "request_field_too_long" : "response_field_too_long");
  }
  if (head.folded()) {
    sink.OnAnomaly(IsRequest(side) ? "invalid_request_field_folding" : "invalid_response_field_folding");
  }
  side.damaged = false;
  side.encoded = false;
  side.body_bytes = 0;
  side.stage = Stage::kStart;
  const ParseStatus status =
      IsRequest(side) ? EndRequestHead(side, head.head(), sink) : EndResponseHead(side, head.head(), sink);
  side.end_may_follow = head.odd_end();
  head.Clear();
  return status;
}

Exchange& HttpParser::PushExchange(MessageSink& sink) {
  if (exchanges_.full()) EmitFront(-1, sink);
  Exchange& exchange = exchanges_.Push();
  exchange.Begin(next_tx_++, sink.WantsEvent("http"));
  return exchange;
}

ParseStatus HttpParser::EndRequestHead(Side& side, std::string_view lines, MessageSink& sink) {
  const std::string_view first = TakeLine(lines);
  RequestLine line;
  if (!ParseRequestLine(first, line)) {
    sink.OnAnomaly("request_line_invalid");
    sink.OnField("http.request.line", {}, side.direction, AsBytes(first));
    BeginSearch(side, sink);
    return ParseStatus::kContinue;
  }
  if (!line.words.empty()) {
    sink.OnField("http.request.url", "url", side.direction, AsBytes(PercentDecode(line.words, true, scratch_)));
  }
  HeadFacts facts;
  ReadHeaders(lines, true, side.direction, facts, scratch_, sink);
  Exchange& exchange = PushExchange(sink);
  exchange.AddRequest(line, facts);
  std::string_view authority = facts.host;
  if (authority.empty()) authority = exchange.is_connect ? line.target : AuthorityOf(line.target);
  if (!authority.empty()) sink.OnServerName(SplitAuthority(authority).host);
  TellRequest(line.method, line.target, SplitAuthority(authority).host, facts, sink);
  if (authority.empty() && line.version == "HTTP/1.1") sink.OnAnomaly("missing_host_header");
  side.tx_id = exchange.tx_id;
  if (facts.chunked) {
    if (facts.has_length) sink.OnAnomaly("content_length_with_chunked_in_request");
    side.stage = Stage::kChunkLine;
  } else if (facts.content_length > 0) {
    side.remaining = static_cast<std::uint64_t>(facts.content_length);
    side.stage = Stage::kBody;
  } else {
    return ParseStatus::kContinue;
  }
  BeginBody(side, facts, exchange, 0, sink);
  return ParseStatus::kContinue;
}

ParseStatus HttpParser::EndResponseHead(Side& side, std::string_view lines, MessageSink& sink) {
  StatusLine line;
  if (!ParseStatusLine(TakeHeaderLine(lines), line)) sink.OnAnomaly("response_line_invalid");
  HeadFacts facts;
  ReadHeaders(lines, false, side.direction, facts, scratch_, sink);
  if (IsInterim(line.status)) return ParseStatus::kContinue;
  if (exchanges_.empty()) {
    if (next_tx_ > 0) sink.OnAnomaly("unable_to_match_response_to_request");
    PushExchange(sink);
  }
  Exchange& exchange = exchanges_.front();
  exchange.AddResponse(line, facts);
  TellAnswer(exchange.url(), line.status, facts, sink);
  side.tx_id = exchange.tx_id;
  if (line.status == kRangeNotSatisfiable) {
    side.range.EndsAt(exchange.resource, ParseContentRange(facts.content_range).size, side.direction, sink);
  }
  const bool tunnel = exchange.is_connect && line.status >= 200 && line.status < 300;
  const bool has_body = facts.chunked || facts.content_length > 0;
  // Without a word of an upgrade it is an answer like others.
  const bool switches = line.status == kSwitchingProtocols && (!facts.upgrade.empty() || !has_body);
  if (tunnel || switches) {
    if (!tunnel) SetSuccessor(facts);
    for (Side& each : sides_) each.range.Drop(each.direction, BodyEnd::kTruncated, sink);
    EmitFront(0, sink);
    return ParseStatus::kSwitch;
  }
  // 204 and 304 have no body, but some send the one they announce: what comes next tells.
  const bool bodiless = exchange.is_head || line.status == kNoContent || line.status == kNotModified;
  side.may_lack_body = bodiless && has_body && !exchange.is_head && !(facts.chunked && line.status == kNotModified);
  if (bodiless && !side.may_lack_body) {
    EmitFront(0, sink);
    return ParseStatus::kContinue;
  }
  if (facts.chunked) {
    if (facts.has_length) sink.OnAnomaly("content_length_with_chunked_in_response");
    side.stage = Stage::kChunkLine;
  } else if (facts.has_length && !facts.length_ambiguous) {
    if (facts.content_length == 0) {
      EmitFront(0, sink);
      return ParseStatus::kContinue;
    }
    side.remaining = static_cast<std::uint64_t>(facts.content_length);
    side.stage = Stage::kBody;
  } else {
    side.stage = Stage::kUntilClose;
  }
  BeginBody(side, facts, exchange, line.status, sink);
  return ParseStatus::kContinue;
}

// The upgrades that are read here (RFC 6455 §4.2.2, RFC 7540 §3.2); what else was agreed on is probed.
void HttpParser::SetSuccessor(const HeadFacts& facts) {
  if (EqualsNoCase(facts.upgrade, "websocket")) {
    successor_ = "websocket";
    successor_command_ = facts.websocket_extensions;
  } else if (EqualsNoCase(facts.upgrade, "h2c")) {
    successor_ = "http2";
  }
}

ExpectedFlow HttpParser::Successor() const noexcept { return {.protocol = successor_, .command = successor_command_}; }

void HttpParser::BeginBody(Side& side, const HeadFacts& facts, const Exchange& exchange, int status,
                           MessageSink& sink) {
  BodyMeta meta;
  meta.where = IsRequest(side) ? "http.request.body" : "http.response.body";
  meta.direction = side.direction;
  meta.content_type = facts.content_type;
  meta.content_encoding = EqualsNoCase(facts.content_encoding, "identity") ? "" : facts.content_encoding;
  meta.file_name = DispositionFileName(facts.disposition, scratch_);
  if (meta.file_name.empty()) meta.file_name = exchange.FileName();
  meta.declared_length = facts.chunked || facts.length_ambiguous ? -1 : facts.content_length;
  meta.tx_id = exchange.tx_id;
  meta.range_part = status == kPartialContent;
  BeginRange(side, facts, exchange, meta, sink);
  side.encoded = !meta.content_encoding.empty();
  side.chunk_line.Clear();
  side.body_open = true;
  side.body_bytes = 0;
  side.tx_id = exchange.tx_id;
  sink.OnBodyBegin(meta);
}

// Whether the body is a stretch of a larger one, and of which.
void HttpParser::BeginRange(Side& side, const HeadFacts& facts, const Exchange& exchange, BodyMeta& meta,
                            MessageSink& sink) noexcept {
  RangeOf of;
  if (!facts.content_range.empty() && (meta.range_part || IsRequest(side))) {
    meta.range = ParseContentRange(facts.content_range);
    of = IdentifyRange(exchange.resource, facts.etag, meta.content_encoding);
  }
  side.range.Begin(of, meta, sink);
}

void HttpParser::EndMessage(Side& side, BodyEnd end, HeadReader* trailers, MessageSink& sink) noexcept {
  CloseBody(side, end, sink);
  if (side.stage == Stage::kTrailers && trailers != nullptr) {
    trailers->Finish();
    HeadFacts facts;
    ReadHeaders(trailers->head(), IsRequest(side), side.direction, facts, scratch_, sink);
    trailers->Clear();
  }
  side.stage = Stage::kStart;
  if (!IsRequest(side) && !exchanges_.empty()) EmitFront(static_cast<std::int64_t>(side.body_bytes), sink);
}

void HttpParser::DescribeTransaction(std::uint32_t tx_id, Record& out) const {
  const Exchange* exchange = exchanges_.Find(tx_id);
  if (exchange == nullptr || !exchange->record) return;
  const Side& response = sides_[Index(Opposite(client_))];
  const bool answering = response.tx_id == tx_id && exchange->answered;
  out.Append(*exchange->record);
  out.Integer("length", answering ? static_cast<std::int64_t>(response.body_bytes) : 0).EndObject();
}

void HttpParser::EmitFront(std::int64_t length, MessageSink& sink) noexcept {
  Exchange& exchange = exchanges_.front();
  if (exchange.record) {
    exchange.Complete(length);
    sink.OnEvent("http", exchange.tx_id, client_, *exchange.record);
  }
  exchanges_.Pop();
}

}  // namespace gander::protocol::http
