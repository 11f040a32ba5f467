// SPDX-License-Identifier: Apache-2.0
#include "detect/d06_scraping/request_meter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "detect/state/random_key.h"

namespace gander::detect {
namespace {

void Add(RequestMeter::Stream& to, const RequestMeter::Stream& from) noexcept {
  to.requests += from.requests;
  to.answers += from.answers;
  to.failed += from.failed;
  to.first_seen = std::min(to.first_seen, from.first_seen);
  to.last_seen = std::max(to.last_seen, from.last_seen);
  if (!(from.sample < to.sample)) return;
  to.sample = from.sample;
  to.host = from.host;
  to.app_proto = from.app_proto;
  to.client_party = from.client_party;
  to.server_party = from.server_party;
}

}  // namespace

RequestMeter::RequestMeter(const Options& options)
    : ids_(options.tag_key),
      streams_(options.epoch_requests),
      asked_(options.epoch_ids),
      tag_key_(options.tag_key),
      place_key_(RandomKey()) {}

bool RequestMeter::Same(const Stream& a, const Stream& b) noexcept {
  return a.client == b.client && a.server == b.server && a.server_port == b.server_port && a.shape == b.shape &&
         a.credential == b.credential && a.agent == b.agent;
}

std::uint64_t RequestMeter::HashOf(const Stream& k) const noexcept {
  std::array<std::byte, 64> packed{};
  std::memcpy(packed.data(), k.client.octets.data(), 16);
  std::memcpy(packed.data() + 16, k.server.octets.data(), 16);
  std::memcpy(packed.data() + 32, &k.credential, 8);
  std::memcpy(packed.data() + 40, &k.agent, 8);
  std::memcpy(packed.data() + 48, &k.shape, 8);
  std::memcpy(packed.data() + 56, &k.server_port, 2);
  return SipHash13(place_key_, packed);
}

std::uint64_t RequestMeter::HashOf(const Asked& key) const noexcept {
  return SipHash13(place_key_, Mix64(4ULL * key.stream + static_cast<std::uint64_t>(key.kind)) ^ key.tag);
}

std::uint64_t RequestMeter::TagOf(Bytes text) const noexcept {
  if (text.empty()) return 0;
  return std::max<std::uint64_t>(1, SipHash13(tag_key_, text));
}

std::uint32_t RequestMeter::FindOrAdd(const Stream& key, Room room) {
  const std::uint64_t hash = HashOf(key);
  const std::uint32_t found = streams_.Find(hash, [&](const Stream& s) { return Same(s, key); });
  if (found != kNone) return found;
  if (streams_.full()) {
    if (room == Room::kFixed) return kNone;
    streams_.Grow([this](const Stream& s) { return HashOf(s); });
  }
  Stream fresh = key;
  fresh.requests = fresh.answers = fresh.failed = 0;
  return streams_.Add(hash, fresh);
}

bool RequestMeter::AddAsked(const Asked& asked, Room room) {
  const std::uint64_t hash = HashOf(asked);
  const auto same = [&](const Asked& a) {
    return a.stream == asked.stream && a.tag == asked.tag && a.kind == asked.kind;
  };
  if (asked_.Find(hash, same) != kNone) return true;
  if (asked_.full()) {
    if (room == Room::kFixed) return false;
    asked_.Grow([this](const Asked& a) { return HashOf(a); });
  }
  asked_.Add(hash, asked);
  return true;
}

void RequestMeter::OnRequest(const FlowFacts& flow, const RequestSeen& request) noexcept {
  ids_.Read(request.target);
  if (ids_.size() == 0) return;
  Stream s;
  s.client = flow.tuple.source;
  if (IpAddress named; policy::HasRole(flow.client, policy::Role::kRelay) &&
                       IpAddress::Parse(request.forwarded_for, named)) {
    s.client = named;
  }
  s.credential = TagOf(request.credential);
  s.agent = TagOf(std::as_bytes(std::span(request.user_agent.data(), request.user_agent.size())));
  s.server = flow.tuple.destination;
  s.server_port = flow.tuple.destination_port;
  s.shape = ids_.shape();
  // A parser may tell request and answer apart, the answer without a method.
  const bool asks = !request.method.empty();
  s.requests = asks ? ids_.size() : 0;
  s.answers = request.status != 0;
  s.failed = request.status >= 400 && request.status < 500;
  s.host = flow.server_name;
  s.app_proto = flow.app_proto;
  s.client_party = flow.client;
  s.server_party = flow.server;
  s.first_seen = s.last_seen = flow.time;
  s.sample = {flow.time, flow.tuple, flow.flow_id};
  const std::uint32_t at = FindOrAdd(s, Room::kFixed);
  if (at == kNone) {
    ++overflow_;
    return;
  }
  Add(streams_.entries()[at], s);
  if (!asks) return;
  for (const RecordId& id : ids_) {
    const bool number = id.block != 0;
    const bool kept = AddAsked({at, number ? Kind::kNumber : Kind::kWord, id.tag}, Room::kFixed) &&
                      (!number || AddAsked({at, Kind::kBlock, id.block}, Room::kFixed));
    overflow_ += !kept;
  }
}

void RequestMeter::Merge(const Meter& other) {
  const auto& o = static_cast<const RequestMeter&>(other);
  std::vector<std::uint32_t> place;
  place.reserve(o.streams().size());
  for (const Stream& from : o.streams()) {
    place.push_back(FindOrAdd(from, Room::kGrow));
    Add(streams_.entries()[place.back()], from);
  }
  for (const Asked& a : o.asked()) AddAsked({place[a.stream], a.kind, a.tag}, Room::kGrow);
  overflow_ += o.overflow_;
}

void RequestMeter::Clear() noexcept {
  streams_.Clear();
  asked_.Clear();
  overflow_ = 0;
}

}  // namespace gander::detect
