// SPDX-License-Identifier: Apache-2.0
#include "report/history/past_counters.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gander::report {
namespace {

constexpr std::size_t kMostNames = 4096, kMostSensors = 1024, kMostListed = 1000, kMostSources = 4;

// "category.reason" of a fate, as the ledger's object nests them.
std::string NameOfFate(std::size_t i) {
  const ByteFateName& name = gander::NameOf(static_cast<ByteFate>(i));
  return std::string("fate.") + name.category + "." + name.reason;
}

template <class Key>
void AddTo(std::map<Key, std::uint64_t>& to, const std::map<Key, std::uint64_t>& from,
           const std::map<Key, std::uint64_t>* before) {
  for (const auto& [name, value] : from) {
    std::uint64_t base = 0;
    if (before != nullptr) {
      if (const auto at = before->find(name); at != before->end()) base = std::min(at->second, value);
    }
    if (to.size() < kMostNames || to.contains(name)) to[name] += value - base;
  }
}

void ReadLedger(const Json& ledger, std::map<std::string, std::uint64_t>& out) {
  for (const char* key : {"packets", "received", "gaps", "gap_bytes"}) out[key] = NumberAt(ledger, key);
  for (std::size_t i = 0; i < kByteFates; ++i) {
    const ByteFateName& name = gander::NameOf(static_cast<ByteFate>(i));
    out[NameOfFate(i)] = NumberAt(At(At(ledger, "bytes"), name.category), name.reason);
  }
}

void ReadCapture(const Json& stats, std::map<std::string, std::uint64_t>& out) {
  const Json& capture = At(stats, "capture");
  for (const char* key : {"kernel_packets", "kernel_drops", "kernel_ifdrops", "no_buffer", "errors", "ring_full"}) {
    out[key] = NumberAt(capture, key);
  }
  out["flows_total"] = NumberAt(At(stats, "flow"), "total");
  out["events_written"] = NumberAt(At(stats, "sink"), "events_written");
  out["events_dropped"] = NumberAt(At(stats, "sink"), "events_dropped");
  if (!stats.is_object()) return;
  for (const auto& [group, members] : stats.items()) out["mirror_duplicates"] += NumberAt(members, "mirror_duplicates");
}

void ReadQueues(const Json& queues, std::vector<QueueState>& out) {
  if (!queues.is_array()) return;
  for (const Json& q : queues) {
    if (out.size() == kMostListed) break;
    QueueState s;
    s.port = TextAt(q, "port");
    s.queue = static_cast<std::uint32_t>(NumberAt(q, "queue"));
    s.worker = static_cast<std::uint32_t>(NumberAt(q, "worker"));
    s.received = NumberAt(q, "received");
    s.received_bytes = NumberAt(q, "received_bytes");
    s.nic_missed = NumberAt(q, "nic_missed");
    s.no_buffer = NumberAt(q, "no_buffer");
    s.kernel_drops = NumberAt(q, "kernel_drops");
    s.nic_errors = NumberAt(q, "errors");
    s.outages = NumberAt(q, "outages");
    s.handed_over = NumberAt(q, "handed_over");
    s.ring_full = NumberAt(q, "ring_full");
    s.stalled = TrueAt(q, "stalled");
    out.push_back(std::move(s));
  }
}

// What the same queue had lost before.
void Subtract(const std::vector<QueueState>& before, std::vector<QueueState>& queues) {
  for (QueueState& q : queues) {
    const auto at = std::find_if(before.begin(), before.end(), [&](const QueueState& b) {
      return b.port == q.port && b.queue == q.queue && b.worker == q.worker;
    });
    if (at == before.end()) continue;
    for (std::uint64_t QueueState::*field :
         {&QueueState::received, &QueueState::received_bytes, &QueueState::nic_missed, &QueueState::no_buffer,
          &QueueState::kernel_drops, &QueueState::nic_errors, &QueueState::outages, &QueueState::handed_over,
          &QueueState::ring_full}) {
      q.*field -= std::min(q.*field, (*at).*field);
    }
  }
}

void ReadMeters(const Json& meters, std::vector<detect::LegalReading>& out) {
  if (!meters.is_array()) return;
  for (const Json& m : meters) {
    if (out.size() == kMostListed) break;
    detect::LegalReading r;
    r.meter = TextAt(m, "id");
    r.law = TextAt(m, "law");
    r.duty = TextAt(m, "duty");
    r.classes = TextAt(m, "classes");
    if (const std::string to = TextAt(m, "to"); to.size() == 2) r.to.code = {to[0], to[1]};
    r.tier = NumberAt(m, "tier");
    const Json& people = At(m, "subjects");
    r.people = {NumberAt(people, "estimate"), NumberAt(people, "low"), NumberAt(people, "high")};
    r.near = TrueAt(m, "near");
    r.calendar_year = TextAt(m, "window") == "since 1 January";
    r.since = TimeAt(m, "since");
    out.push_back(std::move(r));
  }
}

void ReadRun(const Json& run, RunState& out) {
  out.source = TextAt(run, "source");
  const Json& offline = At(run, "offline");
  out.offline = !offline.is_boolean() || offline.get<bool>();
  out.finished = TrueAt(run, "finished");
  out.version = TextAt(run, "version");
  const Json& policy = At(run, "policy");
  out.policy_name = TextAt(policy, "name");
  out.policy_version = static_cast<int>(std::min<std::uint64_t>(NumberAt(policy, "version"), INT32_MAX));
  out.policy_digest = TextAt(policy, "digest");
  out.rules_digest = TextAt(run, "rules_digest");
  const Json &zones = At(run, "zones"), &warnings = At(run, "warnings");
  for (std::size_t i = 0; zones.is_array() && i < std::min(zones.size(), kMostListed); ++i) {
    out.zone_names.push_back(TextAt(zones[i], "id"));
    out.zone_own.push_back(TrueAt(zones[i], "own"));
  }
  for (std::size_t i = 0; warnings.is_array() && i < std::min(warnings.size(), kMostListed); ++i) {
    if (warnings[i].is_string()) out.warnings.push_back(warnings[i].get<std::string>());
  }
}

void AddOnce(const std::string& text, std::vector<std::string>& to) {
  if (to.size() < kMostListed && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}

void KeepLatest(const detect::LegalReading& m, std::vector<detect::LegalReading>& meters) {
  const auto same = std::find_if(meters.begin(), meters.end(), [&](const detect::LegalReading& r) {
    return r.meter == m.meter && r.to == m.to && r.tier == m.tier && r.classes == m.classes;
  });
  if (same != meters.end()) {
    *same = m;
  } else if (meters.size() < kMostListed) {
    meters.push_back(m);
  }
}

}  // namespace

bool PastCounters::Read(const Json& event, Reading& out) {
  const Json &stats = At(event, "stats"), &gander = At(event, "gander"), &ledger = At(gander, "ledger");
  if (!ledger.is_object() || !stats.is_object() || !ParseEveTime(TextAt(event, "timestamp"), out.at)) return false;
  ReadLedger(ledger, out.counts);
  ReadCapture(stats, out.counts);
  out.counts["shedding_seconds"] = NumberAt(At(gander, "shedding"), "seconds");
  ReadQueues(At(At(stats, "capture"), "queues"), out.queues);
  ReadMeters(At(gander, "meters"), out.meters);
  const Json& flows = At(At(stats, "app_layer"), "flow");
  if (flows.is_object()) {
    for (const auto& [protocol, n] : flows.items()) {
      if (out.app_flows.size() < kMostNames) out.app_flows[protocol] = n.is_number_unsigned() ? n.get<std::uint64_t>() : 0;
    }
  }
  const Json& findings = At(gander, "findings");
  if (findings.is_array()) {
    for (const Json& f : findings) {
      if (out.findings.size() < kMostNames) out.findings[{TextAt(f, "rule"), TextAt(f, "result")}] = NumberAt(f, "count");
    }
  }
  const Json& run = At(gander, "run");
  ReadRun(run, out.run);
  out.run.workers = static_cast<std::uint32_t>(std::min<std::uint64_t>(NumberAt(gander, "workers"), 4096));
  out.run.rules_loaded = NumberAt(gander, "rules_loaded");
  out.run.flows_active = NumberAt(At(stats, "flow"), "active");
  // Of events before there was `run`: as far as its uptime goes back.
  const auto uptime = static_cast<std::int64_t>(std::min<std::uint64_t>(NumberAt(stats, "uptime"), 1u << 31));
  out.last_packet = TimeAt(run, "last_packet", out.at);
  out.first_packet = TimeAt(run, "first_packet", {out.last_packet.ns - uptime * kNanosPerSecond});
  return true;
}

bool PastCounters::SameRun(const Reading& earlier, const Reading& later) {
  const auto received = [](const Reading& r) { return r.counts.at("received"); };
  const std::int64_t apart = earlier.first_packet.ns - later.first_packet.ns;
  // A run without packets has no first one yet.
  const bool begun_alike = received(earlier) == 0 || (apart < 2 * kNanosPerSecond && apart > -2 * kNanosPerSecond);
  return begun_alike && received(later) >= received(earlier);
}

bool PastCounters::Add(const Json& event, When when) {
  Reading reading;
  if (!Read(event, reading)) return false;
  const std::string host = TextAt(event, "host");
  if (sensors_.size() >= kMostSensors && !sensors_.contains(host)) return true;
  Sensor& sensor = sensors_[host];
  if (when == When::kBefore) {
    sensor.before = std::move(reading);
    return true;
  }
  if (sensor.within && !SameRun(*sensor.within, reading)) Close(sensor);
  if (sensor.before && !SameRun(*sensor.before, reading)) sensor.before.reset();
  sensor.within = std::move(reading);
  return true;
}

void PastCounters::Close(Sensor& sensor) {
  if (!sensor.within) return;
  Reading& now = *sensor.within;
  const Reading* before = sensor.before ? &*sensor.before : nullptr;
  AddTo(counts_, now.counts, before != nullptr ? &before->counts : nullptr);
  AddTo(app_flows_, now.app_flows, before != nullptr ? &before->app_flows : nullptr);
  AddTo(findings_, now.findings, before != nullptr ? &before->findings : nullptr);
  if (before != nullptr) Subtract(before->queues, now.queues);
  for (QueueState& q : now.queues) {
    if (queues_.size() < kMostListed) queues_.push_back(std::move(q));
  }
  if (now.counts.at("packets") > 0) {
    first_packet_ = std::min(first_packet_, before != nullptr ? before->last_packet : now.first_packet);
    last_packet_ = std::max(last_packet_, now.last_packet);
  }
  if (!now.run.source.empty()) AddOnce(now.run.source, sources_);
  for (const std::string& warning : now.run.warnings) AddOnce(warning, warnings_);
  for (const detect::LegalReading& m : now.meters) KeepLatest(m, meters_);
  stretch_ = stretch_ || before != nullptr;
  unfinished_ = unfinished_ || !now.run.finished;
  ++runs_;
  if (now.at >= latest_at_) {
    latest_at_ = now.at;
    latest_ = std::move(now.run);
  }
  sensor.before.reset();
  sensor.within.reset();
}

void PastCounters::Fill(RunState& state) {
  for (auto& [host, sensor] : sensors_) Close(sensor);
  if (!state.past) state.past.emplace();
  PastGround past = *state.past;
  if (latest_) state = std::move(*latest_);
  past.runs = runs_;
  past.counted = runs_ > 0;
  past.stretch = stretch_;
  state.past = past;
  state.finished = !unfinished_;
  if (first_packet_ != kDistantFuture) {
    state.first_packet = first_packet_;
    state.last_packet = last_packet_;
  }
  state.ledger.packets = counts_["packets"];
  state.ledger.received = counts_["received"];
  state.ledger.gaps = counts_["gaps"];
  state.ledger.gap_bytes = counts_["gap_bytes"];
  for (std::size_t i = 0; i < kByteFates; ++i) state.ledger.bytes[i] = counts_[NameOfFate(i)];
  state.capture_received = counts_["kernel_packets"];
  state.kernel_drops = counts_["kernel_drops"];
  state.interface_drops = counts_["kernel_ifdrops"];
  state.no_buffer = counts_["no_buffer"];
  state.nic_errors = counts_["errors"];
  state.ring_full = counts_["ring_full"];
  state.flows_total = counts_["flows_total"];
  state.events_written = counts_["events_written"];
  state.events_dropped = counts_["events_dropped"];
  state.shedding_seconds = counts_["shedding_seconds"];
  if (counts_["mirror_duplicates"] > 0) {
    state.counters.push_back({"decoder", "mirror_duplicates", "", counts_["mirror_duplicates"]});
  }
  state.app_flows = std::move(app_flows_);
  state.findings = std::move(findings_);
  state.queues = std::move(queues_);
  state.source.clear();
  std::size_t named = 0;
  for (const std::string& source : sources_) {
    if (named++ == kMostSources) break;
    state.source += (state.source.empty() ? "" : ", ") + source;
  }
  if (sources_.size() > kMostSources) state.source += " and " + std::to_string(sources_.size() - kMostSources) + " more";
  state.warnings = std::move(warnings_);
  state.meters = std::move(meters_);
}

}  // namespace gander::report
