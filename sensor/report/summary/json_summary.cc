// SPDX-License-Identifier: Apache-2.0
// The summary as one JSON object: `gander scan --json` and /status.
#include "report/events/record_shapes.h"
#include "report/json_writer.h"
#include "report/movement.h"
#include "report/summary/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

template <class Item>
void Objects(std::string_view key, const std::vector<Item>& items, void (*append)(const Item&, Record&),
             JsonWriter& json) {
  json.BeginArray(key);
  for (const Item& item : items) {
    Record record;
    append(item, record);
    json.BeginObject();
    json.Members(record);
    json.EndObject();
  }
  json.EndArray();
}

// Members of `capture` that only ports and queues have.
void Live(const RunState& s, JsonWriter& json) {
  json.Unsigned("no_buffer", s.no_buffer);
  json.Unsigned("errors", s.nic_errors);
  json.Unsigned("ring_full", s.ring_full);
  Objects("queues", s.queues, AppendQueue, json);
  json.BeginObject("broken_ports");
  for (const auto& [port, problem] : s.broken_ports) json.String(port, problem);
  json.EndObject();
  json.Unsigned("shedding_seconds", s.shedding_seconds);
  Objects("shedding", s.shedding, AppendShedding, json);
}

void Run(const RunState& s, JsonWriter& json) {
  json.String("version", s.version);
  json.String("source", s.source);
  json.Boolean("offline", s.offline);
  json.Boolean("finished", s.finished);
  json.Unsigned("workers", s.workers);
  if (s.ledger.packets > 0) {
    json.String("first_packet", FormatEveTime(s.first_packet));
    json.String("last_packet", FormatEveTime(s.last_packet));
  }
  json.BeginObject("capture");
  json.Unsigned("received", s.capture_received);
  json.Unsigned("kernel_drops", s.kernel_drops);
  json.Unsigned("interface_drops", s.interface_drops);
  if (!s.offline) Live(s, json);
  json.EndObject();
  json.BeginObject("flows");
  json.Unsigned("active", s.flows_active);
  json.Unsigned("total", s.flows_total);
  json.BeginObject("by_protocol");
  for (const auto& [protocol, flows] : s.app_flows)
    json.Unsigned(protocol.empty() ? "unknown" : protocol, flows);
  json.EndObject();
  json.EndObject();
  json.BeginObject("events");
  json.Unsigned("written", s.events_written);
  json.Unsigned("dropped", s.events_dropped);
  json.EndObject();
}

void Supervised(const Supervision& s, JsonWriter& json) {
  json.BeginObject("supervision");
  json.BeginObject("restarts");
  for (const auto& [cause, n] : s.restarts) json.Unsigned(cause, n);
  json.EndObject();
  if (s.last_death.ns > 0) json.String("last_death", FormatEveTime(s.last_death));
  json.Unsigned("poison_flows", s.poison_flows);
  json.EndObject();
}

void Outputs(const RunState& s, JsonWriter& json) {
  json.BeginArray("outputs");
  for (const SinkState& sink : s.sinks) {
    json.BeginObject();
    json.String("name", sink.name);
    json.String("type", sink.type);
    json.String("layout", sink.layout);
    json.Unsigned("written", sink.written);
    json.Unsigned("bytes", sink.written_bytes);
    if (sink.spool_events > 0) json.Unsigned("spooled", sink.spool_events);
    json.BeginObject("lost");
    for (std::size_t i = 0; i < kLosses; ++i) {
      if (sink.lost[i].sum() > 0) json.Unsigned(NameOf(static_cast<Loss>(i)), sink.lost[i].sum());
    }
    json.EndObject();
    if (!sink.problem.empty()) json.String("problem", sink.problem);
    json.EndObject();
  }
  json.EndArray();
}

void Judges(const RunState& s, JsonWriter& json) {
  json.BeginObject("policy");
  json.String("name", s.policy_name);
  json.Integer("version", s.policy_version);
  json.String("digest", s.policy_digest);
  json.EndObject();
  json.BeginObject("rules");
  json.Unsigned("loaded", s.rules_loaded);
  json.String("digest", s.rules_digest);
  json.EndObject();
}

void Transfers(const RunState& s, JsonWriter& json) {
  json.BeginArray("transfers");
  for (const std::size_t i : ReadingOrder(s)) {
    const detect::TransferSummary& t = s.transfers[i];
    json.BeginObject();
    json.String("sender", t.sender.ToString());
    json.String("recipient", t.recipient.ToString());
    Record record;
    AppendTransfer(t, {s.ZoneName(t.from.zone), s.IsOwn(t.from.zone)},
                   {s.ZoneName(t.to.zone), s.IsOwn(t.to.zone)}, record);
    json.Members(record);
    if (!t.entry_id.empty()) json.String("entry", t.entry_id);
    if (!t.basis.empty()) json.String("basis", t.basis);
    json.EndObject();
  }
  json.EndArray();
  json.Unsigned("transfers_not_shown", s.transfers_not_shown);
}

const char* MethodOf(const Movement& m) noexcept {
  if (m.people.exact()) return "exact";
  return m.parts.empty() ? "hll" : "bounds";
}

