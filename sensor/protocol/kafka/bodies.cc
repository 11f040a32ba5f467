// SPDX-License-Identifier: Apache-2.0
// What requests and responses without records say.
#include <algorithm>

#include "base/hash.h"
#include "protocol/framing/text_runs.h"
#include "protocol/kafka/parser.h"
#include "protocol/mime/plain_login.h"

namespace gander::protocol::kafka {
namespace {

constexpr HashKey kTopicKey{0x67616e6465722d6bULL, 0x61666b612d746f70ULL};
constexpr std::size_t kTopicId = 16;

thread_local std::string text;

}  // namespace

void KafkaParser::ReadRequestBody(WireReader& in) noexcept {
  Message& m = message();
  switch (m.request.key) {
    case kFetch: ReadFetchRequest(in); break;
    case kMetadata: ReadMetadataRequest(in); break;
    case kSaslHandshake:
      mechanism_ = in.String().substr(0, kMaxName);
      m.mechanism = mechanism_;
      bare_tokens_ = m.request.version == 0;
      break;
    case kSaslAuthenticate: ReadLogin(AsText(in.Octets32())); break;
    default:
      framing::GatherText(in.rest(), text);
      Field("kafka.request", ApiName(m.request.key), AsBytes(text));
      break;
  }
}

void KafkaParser::ReadResponseBody(WireReader& in) noexcept {
  Message& m = message();
  switch (m.request.key) {
    case kMetadata: ReadMetadataResponse(in); break;
    case kSaslHandshake: m.error = in.I16(); break;
    case kSaslAuthenticate: {
      m.error = in.I16();
      const std::string_view reason = in.String();
      Field("kafka.error", "", AsBytes(reason));
      break;
    }
    case kProduce:
    case kApiVersions: break;  // numbers only
    default:
      framing::GatherText(in.rest(), text);
      Field("kafka.response", ApiName(m.request.key), AsBytes(text));
      break;
  }
}

// Topics by name or, from version 13 on, by number.
void KafkaParser::ReadFetchRequest(WireReader& in) noexcept {
  const std::int16_t version = message().request.version;
  in.Skip(version >= 15 ? 8 : 12);  // replica, times, sizes
  if (version >= 3) in.I32();
  if (version >= 4) in.U8();
  if (version >= 7) in.Skip(8);  // session
  for (std::uint32_t topics = in.Count(); topics > 0 && !in.failed(); --topics) {
    TopicOf(in, version >= 13);
    for (std::uint32_t i = in.Count(); i > 0 && !in.failed(); --i) {
      in.Skip(4u + (version >= 9 ? 4u : 0u) + 8u + (version >= 12 ? 4u : 0u) + (version >= 5 ? 8u : 0u) + 4u);
      in.SkipTags();
    }
    in.SkipTags();
  }
}

void KafkaParser::TopicOf(WireReader& in, bool by_id) noexcept {
  const Bytes id = by_id ? in.Take(kTopicId) : Bytes();
  const std::string_view name = by_id ? NameOfTopic(id) : in.String();
  if (!in.failed()) Tell(name);
}

void KafkaParser::ReadMetadataRequest(WireReader& in) noexcept {
  for (std::uint32_t topics = in.Count(); topics > 0 && !in.failed(); --topics) {
    if (message().request.version >= 10) in.Skip(kTopicId);
    const std::string_view name = in.String();
    if (!in.failed()) Tell(name);
    in.SkipTags();
  }
}

void KafkaParser::ReadMetadataResponse(WireReader& in) noexcept {
  const std::int16_t version = message().request.version;
  if (version >= 3) in.I32();
  for (std::uint32_t brokers = in.Count(); brokers > 0 && !in.failed(); --brokers) {
    in.I32();
    const std::string_view host = in.String();
    Field("kafka.broker", "host", AsBytes(host));
    in.I32();
    if (version >= 1) in.String();
    in.SkipTags();
  }
  if (version >= 2) in.String();
  if (version >= 1) in.I32();
  for (std::uint32_t topics = in.Count(); topics > 0 && !in.failed(); --topics) {
    in.I16();
    const std::string_view name = in.String();
    if (version >= 10) Learn(in.Take(kTopicId), name);
    if (!in.failed()) Tell(name);
    if (version >= 1) in.U8();
    for (std::uint32_t i = in.Count(); i > 0 && !in.failed(); --i) {
      in.Skip(version >= 7 ? 14 : 10);  // error, number, leader, epoch
      const int lists = version >= 5 ? 3 : 2;  // replicas: all, in step, gone
      for (int list = 0; list < lists; ++list) in.Skip(std::uint64_t{in.Count()} * 4);
      in.SkipTags();
    }
    if (version >= 8) in.I32();
    in.SkipTags();
  }
}

// PLAIN tells user and password, SCRAM (RFC 5802) and OAUTHBEARER (RFC 7628) who it is about.
void KafkaParser::ReadLogin(std::string_view token) noexcept {
  Message& m = message();
  m.mechanism = mechanism_;
  token = token.substr(0, kMaxToken);
  std::string_view user, password;
  if (mime::SplitPlain(token, &user, &password)) {
    Field("kafka.auth", "password", AsBytes(password));
  } else if (const std::size_t at = token.find(",n="); at != std::string_view::npos && token.starts_with('n')) {
    user = token.substr(at + 3, token.find(',', at + 3) - at - 3);
  } else if (const std::size_t who = token.find(",a="); who != std::string_view::npos && token.starts_with('n')) {
    user = token.substr(who + 3, token.find(',', who + 3) - who - 3);
  }
  if (user.empty()) return;
  m.user = user.substr(0, kMaxName);
  Field("kafka.auth", "user", AsBytes(m.user));
}

void KafkaParser::Learn(Bytes id, std::string_view name) noexcept {
  if (id.size() != kTopicId || name.empty() || !NameOfTopic(id).empty()) return;
  TopicId fresh{SipHash24(kTopicKey, id), std::string(name.substr(0, kMaxName))};
  if (topic_ids_.size() < kMaxTopicIds) {
    topic_ids_.push_back(std::move(fresh));
  } else {
    topic_ids_[next_id_] = std::move(fresh);
    next_id_ = (next_id_ + 1) % kMaxTopicIds;
  }
}

std::string_view KafkaParser::NameOfTopic(Bytes id) noexcept {
  const std::uint64_t hash = SipHash24(kTopicKey, id);
  const auto found =
      std::find_if(topic_ids_.begin(), topic_ids_.end(), [hash](const TopicId& t) { return t.id == hash; });
  return found != topic_ids_.end() ? std::string_view(found->name) : std::string_view();
}

}  // namespace gander::protocol::kafka
