// SPDX-License-Identifier: Apache-2.0
#include "protocol/http2/stream_table.h"

#include <algorithm>
#include <utility>

#include "base/renew.h"
#include "protocol/dns_message/event.h"
#include "protocol/http2/http2.h"

namespace gander::protocol::http2 {

Stream* StreamTable::Find(std::uint32_t id) noexcept {
  const auto found = std::find_if(streams_.begin(), streams_.end(), [id](const auto& s) { return s->id == id; });
  return found == streams_.end() ? nullptr : found->get();
}

Stream& StreamTable::Open(std::uint32_t id, MessageSink& sink) {
  if (Stream* known = Find(id)) return *known;
  if (streams_.size() == kMaxStreams) {
    sink.OnAnomaly("too_many_streams");
    Finish(0, sink);
  }
  Stream& stream = *streams_.emplace_back(std::make_unique<Stream>());
  stream.id = id;
  stream.tx_id = next_tx_++;
  return stream;
}

void StreamTable::BeginBody(const Stream& stream, Direction direction, bool compressed, MessageSink& sink) {
  const Message& message = stream.messages[Index(direction)];
  BodyMeta meta;
  meta.where = direction == client_ ? "http.request.body" : "http.response.body";
  meta.direction = direction;
  meta.content_type = message.content_type;
  meta.content_encoding = compressed && !message.parked ? std::string_view(message.content_encoding) : "";
  meta.file_name = message.file_name.empty() ? stream.path : message.file_name;
  meta.declared_length = message.is_grpc ? -1 : message.declared_length;
  meta.tx_id = stream.tx_id;
  meta.range_part = message.partial || message.parked;
  if (!message.parked) meta.range = message.range;
  body_open_[Index(direction)] = true;
  ranges_[Index(direction)].Begin(message.range_of, meta, sink);
  sink.OnBodyBegin(meta);
}

void StreamTable::CloseBody(Direction direction, BodyEnd end, MessageSink& sink) noexcept {
  if (std::exchange(body_open_[Index(direction)], false)) sink.OnBodyEnd(direction, ranges_[Index(direction)].End(end));
}

void StreamTable::CloseMessage(Stream& stream, Direction direction, MessageSink& sink) {
  Message& message = stream.messages[Index(direction)];
  if (!message.dns.empty()) {
    const std::string dns = std::exchange(message.dns, {});
    if (dns::ReadMessage(AsBytes(dns), dns::Flavour::kDns, stream.tx_id, direction, sink)) {
      sink.OnProtocolName("doh2");
    } else {
      sink.OnAnomaly("malformed_data");
    }
  }
  const bool cut = message.is_grpc && message.grpc.open();
  CloseBody(direction, cut ? BodyEnd::kTruncated : message.end, sink);
}

void StreamTable::Deliver(Stream& stream, Direction direction, Bytes bytes, MessageSink& sink) {
  Message& message = stream.messages[Index(direction)];
  message.body_bytes += bytes.size();
  if (message.is_grpc && !message.damaged) {
    return message.grpc.Feed(
        bytes, [&](bool compressed) { BeginBody(stream, direction, compressed, sink); },
        [&](Bytes part) { sink.OnBodyPart(direction, part); },
        [&] { CloseBody(direction, BodyEnd::kComplete, sink); });
  }
  if (message.is_dns) {
    if (message.dns.size() + bytes.size() > kMaxDnsMessage) {
      return sink.OnFate(ByteFate::kLostParserCap, bytes.size());
    }
    message.dns += AsText(bytes);
    return;
  }
  const bool encoded = !message.content_encoding.empty();
  if (message.damaged && encoded) return sink.OnFate(ByteFate::kOpaqueUndecodable, bytes.size());
  if (!body_open_[Index(direction)]) BeginBody(stream, direction, true, sink);
  ranges_[Index(direction)].Pass(bytes.size());
  sink.OnBodyPart(direction, bytes);
}

void StreamTable::OnData(Stream& stream, Direction direction, Bytes bytes, MessageSink& sink) {
  Message& message = stream.messages[Index(direction)];
  if (message.ended && !bytes.empty()) sink.OnAnomaly("data_behind_end_of_stream");
  if (message.ended || bytes.empty()) return;
  std::uint32_t& current = current_[Index(direction)];
  if (current == 0) current = stream.id;
  if (current == stream.id) {
    if (std::exchange(message.overflowed, false)) OnHole(stream, direction, sink);
    return Deliver(stream, direction, bytes, sink);
  }
  if (message.overflowed || waiting_ + bytes.size() > kMaxWaiting) {
    Stream* at_hand = Find(current);
    if (message.overflowed || at_hand == nullptr || !MayPark(*at_hand, direction)) {
      sink.OnFate(ByteFate::kLostParserCap, bytes.size());
      message.overflowed = true;
      message.end = BodyEnd::kGap;
      return;
    }
    at_hand->messages[Index(direction)].parked = true;
    CloseBody(direction, BodyEnd::kTruncated, sink);
    current = 0;
    Next(direction, sink);
    if (current == 0) current = stream.id;
    if (current == stream.id) return Deliver(stream, direction, bytes, sink);
  }
  message.waiting += AsText(bytes);
  waiting_ += bytes.size();
}

bool StreamTable::MayPark(const Stream& stream, Direction direction) const noexcept {
  const Message& message = stream.messages[Index(direction)];
  return message.is_grpc ? !message.grpc.open() : message.content_encoding.empty();
}

void StreamTable::OnHole(Stream& stream, Direction direction, MessageSink& sink) noexcept {
  Message& message = stream.messages[Index(direction)];
  message.damaged = message.parked = true;
  message.end = BodyEnd::kGap;
  message.grpc.Clear();
  if (current_[Index(direction)] == stream.id) CloseBody(direction, BodyEnd::kGap, sink);
}

void StreamTable::EndMessage(Stream& stream, Direction direction, BodyEnd end, MessageSink& sink) {
  Message& message = stream.messages[Index(direction)];
  const std::uint32_t id = stream.id;
  message.ended = true;
  if (message.end == BodyEnd::kComplete) message.end = end;
  if (current_[Index(direction)] == id) {
    CloseMessage(stream, direction, sink);
    current_[Index(direction)] = 0;
    Next(direction, sink);
  }
  Settle(id, sink);
}

// The oldest stream with something to say.
void StreamTable::Next(Direction direction, MessageSink& sink) {
  std::uint32_t& current = current_[Index(direction)];
  while (current == 0) {
    const auto next = std::find_if(streams_.begin(), streams_.end(), [&](const auto& s) {
      return !s->messages[Index(direction)].waiting.empty();
    });
    if (next == streams_.end()) return;
    Stream& stream = **next;
    Message& message = stream.messages[Index(direction)];
    current = stream.id;
    const std::string waited = std::exchange(message.waiting, {});
    waiting_ -= waited.size();
    Deliver(stream, direction, AsBytes(waited), sink);
    if (!message.ended) return;
    CloseMessage(stream, direction, sink);
    current = 0;
    Settle(stream.id, sink);
  }
}

void StreamTable::Settle(std::uint32_t id, MessageSink& sink) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i]->id == id && streams_[i]->done()) return Finish(i, sink);
  }
}

