// SPDX-License-Identifier: Apache-2.0
#include "report/events/evidence_event.h"

#include <charconv>
#include <vector>

#include "report/events/record_shapes.h"
#include "report/json_writer.h"
#include "report/packet_loss.h"

namespace gander::report {
namespace {

std::vector<std::string> FirstLines(const std::string& note, std::size_t count) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end; lines.size() < count && (end = note.find('\n', at)) != std::string::npos; at = end + 1) {
    lines.push_back(note.substr(at, end - at));
  }
  lines.resize(count);
  return lines;
}

}  // namespace

Event ToEvidenceEvent(const std::string& note, Timestamp now) {
  const auto lines = FirstLines(note, 3);
  std::int64_t size = 0;
  std::from_chars(lines[1].data(), lines[1].data() + lines[1].size(), size);
  Event event;
  event.time = now;
  event.type = "evidence";
  event.body.BeginObject("evidence")
      .String("origin", lines[0])
      .Integer("size", size)
      .String("root", lines[2])
      .String("checkpoint", note)
      .EndObject();
  return event;
}

std::string SensorState(const RunState& state, const std::string& configuration_digest, const ClockState& clock,
                        Timestamp now) {
  Record body;
  body.String("source", state.source).String("version", state.version);
  body.String("packet_time", FormatEveTime(now));
  body.BeginObject("clock")
      .String("wall", FormatEveTime(clock.wall))
      .Boolean("synchronised", clock.synchronised)
      .Integer("most_error_us", clock.most_error_us)
      .EndObject();
  body.BeginObject("policy")
      .String("name", state.policy_name)
      .Integer("version", state.policy_version)
      .String("digest", state.policy_digest)
      .EndObject();
  body.BeginObject("rules")
      .Integer("loaded", Signed(state.rules_loaded))
      .String("digest", state.rules_digest)
      .EndObject();
  body.BeginObject("configuration").String("digest", configuration_digest).EndObject();
  body.BeginObject("ledger");
  AppendLedger(state.ledger, body);
  body.EndObject();
  body.BeginObject("capture").Integer("received", Signed(state.capture_received));
  body.BeginArray("lost");
  for (const PacketLoss& loss : PacketLosses(state)) {
    if (loss.packets == 0) continue;
    body.BeginObject()
        .String("stage", loss.stage)
        .String("reason", loss.reason)
        .Integer("packets", Signed(loss.packets))
        .EndObject();
  }
  body.EndArray().EndObject();
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Members(body);
  json.EndObject();
  return out;
}

}  // namespace gander::report
