// SPDX-License-Identifier: Apache-2.0
#include "detect/d16_critical_infrastructure/plant_cases.h"

#include <algorithm>

#include "detect/alerting/words.h"
#include "detect/state/keep_within.h"

namespace gander::detect {
namespace {

constexpr std::size_t kMaxNames = 16;                        // of functions and documents in one case
constexpr Duration kUnseen = Duration::Seconds(30 * 86'400);  // after which a peer is new again

// One to many: broadcast, multicast, and what has no address yet. Nobody stands there.
bool IsNobody(const IpAddress& a) noexcept {
  if (a.v4) {
    const std::uint32_t v = a.v4_host_order();
    return v == 0 || v == 0xffffffff || v >> 28 == 0xe || (v & 0xff) == 0xff || v >> 16 == 0xa9fe;
  }
  return a.octets[0] == 0xff || (a.octets[0] == 0xfe && (a.octets[1] & 0xc0) == 0x80) || a == IpAddress{};
}

// The plant's end of a conversation: the side in an `ot` zone, or, where no zone is one, the operator's own. False when
// neither side is, or both are.
bool PlantEnd(const policy::Policy& policy, const policy::Party& client, const policy::Party& server,
              bool& plant_is_client) {
  const bool c = IsPlant(policy, client.zone), s = IsPlant(policy, server.zone);
  if (c && s) return false;
  plant_is_client = c;
  if (c || s) return true;
  const bool own_c = policy.Own(client.zone), own_s = policy.Own(server.zone);
  plant_is_client = own_c;
  return own_c != own_s;
}

// An entry of the register covers it. That no other State is concerned is not enough at a plant's edge.
bool Declared(const policy::Judgement& j) noexcept { return policy::Permits(j.verdict) && j.entry >= 0; }

std::uint64_t TagOf(const IpAddress& a) noexcept {
  return SipHash24({}, std::as_bytes(std::span(a.octets)));  // counts hosts of the operator: nothing to hide
}

}  // namespace

bool IsPlant(const policy::Policy& policy, policy::ZoneId zone) {
  return zone != policy::kOutside && policy.zones()[zone].kind == "ot";
}

PlantCases::Way PlantCases::WayOf(const IpAddress& client, const IpAddress& server, const policy::Party& client_party,
                                  const policy::Party& server_party, bool plant_is_client) {
  Way way;
  way.host = plant_is_client ? client : server;
  way.peer = plant_is_client ? server : client;
  way.host_party = plant_is_client ? client_party : server_party;
  way.peer_party = plant_is_client ? server_party : client_party;
  return way;
}

policy::Judgement PlantCases::JudgementOf(const Way& way, Timestamp time, const policy::Policy& policy) {
  policy::Movement m;
  m.sender = way.inward ? way.peer : way.host;
  m.recipient = way.inward ? way.host : way.peer;
  m.from = way.inward ? way.peer_party : way.host_party;
  m.to = way.inward ? way.host_party : way.peer_party;
  if (!way.inward) m.recipient_domain = way.domain;
  m.data_class = "infrastructure";
  m.sensitivity = identify::Sensitivity::kSensitive;
  m.time = time;
  return policy.Judge(m);
}

void PlantCases::Place(PlantCase& c, const Way& way, const policy::Judgement& judgement) {
  c.host = way.host;
  c.peer = way.peer;
  c.protocol = c.app_proto = way.protocol;
  c.ends.sender = (way.inward ? way.peer : way.host).ToString();
  c.ends.recipient = (way.inward ? way.host : way.peer).ToString();
  c.ends.from = way.inward ? way.peer_party : way.host_party;
  c.ends.to = way.inward ? way.host_party : way.peer_party;
  c.ends.recipient_domain = way.inward ? "" : way.domain;
  c.ends.app_proto = way.protocol;
  c.ends.judgement = judgement;
}

PlantCase& PlantCases::Count(const PlantKey& key, const IpAddress& host, const Event& event, Timestamp epoch_begin) {
  PlantCase& c = cases_[key];
  c.day.Advance(epoch_begin);
  c.day.ForEach([&](PlantCase::Sums& s) {
    s.bytes += event.bytes;
    s.times += event.times;
    s.hosts.Insert(TagOf(host));
  });
  c.first_seen = std::min(c.first_seen, event.first);
  c.last_seen = std::max(c.last_seen, event.last);
  touched_.insert(key);
  return c;
}

std::set<PlantKey> PlantCases::Add(const ControlMeter* merged, const EpochView& epoch) {
  touched_.clear();
  if (merged != nullptr) AddFunctions(*merged, epoch);
  if (epoch.traffic != nullptr) AddTraffic(*epoch.traffic, epoch);
  if (epoch.book != nullptr) AddDocuments(epoch);
  return touched_;
}

void PlantCases::AddFunctions(const ControlMeter& meter, const EpochView& epoch) {
  for (const ControlMeter::Asked* a : meter.Sorted()) {
    if (a->file != ControlMeter::Asked::File::kNone) {
      AddFile(*a, epoch);
      continue;
    }
    const policy::Party client = epoch.policy.Locate(a->client), server = epoch.policy.Locate(a->server);
    bool plant_is_client = false;
    if (client.zone == server.zone || !PlantEnd(epoch.policy, client, server, plant_is_client)) continue;
    Way way = WayOf(a->client, a->server, client, server, plant_is_client);
    way.protocol = a->protocol;
    // Whoever opened the flow asks: control centres call stations, whatever is told back unasked.
    way.inward = a->acts && !plant_is_client;
    AddControl(way, a->function, {a->sample, a->first_seen, a->last_seen, 0, a->times}, epoch);
  }
}

// A file that leaves a plant; what comes in, or goes to another plant, is work on it.
void PlantCases::AddFile(const ControlMeter::Asked& sent, const EpochView& epoch) {
  const bool by_client = sent.file == ControlMeter::Asked::File::kByClient;
  const policy::Party client = epoch.policy.Locate(sent.client), server = epoch.policy.Locate(sent.server);
  Way way = WayOf(sent.client, sent.server, client, server, by_client);
  if (!IsPlant(epoch.policy, way.host_party.zone) || IsPlant(epoch.policy, way.peer_party.zone)) return;
  way.protocol = sent.protocol;
  const policy::Judgement judgement = JudgementOf(way, sent.first_seen, epoch.policy);
  if (policy::Permits(judgement.verdict)) return;
  const Event event{sent.sample, sent.first_seen, sent.last_seen, 0, sent.times};
  PlantCase& c = Count({way.host_party.zone, way.peer, PlantThing::kDocument}, way.host, event, epoch.begin);
  if (c.ends.sender.empty() || sent.sample < c.sample) Place(c, way, judgement);
  if (c.names.size() < kMaxNames) c.names.insert(sent.function);
  c.sample.KeepEarlier(sent.sample);
}

void PlantCases::AddControl(const Way& way, const char* function, const Event& event, const EpochView& epoch) {
  if (IsNobody(way.peer) || IsNobody(way.host)) return;
  const policy::Judgement judgement = JudgementOf(way, event.first, epoch.policy);
  if (Declared(judgement)) return;
  PlantCase& c = Count({way.host_party.zone, way.peer, PlantThing::kControl}, way.host, event, epoch.begin);
  // An act speaks for the case, however much was only read before.
  const bool first_act = way.inward && !c.acts;
  if (c.ends.sender.empty() || first_act) Place(c, way, judgement);
  if (first_act) c.names.clear();
  c.acts = c.acts || way.inward;
  if (function[0] != '\0' && way.inward == c.acts && c.names.size() < kMaxNames) c.names.insert(function);
  c.sample.KeepEarlier(event.sample);
}

void PlantCases::AddTraffic(const TrafficMeter& traffic, const EpochView& epoch) {
  for (const TrafficPath* p : traffic.Sorted()) {
    const policy::Party& client = p->client;
    const auto name = epoch.host_names.find(p->key.host);
    const std::string domain = name == epoch.host_names.end() ? "" : name->second;
    const policy::Party server = epoch.policy.Locate(p->server, domain);
    bool plant_is_client = false;
    if (client.zone == server.zone || !PlantEnd(epoch.policy, client, server, plant_is_client)) continue;
    Way way = WayOf(p->key.client, p->key.server, client, server, plant_is_client);
    if (plant_is_client) way.domain = domain;
    way.protocol = p->key.app_proto;
    Event event{p->sample, p->first_seen, p->last_seen, 0, 0};
    if (IsControlProtocol(way.protocol)) AddControl(way, "", event, epoch);
    if (!IsPlant(epoch.policy, way.host_party.zone) || IsNobody(way.peer)) continue;
    event.bytes = p->payload[plant_is_client ? 0 : 1];
    event.times = 1;
    AddBytes(way, event, epoch);
  }
}

void PlantCases::AddBytes(const Way& way, const Event& event, const EpochView& epoch) {
  const policy::Judgement judgement = JudgementOf(way, event.first, epoch.policy);
  if (policy::Permits(judgement.verdict)) return;
  learned_from_ = std::min(learned_from_, event.first);
  const policy::ZoneId zone = way.host_party.zone;
  for (const PlantThing thing : {PlantThing::kVolume, PlantThing::kPeer}) {
    if (thing == PlantThing::kPeer && !IsNewPeer({zone, way.peer}, event)) continue;
    PlantCase& c = Count({zone, way.peer, thing}, way.host, event, epoch.begin);
    if (event.sample < c.sample) Place(c, way, judgement);
    c.sample.KeepEarlier(event.sample);
  }
}

// Whoever was there while peers were learned is known, and stays so while he comes back.
bool PlantCases::IsNewPeer(const Peer& peer, const Event& event) {
  if (newness_.frozen() && !peers_.contains(peer)) return true;
  const auto [at, fresh] = peers_.try_emplace(peer, event.last);
  at->second = std::max(at->second, event.last);
  return fresh && !Learning(event.first);
}

std::vector<Baseline> PlantCases::Baselines(Timestamp now) const {
  if (learned_from_ == kDistantFuture) return {};
  return {{kWholeNetwork, learned_from_, Duration::Seconds(options_.plant.learning_s), Learning(now), newness_.since(),
           Figure(peers_.size()) + " outside peers of plants"}};
}

std::size_t PlantCases::Obey(const BaselineRequest& request, Timestamp now) {
  if (request.hosts_only) return 0;
  newness_.Obey(request.action, now);
  if (request.action == BaselineAction::kReset) {
    peers_.clear();
    learned_from_ = kDistantFuture;
  }
  return 1;
}

void PlantCases::AddDocuments(const EpochView& epoch) {
  for (const Moved& m : epoch.book->moved()) {
    const identify::RuleInfo& rule = epoch.book->types()[m.type];
    if (rule.data_class != "infrastructure" || policy::Permits(m.judgement.verdict)) continue;
    if (!epoch.policy.Own(m.from.zone)) continue;  // what others send about their plants is not ours
    Way way;
    way.host = m.key.sender;
    way.peer = m.key.recipient;
    way.host_party = m.from;
    way.peer_party = m.to;
    way.domain = m.domain;
    way.protocol = m.app_proto;
    const Event event{m.sample, m.first_seen, m.last_seen, 0, m.findings};
    PlantCase& c = Count({m.from.zone, m.key.recipient, PlantThing::kDocument}, way.host, event, epoch.begin);
    if (m.sample < c.sample) Place(c, way, m.judgement);
    if (c.names.size() < kMaxNames) c.names.insert(rule.title);
    c.sample.KeepEarlier(m.sample);
  }
}

void PlantCases::Forget(Timestamp now) {
  if (!newness_.frozen()) std::erase_if(peers_, [&](const auto& p) { return now - p.second > kUnseen; });
  std::erase_if(cases_, [&](const auto& c) { return now - c.second.last_seen > Duration{2 * kPlantWindow.ns}; });
  KeepWithin(peers_, options_.max_keys, [](Timestamp last) { return last; },
             [this](const Peer&, Timestamp) { ++keys_lost_; });
  KeepWithin(cases_, options_.max_keys, [](const PlantCase& c) { return std::pair(c.acts, c.last_seen); },
             [this](const PlantKey&, const PlantCase& c) { keys_lost_ += c.acts; });
}

}  // namespace gander::detect