// Tells of the stream and forgets it.
void StreamTable::Finish(std::size_t index, MessageSink& sink) {
  const std::unique_ptr<Stream> stream = std::move(streams_[index]);
  streams_.erase(streams_.begin() + static_cast<std::ptrdiff_t>(index));
  bool was_current[2] = {};
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    waiting_ -= stream->messages[Index(d)].waiting.size();
    if (current_[Index(d)] != stream->id) continue;
    CloseBody(d, BodyEnd::kTruncated, sink);
    current_[Index(d)] = 0;
    was_current[Index(d)] = true;
  }
  if (sink.WantsEvent("http")) {
    Record record;
    Describe(*stream, client_, record);
    sink.OnEvent("http", stream->tx_id, client_, record);
  }
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    if (was_current[Index(d)]) Next(d, sink);
  }
}

void StreamTable::DescribeTransaction(std::uint32_t tx_id, Record& out) const {
  for (const auto& s : streams_) {
    if (s->tx_id == tx_id) return Describe(*s, client_, out);
  }
}

void StreamTable::EndSide(Direction direction, MessageSink& sink) {
  std::vector<std::uint32_t> open;
  for (const auto& s : streams_) {
    if (!s->messages[Index(direction)].ended) open.push_back(s->id);
  }
  for (const std::uint32_t id : open) {
    if (Stream* stream = Find(id)) EndMessage(*stream, direction, BodyEnd::kTruncated, sink);
  }
  ranges_[Index(direction)].Drop(direction, BodyEnd::kTruncated, sink);
}

void StreamTable::EndAll(MessageSink& sink) {
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) EndSide(d, sink);
  while (!streams_.empty()) Finish(0, sink);
  for (const Direction d : {Direction::kToServer, Direction::kToClient}) {
    ranges_[Index(d)].Drop(d, BodyEnd::kTruncated, sink);
  }
}

void StreamTable::Reset() noexcept { Renew(*this); }

}  // namespace gander::protocol::http2