// `at` is where the array `transfers` holds each of the state's.
void OneMovement(const Movement& m, const RunState& s, const std::vector<std::size_t>& at, JsonWriter& json) {
  json.BeginObject();
  json.String("verdict", policy::NameOf(m.lead->verdict));
  json.Boolean("permitted", policy::Permits(m.lead->verdict));
  json.String("why", m.lead->why);
  if (!m.lead->entry_id.empty()) json.String("entry", m.lead->entry_id);
  json.Unsigned("senders", m.senders());
  if (m.parts.empty()) json.String("sender", m.lead->sender.ToString());
  json.BeginArray("from");
  for (const policy::Party& place : m.from) {
    json.BeginObject();
    json.String("zone", s.ZoneName(place.zone));
    json.String("country", place.jurisdiction.text());
    json.EndObject();
  }
  json.EndArray();
  json.String("recipient", m.lead->recipient.ToString());
  json.BeginObject("to");
  json.String("zone", s.ZoneName(m.lead->to.zone));
  json.String("country", m.lead->to.jurisdiction.text());
  if (!m.lead->recipient_domain.empty()) json.String("domain", m.lead->recipient_domain);
  json.EndObject();
  json.BeginObject("subjects");
  json.Unsigned("estimate", m.people.estimate);
  json.Unsigned("low", m.people.low);
  if (m.complete) json.Unsigned("high", m.people.high);
  json.String("method", MethodOf(m));
  json.EndObject();
  json.BeginArray("types");
  for (const auto& type : m.types) json.String({}, type.id);
  json.EndArray();
  json.Unsigned("bytes", m.bytes);
  json.Unsigned("flows", m.flows);
  json.Boolean("carried_at_least", m.carried_at_least || !m.complete);
  json.BeginArray("transfers");
  for (const std::size_t i : m.transfers) json.Unsigned({}, at[i]);
  json.EndArray();
  json.EndObject();
}

void Moved(const RunState& s, const Movements& movements, JsonWriter& json) {
  const std::vector<std::size_t> order = ReadingOrder(s);
  std::vector<std::size_t> at(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) at[order[i]] = i;
  json.BeginArray("movements");
  for (const Movement& m : movements.all) OneMovement(m, s, at, json);
  json.EndArray();
}

void Alerts(const RunState& s, JsonWriter& json) {
  json.BeginArray("alert_counts");
  for (const auto& [key, n] : s.alerts) {
    json.BeginObject();
    json.String("detector", key.first);
    json.String("severity", key.second);
    json.Unsigned("count", n);
    json.EndObject();
  }
  json.EndArray();
  json.BeginObject("alerts_suppressed");
  for (const auto& [detector, n] : s.suppressed) json.Unsigned(detector, n);
  json.EndObject();
  json.BeginArray("alerts");
  for (const std::size_t i : AlertOrder(s)) {
    const detect::Alert& a = s.raised[i];
    json.BeginObject();
    json.String("time", FormatEveTime(a.time));
    json.String("severity", detect::NameOf(a.severity));
    json.String("detector", a.detector);
    json.String("detector_name", a.detector_name);
    json.Unsigned("signature_id", a.sid);
    json.String("signature", a.signature);
    json.String("why", a.explanation);
    json.String("src_ip", a.tuple.source.ToString());
    json.String("dest_ip", a.tuple.destination.ToString());
    json.EndObject();
  }
  json.EndArray();
}

void Findings(const RunState& s, JsonWriter& json) {
  json.BeginArray("findings");
  for (const auto& [key, n] : s.findings) {
    json.BeginObject();
    json.String("rule", key.first);
    json.String("result", key.second);
    json.Unsigned("count", n);
    json.EndObject();
  }
  json.EndArray();
}

void Confined(const ConfinementState& c, JsonWriter& json) {
  json.BeginObject("confinement");
  json.String("text", c.text);
  json.String("user", c.user);
  json.String("capabilities", c.capabilities);
  json.Boolean("no_new_privileges", c.no_new_privileges);
  json.Boolean("core_dumps", c.core_dumps);
  json.Integer("landlock", c.landlock);
  json.String("seccomp", c.seccomp);
  json.Unsigned("system_calls", c.system_calls);
  json.BeginObject("refused");
  for (const auto& [call, times] : c.refused) json.Unsigned(call, times);
  json.EndObject();
  json.EndObject();
}

void Sentences(std::string_view key, const std::vector<std::string>& sentences, JsonWriter& json) {
  json.BeginArray(key);
  for (const std::string& sentence : sentences) json.String({}, sentence);
  json.EndArray();
}

}  // namespace

std::string JsonSummary(const RunState& state, const ConfinementState* confined) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  const Movements movements = GroupTransfers(state);
  json.String("headline", Verdict(state, movements).text);
  Run(state, json);
  if (confined != nullptr) Confined(*confined, json);
  if (state.supervision.on) Supervised(state.supervision, json);
  Outputs(state, json);
  Judges(state, json);
  Moved(state, movements, json);
  Transfers(state, json);
  Alerts(state, json);
  Findings(state, json);
  Record ledger;
  AppendLedger(state.ledger, ledger);
  json.BeginObject("ledger");
  json.Members(ledger);
  json.EndObject();
  Sentences("not_seen", NotSeen(state), json);
  Sentences("warnings", state.warnings, json);
  json.EndObject();
  out += '\n';
  return out;
}

}  // namespace gander::report
