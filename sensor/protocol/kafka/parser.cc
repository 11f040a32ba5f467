// SPDX-License-Identifier: Apache-2.0
#include "protocol/kafka/parser.h"

#include <algorithm>
#include <memory>

#include "protocol/framing/printable.h"
#include "protocol/framing/text_runs.h"

namespace gander::protocol {
namespace kafka {

bool KafkaParser::LooksLikeMessage(Bytes bytes) const noexcept {
  if (bytes.size() < framing::kMarkOctets) return false;
  RequestHead head;
  bool cut = false;
  return ReadMark(bytes, true).is_valid && ReadRequestHead(bytes.subspan(framing::kMarkOctets), head, &cut) &&
         !head.client.empty();
}

Next KafkaParser::OnFront(const Front& front, Direction direction, MessageSink& sink) noexcept {
  sink_ = &sink;
  direction_ = direction;
  if (!front.begins) return Walk(front, 0);
  const bool answers = requests_seen_ && direction != requests_direction_;
  return answers ? OnResponse(front) : OnRequest(front);
}

Next KafkaParser::OnRequest(const Front& front) noexcept {
  RequestHead head;
  bool cut = false;
  if (!ReadRequestHead(front.bytes, head, &cut)) {
    if (bare_tokens_) return OnToken(front);
    // Before any request was seen this may be the side that answers.
    return requests_seen_ ? Next{.kind = Next::Kind::kBad} : OnUnasked(front);
  }
  if (!requests_seen_ && direction_ == Direction::kToClient && head.client.empty()) return OnUnasked(front);
  if (!front.final && head.key != kProduce) return {.kind = Next::Kind::kMore};
  requests_seen_ = true;
  requests_direction_ = direction_;
  bare_tokens_ = false;
  Message& m = message();
  m = {};
  m.open = true;
  m.request = {head.key, head.version, head.correlation, std::string(head.client)};
  m.tx_id = transactions_++;
  Remember(m.request);
  if (!head.client.empty()) Field("kafka.client_id", "", AsBytes(head.client));
  if (head.key != kProduce) return ReadWhole(front, head.body);
  walks_[Index(direction_)].BeginProduce(head.version, IsFlexible(head.key, head.version));
  return Walk(front, head.body);
}

Next KafkaParser::OnResponse(const Front& front) noexcept {
  WireReader in(front.bytes);
  const std::int32_t correlation = in.I32();
  if (in.failed()) return bare_tokens_ ? Next{} : Next{.kind = Next::Kind::kBad};
  const auto found =
      std::find_if(requests_.begin(), requests_.end(), [&](const Request& r) { return r.correlation == correlation; });
  if (found == requests_.end()) return OnUnasked(front);
  if (!front.final && found->key != kFetch) return {.kind = Next::Kind::kMore};
  Message& m = message();
  m = {};
  m.open = m.response = true;
  m.request = std::move(*found);
  m.tx_id = transactions_++;
  requests_.erase(found);
  const bool flexible = IsFlexible(m.request.key, m.request.version);
  in.set_flexible(flexible && m.request.key != kApiVersions);
  in.SkipTags();
  if (m.request.key != kFetch) return ReadWhole(front, in.position());
  walks_[Index(direction_)].BeginFetch(m.request.version, flexible);
  return Walk(front, in.position());
}

// A response to what was not seen does not say what it is: its text is read.
Next KafkaParser::OnUnasked(const Front& front) noexcept {
  if (!front.final) return {.kind = Next::Kind::kMore};
  std::string text;
  framing::GatherText(front.bytes, text);
  Field("kafka.response", "", AsBytes(text));
  return {};
}

// SASL without a head around it: the client's tokens are credentials.
Next KafkaParser::OnToken(const Front& front) noexcept {
  if (!front.final) return {.kind = Next::Kind::kMore};
  Message& m = message();
  m = {};
  m.open = true;
  m.request.key = kSaslAuthenticate;
  m.tx_id = transactions_++;
  ReadLogin(AsText(front.bytes));
  return {};
}

Next KafkaParser::Walk(const Front& front, std::size_t at) noexcept {
  RecordWalk& walk = walks_[Index(direction_)];
  const Next next = walk.Read(front, at, *this);
  message().records = walk.records();
  return next;
}

Next KafkaParser::ReadWhole(const Front& front, std::size_t at) noexcept {
  const Request& request = message().request;
  WireReader in(front.bytes.subspan(std::min(at, front.bytes.size())), IsFlexible(request.key, request.version));
  if (message().response) {
    ReadResponseBody(in);
  } else {
    ReadRequestBody(in);
  }
  if (in.failed() && front.whole) sink_->OnAnomaly("malformed_data");
  return {};
}

void KafkaParser::Remember(const Request& request) noexcept {
  if (requests_.size() == kMaxRequests) requests_.erase(requests_.begin());
  requests_.push_back(request);
}

void KafkaParser::Tell(std::string_view topic) noexcept {
  std::vector<std::string>& topics = message().topics;
  topic = topic.substr(0, kMaxName);
  if (topic.empty() || topics.size() == kMaxTopics || std::find(topics.begin(), topics.end(), topic) != topics.end())
    return;
  topics.emplace_back(topic);
  Field("kafka.topic", "", AsBytes(topic));
}

void KafkaParser::OpenBody(const char* where, const char* coding, std::uint64_t length) noexcept {
  BodyMeta meta;
  meta.where = where;
  meta.direction = direction_;
  meta.content_encoding = coding;
  meta.file_name = topic_[Index(direction_)];
  meta.declared_length = static_cast<std::int64_t>(length);
  meta.tx_id = message().tx_id;
  meta.is_file = false;
  sink_->OnBodyBegin(meta);
  body_open_[Index(direction_)] = true;
}

void KafkaParser::OnMessageEnd(Direction direction, MessageSink& sink) noexcept {
  Message& m = messages_[Index(direction)];
  RecordWalk& walk = walks_[Index(direction)];
  if (walk.malformed()) sink.OnAnomaly("malformed_data");
  walk = {};
  if (!std::exchange(m.open, false)) return;
  if (sink.WantsEvent("kafka")) {
    std::string scratch;
    event_.Clear();
    event_.BeginObject("kafka")
        .String("type", m.response ? "response" : "request")
        .String("api", ApiName(m.request.key))
        .Integer("version", m.request.version)
        .Integer("correlation_id", m.request.correlation);
    if (!m.request.client.empty())
      event_.String("client_id", framing::Printable(m.request.client, scratch), Privacy::kIdentifier);
    if (!m.topics.empty()) {
      event_.BeginArray("topics");
      for (const std::string& topic : m.topics)
        event_.String(nullptr, framing::Printable(topic, scratch), Privacy::kIdentifier);
      event_.EndArray();
    }
    if (m.records > 0) event_.Integer("records", static_cast<std::int64_t>(m.records));
    if (m.coding != nullptr) event_.String("compression", m.coding);
    if (!m.mechanism.empty()) event_.String("mechanism", framing::Printable(m.mechanism, scratch));
    if (!m.user.empty()) event_.String("user", framing::Printable(m.user, scratch), Privacy::kPersonal);
    if (m.error != 0) event_.Integer("error_code", m.error);
    event_.EndObject();
    sink.OnEvent("kafka", m.tx_id, direction, event_);
  }
  m = {};
}

namespace {

// Requests name themselves and, as a rule, their client; on the usual port a name is not asked for.
Probe ProbeKafka(const ProbeInput& input) noexcept {
  constexpr std::uint16_t kPort = 9092;
  constexpr std::uint32_t kMinRequest = 10;
  const bool port = input.server_port == kPort || input.client_port == kPort;
  const Bytes bytes = input.bytes;
  if (bytes.empty() || Octets(bytes)[0] > kMaxMessage >> 24) return Probe::kNo;
  ByteReader in(bytes);
  const std::uint32_t length = in.U32();
  if (in.failed()) return port ? Probe::kNeedMore : Probe::kNo;
  RequestHead head;
  bool cut = false;
  Bytes message = in.rest();
  if (message.size() > length) message = message.first(length);
  const bool request = length >= kMinRequest && length <= kMaxMessage && ReadRequestHead(message, head, &cut);
  if (cut && length >= kMinRequest && message.size() < length && message.size() < kMinRequest + kMaxName) {
    return port ? Probe::kNeedMore : Probe::kNo;
  }
  // The side that answers says nothing of itself: a message that fills its segment.
  if (!request && port && input.direction == Direction::kToClient)
    return length >= 8 && in.remaining() == length ? Probe::kYes : Probe::kNo;
  return request && (port || !head.client.empty()) ? Probe::kYes : Probe::kNo;
}

}  // namespace
}  // namespace kafka

const ProtocolInfo kKafka = {"kafka", true, false, kafka::ProbeKafka,
                             []() -> std::unique_ptr<Parser> { return std::make_unique<kafka::KafkaParser>(); },
                             FirstOctets{}.Range(0, kafka::kMaxMessage >> 24)};

}  // namespace gander::protocol
