// SPDX-License-Identifier: Apache-2.0
#include "report/events/sketch_event.h"

#include "base/format.h"

namespace gander::report {
namespace {

constexpr std::int64_t kSketchVersion = 1;

void AppendCount(const char* key, const detect::SubjectCount& count, const std::string& hll, Record& body) {
  std::string hex(2 * hll.size(), '\0');
  WriteHex(reinterpret_cast<const std::uint8_t*>(hll.data()), hll.size(), hex.data());
  body.BeginObject(key);
  body.Integer("estimate", static_cast<std::int64_t>(count.estimate));
  body.Integer("low", static_cast<std::int64_t>(count.low));
  body.Integer("high", static_cast<std::int64_t>(count.high));
  body.String("hll", hex);
  body.EndObject();
}

void AppendWindow(const detect::FleetSketch& s, Record& body) {
  body.BeginObject("window");
  body.String("begin", FormatEveTime(s.begin));
  body.String("end", FormatEveTime(s.end));
  body.Integer("seconds", (s.end - s.begin).ns / kNanosPerSecond);
  body.Integer("given_up", static_cast<std::int64_t>(s.given_up));
  body.EndObject();
}

void AppendEnds(const detect::FleetSketch& s, Record& body) {
  body.BeginObject("collector");
  body.String("id", s.key.collector);
  body.String("kind", NameOf(s.key.kind));
  body.String("address", s.key.address.ToString());
  body.String("country", s.country.text());
  body.String("zone", s.zone);
  body.EndObject();
  body.BeginObject("from");
  body.String("zone", s.key.from_zone);
  body.String("country", s.key.from_country.text());
  body.EndObject();
}

}  // namespace

Event ToEvent(const detect::FleetSketch& s, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "sketch";
  event.has_tuple = event.destination_only = true;
  event.tuple.destination = s.key.address;
  event.sequence = s.sequence;
  Record& body = event.body;
  body.BeginObject("sketch");
  body.Integer("version", kSketchVersion);
  body.String("sensor", s.sensor);
  body.Integer("epoch", s.epoch);
  body.String("key_id", s.key_id);
  AppendWindow(s, body);
  body.Integer("revision", s.revision);
  body.Integer("sequence", static_cast<std::int64_t>(s.sequence));
  AppendEnds(s, body);
  body.String("data_class", s.data_class);
  body.String("type", s.type);
  body.String("sensitivity", identify::NameOf(s.sensitivity));
  body.String("subject_country", s.key.subject_country.text());
  body.String("verdict", policy::NameOf(s.key.verdict));
  body.String("entry_id", s.key.entry_id);
  AppendCount("senders", s.senders, s.senders_hll, body);
  AppendCount("people", s.people, s.people_hll, body);
  body.Integer("findings", static_cast<std::int64_t>(s.findings));
  body.Integer("bytes", static_cast<std::int64_t>(s.bytes));
  body.Integer("flows", static_cast<std::int64_t>(s.flows));
  body.EndObject();
  return event;
}

}  // namespace gander::report
