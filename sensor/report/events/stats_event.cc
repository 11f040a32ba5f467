// SPDX-License-Identifier: Apache-2.0
#include "report/events/stats_event.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "report/events/record_shapes.h"

namespace gander::report {
namespace {

// A record's keys are static strings, a counter's name is not. Names come from the tables in the code, so the
// set stays small; the cap is for the day they do not.
const char* StaticKey(const std::string& name) {
  static constexpr std::size_t kMaxKeys = 8192;
  static std::mutex mutex;
  static std::set<std::string> keys;
  const std::lock_guard lock(mutex);
  if (keys.size() >= kMaxKeys && !keys.contains(name)) return "other";
  return keys.insert(name).first->c_str();
}

using Group = std::map<std::string, std::uint64_t>;

// Opens the group's object.
void AppendGroup(const std::string& name, const Group& group, Record& out) {
  out.BeginObject(StaticKey(name));
  for (const auto& [key, value] : group) out.Integer(StaticKey(key), Signed(value));
}

// Live: what each queue received and lost, and what each worker leaves out at the moment.
void AppendQueues(const RunState& state, Record& out) {
  if (state.queues.empty()) return;
  out.BeginArray("queues");
  for (const QueueState& queue : state.queues) {
    out.BeginObject();
    AppendQueue(queue, out);
    out.EndObject();
  }
  out.EndArray();
}

void AppendLevels(const RunState& state, Record& out) {
  if (state.shed_levels.empty()) return;
  out.BeginObject("shedding").Integer("seconds", Signed(state.shedding_seconds));
  out.BeginArray("workers");
  for (std::size_t worker = 0; worker < state.shed_levels.size(); ++worker) {
    out.BeginObject()
        .Integer("worker", static_cast<std::int64_t>(worker))
        .String("level", state.shed_levels[worker]);
    out.EndObject();
  }
  out.EndArray().EndObject();
}

void AppendAppFlows(const RunState& state, Record& out) {
  out.BeginObject("flow");
  for (const auto& [protocol, flows] : state.app_flows) {
    out.Integer(StaticKey(protocol.empty() ? "unknown" : protocol), Signed(flows));
  }
  out.EndObject();
}

std::map<std::string, Group> Groups(const RunState& state) {
  std::map<std::string, Group> groups;
  for (const NamedCounter& c : state.counters) groups[c.group][c.name] += c.value;
  Group& capture = groups["capture"];
  capture["kernel_packets"] = state.capture_received;
  capture["kernel_drops"] = state.kernel_drops;
  capture["kernel_ifdrops"] = state.interface_drops;
  if (!state.offline) {
    capture["no_buffer"] = state.no_buffer;
    capture["errors"] = state.nic_errors;
    capture["ring_full"] = state.ring_full;
  }
  Group& decoder = groups["decoder"];
  decoder["pkts"] = state.ledger.packets;
  decoder["bytes"] = state.ledger.received;
  Group& flow = groups["flow"];
  flow["active"] = state.flows_active;
  flow["total"] = state.flows_total;
  Group& sink = groups["sink"];
  sink["events_written"] = state.events_written;
  sink["events_dropped"] = state.events_dropped;
  groups["app_layer"];
  return groups;
}

// What a page needs to be made of events alone (report/history/).
void AppendRun(const RunState& s, Record& out) {
  constexpr std::size_t kMostListed = 1000;
  out.BeginObject("run").String("source", s.source).Boolean("offline", s.offline).Boolean("finished", s.finished);
  out.String("version", s.version);
  if (s.ledger.packets > 0) {
    out.String("first_packet", FormatEveTime(s.first_packet)).String("last_packet", FormatEveTime(s.last_packet));
  }
  out.BeginObject("policy").String("name", s.policy_name).Integer("version", s.policy_version);
  out.String("digest", s.policy_digest).EndObject();
  out.String("rules_digest", s.rules_digest);
  if (!s.bundle_name.empty()) {
    out.BeginObject("bundle").String("name", s.bundle_name).Integer("serial", Signed(s.bundle_serial));
    out.String("content", s.bundle_content).EndObject();
  }
  out.BeginArray("zones");
  for (std::size_t i = 0; i < std::min(s.zone_names.size(), kMostListed); ++i) {
    const auto zone = static_cast<policy::ZoneId>(i);
    out.BeginObject().String("id", s.zone_names[i]).Boolean("own", s.IsOwn(zone)).EndObject();
  }
  out.EndArray().BeginArray("warnings");
  for (std::size_t i = 0; i < std::min(s.warnings.size(), kMostListed); ++i) out.String(nullptr, s.warnings[i]);
  out.EndArray().EndObject();
}

void AppendMeters(const RunState& s, Record& out) {
  if (s.meters.empty()) return;
  out.BeginArray("meters");
  for (const detect::LegalReading& m : s.meters) {
    out.BeginObject().String("id", m.meter).String("law", m.law).String("duty", m.duty).String("classes", m.classes);
    if (m.to.known()) out.String("to", m.to.text());
    out.Integer("tier", Signed(m.tier));
    AppendSubjects("subjects", m.people, out);
    out.Boolean("near", m.near).Boolean("reached", m.reached());
    out.String("window", m.calendar_year ? "since 1 January" : "12 months").String("since", FormatEveTime(m.since));
    out.EndObject();
  }
  out.EndArray();
}

template <class Pairs>
void AppendPairs(const char* key, const char* first, const char* second, const char* count,
                 const Pairs& pairs, Record& out) {
  out.BeginArray(key);
  for (const auto& [pair, value] : pairs) {
    out.BeginObject();
    out.String(first, pair.first).String(second, pair.second).Integer(count, Signed(value));
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace

Event ToStatsEvent(const RunState& state, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "stats";
  Record& body = event.body;
  body.BeginObject("stats");
  body.Integer("uptime", (state.last_packet - state.first_packet).ns / kNanosPerSecond);
  for (const auto& [name, group] : Groups(state)) {
    AppendGroup(name, group, body);
    if (name == "capture") AppendQueues(state, body);
    if (name == "app_layer") AppendAppFlows(state, body);
    body.EndObject();
  }
  body.EndObject();
  body.BeginObject("gander");
  body.BeginObject("ledger");
  AppendLedger(state.ledger, body);
  body.EndObject();
  AppendRun(state, body);
  body.Integer("workers", state.workers);
  body.Integer("rules_loaded", Signed(state.rules_loaded));
  AppendLevels(state, body);
  AppendPairs("findings", "rule", "result", "count", state.findings, body);
  AppendPairs("alerts", "detector", "severity", "count", state.alerts, body);
  AppendMeters(state, body);
  body.EndObject();
  return event;
}

}  // namespace gander::report
