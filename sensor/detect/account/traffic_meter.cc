// SPDX-License-Identifier: Apache-2.0
#include "detect/account/traffic_meter.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>

#include "detect/state/random_key.h"

namespace gander::detect {
namespace {

bool Same(const TrafficKey& a, const TrafficKey& b) noexcept {
  return a.client == b.client && a.server == b.server && a.server_port == b.server_port && a.transport == b.transport &&
         a.encrypted == b.encrypted && a.app_proto == b.app_proto && a.host == b.host;
}

void Add(TrafficPath& to, const TrafficPath& from) noexcept {
  to.flows_opened += from.flows_opened;
  for (std::size_t side = 0; side < 2; ++side) {
    to.packets[side] += from.packets[side];
    to.payload[side] += from.payload[side];
  }
  to.first_seen = std::min(to.first_seen, from.first_seen);
  to.last_seen = std::max(to.last_seen, from.last_seen);
  to.first_opened = std::min(to.first_opened, from.first_opened);
  to.sample.KeepEarlier(from.sample);
}

TrafficPath PathOf(const FlowFacts& flow, const TrafficStretch& stretch) noexcept {
  TrafficPath path;
  path.key = {flow.tuple.source, flow.tuple.destination, flow.tuple.destination_port, flow.tuple.protocol,
              flow.encrypted,    flow.app_proto,         flow.server_name};
  if (flow.tuple.protocol != ip_proto::kTcp && flow.tuple.protocol != ip_proto::kUdp) path.key.server_port = 0;
  path.flows_opened = stretch.opened;
  path.packets = stretch.packets;
  path.payload = stretch.payload;
  path.first_seen = stretch.begin;
  path.last_seen = stretch.end;
  if (stretch.opened) path.first_opened = stretch.begin;
  path.sample = {stretch.begin, flow.tuple, flow.flow_id};
  return path;
}

// One packet that nobody answered: what a flood and a scan are made of.
bool IsLonePacket(const TrafficStretch& s) noexcept { return s.packets[0] + s.packets[1] <= 1; }

}  // namespace

TrafficMeter::TrafficMeter(const Options& options) : paths_(options.epoch_traffic), key_(RandomKey()) {}

std::uint64_t TrafficMeter::HashOf(const TrafficKey& k) const noexcept {
  std::array<std::byte, 56> packed{};
  std::memcpy(packed.data(), k.client.octets.data(), 16);
  std::memcpy(packed.data() + 16, k.server.octets.data(), 16);
  std::memcpy(packed.data() + 32, &k.host, 8);
  const auto protocol = reinterpret_cast<std::uintptr_t>(k.app_proto) << 1 | k.encrypted;
  std::memcpy(packed.data() + 40, &protocol, 8);
  const std::uint64_t service = std::uint64_t{k.transport} << 16 | k.server_port;
  std::memcpy(packed.data() + 48, &service, 8);
  return SipHash13(key_, packed);
}

bool TrafficMeter::GivesUp(const TrafficStretch& stretch) noexcept {
  const bool reserved = paths_.size() >= paths_.entries().capacity() / 2;
  if (!reserved || !IsLonePacket(stretch)) return false;
  Lose(stretch);
  return true;
}

FlowSample* TrafficMeter::OnStretch(const FlowFacts& flow, const TrafficStretch& stretch) noexcept {
  if (GivesUp(stretch)) return nullptr;
  sorted_.clear();
  const TrafficPath path = PathOf(flow, stretch);
  const std::uint64_t hash = HashOf(path.key);
  const std::uint32_t at = paths_.Find(hash, [&](const TrafficPath& p) { return Same(p.key, path.key); });
  if (at != EpochTable<TrafficPath>::kNone) {
    TrafficPath& known = paths_.entries()[at];
    const bool earlier = path.sample < known.sample;
    Add(known, path);
    return earlier ? &known.sample : nullptr;
  }
  if (paths_.full()) {
    Lose(stretch);
    return nullptr;
  }
  return &paths_.entries()[paths_.Add(hash, path)].sample;
}

void TrafficMeter::Lose(const TrafficStretch& stretch) noexcept {
  ++overflow_.stretches;
  overflow_.payload += stretch.payload[0] + stretch.payload[1];
}

void TrafficMeter::Merge(const TrafficMeter& other) {
  sorted_.clear();
  for (const TrafficPath& path : other.paths()) {
    const std::uint64_t hash = HashOf(path.key);
    const std::uint32_t at = paths_.Find(hash, [&](const TrafficPath& p) { return Same(p.key, path.key); });
    if (at != EpochTable<TrafficPath>::kNone) {
      Add(paths_.entries()[at], path);
      continue;
    }
    if (paths_.full()) paths_.Grow([this](const TrafficPath& p) { return HashOf(p.key); });
    paths_.Add(hash, path);
  }
  overflow_.stretches += other.overflow_.stretches;
  overflow_.payload += other.overflow_.payload;
}

void TrafficMeter::Clear() noexcept {
  sorted_.clear();
  paths_.Clear();
  overflow_ = {};
}

void TrafficMeter::Place(const policy::Policy& policy) {
  for (TrafficPath& path : paths_.entries()) {
    path.client = policy.Locate(path.key.client);
    path.server = policy.Locate(path.key.server);
  }
}

const std::vector<const TrafficPath*>& TrafficMeter::Sorted() const {
  if (!sorted_.empty() || paths().empty()) return sorted_;
  // The ends decide nearly always: ahead of the rest, where a comparison need not follow a pointer to a path.
  struct Ranked {
    IpAddress client, server;
    const TrafficPath* path;
  };
  std::vector<Ranked> ranked;
  ranked.reserve(paths().size());
  for (const TrafficPath& path : paths()) ranked.push_back({path.key.client, path.key.server, &path});
  const auto rest = [](const TrafficKey& k) {
    return std::tuple(k.server_port, k.transport, k.encrypted, std::string_view(k.app_proto), k.host);
  };
  std::sort(ranked.begin(), ranked.end(), [&](const Ranked& a, const Ranked& b) {
    if (a.client != b.client) return a.client < b.client;
    if (a.server != b.server) return a.server < b.server;
    return rest(a.path->key) < rest(b.path->key);
  });
  sorted_.reserve(ranked.size());
  for (const Ranked& r : ranked) sorted_.push_back(r.path);
  return sorted_;
}

}  // namespace gander::detect
