// SPDX-License-Identifier: Apache-2.0
// The summary as one JSON object: `gander scan --json` and /status.
#include "report/json_writer.h"
#include "report/record_shapes.h"
#include "report/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

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
  json.EndObject();
  json.BeginObject("flows");
  json.Unsigned("active", s.flows_active);
  json.Unsigned("total", s.flows_total);
  json.BeginObject("by_protocol");
  for (const auto& [protocol, flows] : s.app_flows) json.Unsigned(protocol.empty() ? "unknown" : protocol, flows);
  json.EndObject();
  json.EndObject();
  json.BeginObject("events");
  json.Unsigned("written", s.events_written);
  json.Unsigned("dropped", s.events_dropped);
  json.EndObject();
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
    AppendTransfer(t, {s.ZoneName(t.from.zone), s.IsOwn(t.from.zone)}, {s.ZoneName(t.to.zone), s.IsOwn(t.to.zone)},
                   record);
    json.Members(record);
    if (!t.entry_id.empty()) json.String("entry", t.entry_id);
    if (!t.basis.empty()) json.String("basis", t.basis);
    json.EndObject();
  }
  json.EndArray();
  json.Unsigned("transfers_not_shown", s.transfers_not_shown);
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

void Sentences(std::string_view key, const std::vector<std::string>& sentences, JsonWriter& json) {
  json.BeginArray(key);
  for (const std::string& sentence : sentences) json.String({}, sentence);
  json.EndArray();
}

}  // namespace

std::string JsonSummary(const RunState& state) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.String("headline", Verdict(state).text);
  Run(state, json);
  Judges(state, json);
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
