// SPDX-License-Identifier: Apache-2.0
// What frames mean: header blocks become requests and responses, settings and errors become facts of events.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/byte_reader.h"
#include "protocol/http2/http2.h"
#include "protocol/http2/parser.h"
#include "protocol/http_message/head.h"
#include "protocol/http_message/syntax.h"

namespace gander::protocol::http2 {
namespace {

constexpr int kPartialContent = 206, kRangeNotSatisfiable = 416;

// Payload of HEADERS or PUSH_PROMISE without its padding. False when there is more padding than payload.
bool TakePadding(const FrameHeader& frame, Bytes& payload) noexcept {
  if (!frame.Has(flag::kPadded)) return true;
  ByteReader r(payload);
  const std::size_t padding = r.U8();
  if (r.failed() || padding > r.remaining()) return false;
  payload = r.rest().first(r.remaining() - padding);
  return true;
}

// Who reads an event may see what a browser sent, but for what lets him in.
Privacy PrivacyOf(std::string_view name) noexcept {
  for (const std::string_view secret : {"authorization", "proxy-authorization", "cookie", "set-cookie"}) {
    if (http::EqualsNoCase(name, secret)) return Privacy::kSecret;
  }
  return Privacy::kIdentifier;
}

void AddHeaders(const HeaderList& list, Record& out) {
  for (const HeaderList::Field& f : list.fields) {
    const std::string_view name = list.name(f);
    out.BeginObject().String("name", name).String("value", list.value(f), PrivacyOf(name)).EndObject();
  }
}

int ToNumber(std::string_view text) noexcept {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void AddError(std::uint32_t code, Record& out) {
  const char* name = ErrorName(code);
  out.String("error_code", name != nullptr ? std::string(name) : std::to_string(code));
}

}  // namespace

void Http2Parser::OnHeaders(Side& side, Bytes payload, MessageSink& sink) {
  if (!TakePadding(side.frame, payload)) {
    side.decoder.GiveUp();
    return sink.OnAnomaly("invalid_padding");
  }
  if (side.frame.Has(flag::kPriority)) {
    ByteReader r(payload);
    r.Skip(4);  // dependency
    const std::uint8_t weight = r.U8();
    Stream& stream = streams_.Open(side.frame.stream, sink);
    Record& facts = IsRequest(side) ? stream.request : stream.response;
    if (!r.failed() && facts.empty()) facts.Integer("priority", weight);
    payload = r.rest();
  }
  BeginBlock(side, side.frame.stream, payload, false, side.frame.Has(flag::kEndStream), sink);
}

void Http2Parser::OnPushPromise(Side& side, Bytes payload, MessageSink& sink) {
  if (!TakePadding(side.frame, payload) || payload.size() < 4) {
    side.decoder.GiveUp();
    return sink.OnAnomaly("invalid_padding");
  }
  ByteReader behind(payload);
  const std::uint32_t promised = behind.U32() & 0x7fffffff;
  BeginBlock(side, promised, behind.rest(), true, false, sink);
}

void Http2Parser::BeginBlock(Side& side, std::uint32_t stream, Bytes fragment, bool promise, bool ends_stream,
                             MessageSink& sink) {
  side.block_stream = stream;
  side.block_is_promise = promise;
  side.block_ends_stream = ends_stream;
  side.block_overflowed = false;
  if (side.frame.Has(flag::kEndHeaders)) return EndBlock(side, fragment, sink);
  side.block_open = true;
  side.block = AsText(fragment);
}

void Http2Parser::OnContinuation(Side& side, Bytes payload, MessageSink& sink) {
  if (!side.block_open) return sink.OnAnomaly("continuation_without_headers");
  if (side.block.size() + payload.size() > kMaxHeaderBlock) {
    side.block_overflowed = true;
    sink.OnFate(ByteFate::kLostParserCap, payload.size());
  } else if (!side.block_overflowed) {
    side.block += AsText(payload);
  }
  if (!side.frame.Has(flag::kEndHeaders)) return;
  side.block_open = false;
  const std::string block = std::exchange(side.block, {});
  EndBlock(side, AsBytes(block), sink);
}

void Http2Parser::EndBlock(Side& side, Bytes block, MessageSink& sink) {
  list_.Clear();
  const bool was_blind = side.decoder.blind();
  if (side.block_overflowed) side.decoder.GiveUp();
  const bool decoded = side.decoder.Decode(block, list_);
  if (!decoded && !was_blind) sink.OnAnomaly(side.block_overflowed ? "header_block_too_long" : "invalid_header_block");
  if (list_.cut) sink.OnAnomaly("header_list_too_long");
  Stream& stream = streams_.Open(side.block_stream, sink);
  if (upgraded_ && stream.id == 1) stream.messages[Index(client_)].ended = true;
  // A promise is a request that the server thinks of.
  const bool request = IsRequest(side) != side.block_is_promise;
  OnHeaderList(side, stream, request, sink);
  const Direction asks = request == IsRequest(side) ? side.direction : Opposite(side.direction);
  if (side.block_is_promise) {
    streams_.EndMessage(stream, asks, BodyEnd::kComplete, sink);
  } else if (side.block_ends_stream) {
    streams_.EndMessage(stream, side.direction, BodyEnd::kComplete, sink);
  }
}

void Http2Parser::OnHeaderList(Side& side, Stream& stream, bool request, MessageSink& sink) {
  const Direction owner = request ? client_ : Opposite(client_);
  Message& message = stream.messages[Index(owner)];
  const bool trailers = message.begun;
  http::HeadFacts facts;
  http::ReadHeaders(list_.lines, request, side.direction, facts, scratch_, sink);
  if (!list_.path.empty()) {
    sink.OnField("http.request.url", "url", side.direction, AsBytes(http::PercentDecode(list_.path, true, scratch_)));
  }
  const int status = ToNumber(list_.status);
  const bool interim = status >= 100 && status < 200;
  if (sink.WantsEvent("http")) AddHeaders(list_, message.headers);
  if (trailers || interim) return;
  message.begun = true;
  message.declared_length = facts.content_length;
  message.content_type = facts.content_type;
  message.is_grpc = http::StartsWithNoCase(facts.content_type, "application/grpc");
  message.is_dns = !request && http::EqualsNoCase(http::MediaType(facts.content_type), "application/dns-message");
  const bool identity = http::EqualsNoCase(facts.content_encoding, "identity");
  message.content_encoding = identity ? "" : facts.content_encoding;
  message.partial = status == kPartialContent;
  if (request && (!facts.range.empty() || !facts.content_range.empty())) {
    stream.resource = http::HashResource(list_.authority.empty() ? facts.host : list_.authority, list_.path);
  }
  if (!facts.content_range.empty()) OnContentRange(stream, owner, status, facts, sink);
  message.file_name = http::DispositionFileName(facts.disposition, scratch_);
  if (message.is_grpc) {
    for (const HeaderList::Field& f : list_.fields) {
      if (list_.name(f) == "grpc-encoding" && list_.value(f) != "identity") message.content_encoding = list_.value(f);
    }
  }
  Record& out = stream.facts;
  if (request) {
    const std::string_view authority = list_.authority.empty() ? facts.host : std::string_view(list_.authority);
    const http::Authority peer = http::SplitAuthority(authority);
    if (!peer.host.empty()) {
      sink.OnServerName(peer.host);
      out.String("hostname", peer.host);
    }
    if (peer.port != 0) out.Integer("http_port", peer.port);
    http::TellRequest(list_.method, list_.path, peer.host, facts, sink);
    if (!list_.path.empty()) out.String("url", list_.path, Privacy::kIdentifier);
    if (!facts.user_agent.empty()) out.String("http_user_agent", facts.user_agent, Privacy::kIdentifier);
    if (!facts.referer.empty()) out.String("http_refer", facts.referer, Privacy::kIdentifier);
    if (!list_.method.empty()) out.String("http_method", list_.method);
    stream.path = list_.path.substr(0, list_.path.find_first_of("?#"));
  } else {
    const std::string_view type = http::MediaType(facts.content_type);
    if (!type.empty()) out.String("http_content_type", type);
    http::TellAnswer(stream.path, status, facts, sink);
    if (status > 0) out.Integer("status", status);
    if (!facts.location.empty()) out.String("redirect", facts.location, Privacy::kIdentifier);
  }
}

// A stretch of a larger body, or that there is no more of one.
void Http2Parser::OnContentRange(Stream& stream, Direction owner, int status, const http::HeadFacts& facts,
                                 MessageSink& sink) noexcept {
  Message& message = stream.messages[Index(owner)];
  const BodyRange range = http::ParseContentRange(facts.content_range);
  if (status == kRangeNotSatisfiable) streams_.EndRangeAt(stream, owner, range.size, sink);
  if (!message.partial && owner != client_) return;
  message.range = range;
  message.range_of = http::IdentifyRange(stream.resource, facts.etag, message.content_encoding);
}

// Frames of no stream make an event each, as Suricata has it.
void Http2Parser::TellConnection(Side& side, const Record& facts, MessageSink& sink) {
  if (!sink.WantsEvent("http")) return;
  Stream& stream = streams_.Open(0, sink);
  (IsRequest(side) ? stream.request : stream.response).Append(facts);
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    Stream* still = streams_.Find(0);
    if (still != nullptr) streams_.EndMessage(*still, d, BodyEnd::kComplete, sink);
  }
}

void Http2Parser::OnSettings(Side& side, Bytes payload, MessageSink& sink) {
  if (side.frame.Has(flag::kAck)) return;
  Record facts;
  facts.BeginArray("settings");
  ByteReader r(payload);
  for (std::size_t i = 0; i < kMaxSettings && r.remaining() >= kSetting; ++i) {
    const std::uint16_t id = r.U16();
    const std::uint32_t value = r.U32();
    const char* name = SettingName(id);
    facts.BeginObject().String("settings_id", name != nullptr ? std::string(name) : std::to_string(id));
    facts.Integer("settings_value", value).EndObject();
  }
  facts.EndArray();
  TellConnection(side, facts, sink);
}

void Http2Parser::OnResetStream(Side& side, Bytes payload, MessageSink& sink) {
  ByteReader r(payload);
  const std::uint32_t code = r.U32();
  Stream* stream = streams_.Find(side.frame.stream);
  if (r.failed() || stream == nullptr) return;
  AddError(code, IsRequest(side) ? stream->request : stream->response);
  // Neither side says more on it.
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    stream = streams_.Find(side.frame.stream);
    if (stream != nullptr) streams_.EndMessage(*stream, d, BodyEnd::kTruncated, sink);
  }
}

void Http2Parser::OnGoAway(Side& side, Bytes payload, MessageSink& sink) {
  ByteReader r(payload);
  r.Skip(4);  // last stream
  const std::uint32_t code = r.U32();
  if (r.failed()) return;
  Record facts;
  AddError(code, facts);
  TellConnection(side, facts, sink);
}

}  // namespace gander::protocol::http2
