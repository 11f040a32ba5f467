// SPDX-License-Identifier: Apache-2.0
// An alert as Suricata's `alert` event. What is Gander's own lives in `alert.metadata` and `alert.context`, the two
// places Suricata's schema leaves open, so every reader of EVE shows it.
#include "evidence/tree.h"
#include "report/events/eve_writer.h"
#include "report/events/record_shapes.h"

namespace gander::report {
namespace {

void Metadata(const detect::Alert& alert, Record& body) {
  // Suricata's metadata values are lists of strings, single ones too.
  body.BeginObject("metadata");
  if (!alert.mitre.empty()) {
    body.BeginArray("mitre_technique_id");
    for (const std::string& id : alert.mitre) body.String(nullptr, id);
    body.EndArray();
  }
  body.BeginArray("gander_detector").String(nullptr, alert.detector).EndArray();
  body.BeginArray("gander_detector_name").String(nullptr, alert.detector_name).EndArray();
  body.BeginArray("gander_severity").String(nullptr, detect::NameOf(alert.severity)).EndArray();
  body.EndObject();
}

void Context(const detect::Alert& alert, const policy::Policy* policy, const detect::Suppression* suppressed,
             Record& body) {
  body.BeginObject("context");
  body.String("id", AlertId(alert));
  AppendMembers(alert.context, body);
  if (!HasMember(alert.context, "why")) body.String("why", alert.explanation);
  if (!HasMember(alert.context, "first_seen")) body.String("first_seen", FormatEveTime(alert.first_seen));
  if (!HasMember(alert.context, "last_seen")) body.String("last_seen", FormatEveTime(alert.last_seen));
  // What is the same trouble said again has the same key.
  if (!alert.dedup_key.empty()) body.String("key", alert.dedup_key);
  if (policy != nullptr) AppendPolicy(*policy, body);
  if (suppressed != nullptr) {
    body.BeginObject("suppressed")
        .String("name", suppressed->name)
        .String("until", FormatEveTime(suppressed->until))
        .String("reason", suppressed->reason)
        .EndObject();
  }
  body.EndObject();
}

}  // namespace

// A UUID of RFC 9562's version 8 over what makes it this alert.
std::string AlertId(const detect::Alert& alert) {
  const std::string what = std::string(alert.detector) + "\n" + alert.dedup_key + "\n" +
                           std::to_string(alert.time.ns) + "\n" + alert.signature;
  evidence::Hash hash = evidence::Sha256(what);
  hash[6] = static_cast<std::uint8_t>((hash[6] & 0x0f) | 0x80);
  hash[8] = static_cast<std::uint8_t>((hash[8] & 0x3f) | 0x80);
  const std::string hex = evidence::ToHex(hash);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20, 12);
}

Event ToEvent(const detect::Alert& alert, const policy::Policy* policy, const detect::Suppression* suppressed) {
  Event event;
  event.time = alert.time;
  event.type = "alert";
  event.has_tuple = alert.tuple != FiveTuple{};
  event.tuple = alert.tuple;
  event.flow_id = alert.flow_id;
  event.app_proto = alert.app_proto;
  event.severity = static_cast<std::uint8_t>(static_cast<int>(alert.severity) + 1);
  event.body.BeginObject("alert");
  event.body.String("action", "allowed");  // a passive sensor lets everything pass
  event.body.Integer("gid", 1);
  event.body.Integer("signature_id", alert.sid);
  event.body.Integer("rev", alert.revision);
  event.body.String("signature", alert.signature);
  event.body.String("category", alert.category);
  event.body.Integer("severity", detect::EveSeverity(alert.severity));
  Metadata(alert, event.body);
  Context(alert, policy, suppressed, event.body);
  event.body.EndObject();
  return event;
}

}  // namespace gander::report
