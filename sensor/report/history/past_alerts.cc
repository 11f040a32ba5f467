// SPDX-License-Identifier: Apache-2.0
#include "report/history/past_alerts.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "detect/detector.h"
#include "report/events/record_shapes.h"

namespace gander::report {
namespace {

constexpr std::size_t kMostTechniques = 16;

struct Named {
  const char *id, *name;
};

// What the fleet's engines ask (sensor/fleet/postgresql/findings.sql).
constexpr Named kOfFleets[] = {{"F01", "mass_collection"}, {"F02", "many_places"},  {"F03", "fan_out"},
                               {"F04", "cross_border"},    {"F05", "unregistered"}, {"F06", "low_and_slow"}};

// An alert names its detector by a static string: of those this program knows, else none.
Named DetectorOf(const std::string& id) noexcept {
  for (const detect::DetectorInfo& info : detect::Detectors()) {
    if (id == info.id) return {info.id, info.name};
  }
  for (const Named& of_fleet : kOfFleets) {
    if (id == of_fleet.id) return of_fleet;
  }
  return {"D??", "unknown"};
}

std::string FirstOf(const Json& metadata, const char* key) {
  const Json& values = At(metadata, key);
  if (values.is_array() && !values.empty() && values[0].is_string()) return values[0].get<std::string>();
  return values.is_string() ? values.get<std::string>() : std::string();
}

// What other parts of the report read of it: how many people.
void ReadContext(const Json& context, detect::Alert& out) {
  const Json& people = At(At(context, "pii"), "subjects");
  if (!people.is_object()) return;
  out.context.BeginObject("pii").BeginObject("subjects");
  for (const char* key : {"estimate", "low", "high"}) out.context.Integer(key, Signed(NumberAt(people, key)));
  out.context.EndObject().EndObject();
}

}  // namespace

bool PastAlerts::Add(const Json& event) {
  const Json& body = At(event, "alert");
  const Json &metadata = At(body, "metadata"), &context = At(body, "context");
  const std::string id = FirstOf(metadata, "gander_detector"), severity = FirstOf(metadata, "gander_severity");
  detect::Alert a;
  if (id.empty() || id.size() > 16 || !detect::ParseSeverity(severity, a.severity)) return false;
  if (!ParseEveTime(TextAt(event, "timestamp"), a.time)) return false;
  const Named detector = DetectorOf(id);
  a.detector = detector.id;
  a.detector_name = detector.name;
  ++counts_[{a.detector, severity}];
  a.sid = static_cast<std::uint32_t>(NumberAt(body, "signature_id"));
  a.revision = static_cast<std::uint32_t>(NumberAt(body, "rev"));
  a.signature = TextAt(body, "signature");
  a.category = TextAt(body, "category");
  a.explanation = TextAt(context, "why");
  a.dedup_key = TextAt(context, "key");
  a.first_seen = TimeAt(context, "first_seen", a.time);
  a.last_seen = TimeAt(context, "last_seen", a.time);
  IpAddress::Parse(TextAt(event, "src_ip"), a.tuple.source);
  IpAddress::Parse(TextAt(event, "dest_ip"), a.tuple.destination);
  const Json& techniques = At(metadata, "mitre_technique_id");
  for (std::size_t i = 0; techniques.is_array() && i < std::min(techniques.size(), kMostTechniques); ++i) {
    if (techniques[i].is_string()) a.mitre.push_back(techniques[i].get<std::string>());
  }
  ReadContext(context, a);
  if (kept_.size() < most_) {
    kept_.push_back(std::move(a));
    return true;
  }
  const auto mildest = std::min_element(kept_.begin(), kept_.end(), [](const detect::Alert& x, const detect::Alert& y) {
    return x.severity != y.severity ? x.severity < y.severity : x.time > y.time;
  });
  if (mildest != kept_.end() && mildest->severity < a.severity) *mildest = std::move(a);
  return true;
}

void PastAlerts::Fill(RunState& state) {
  state.alerts = std::move(counts_);
  std::stable_sort(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  state.raised = std::move(kept_);
}

}  // namespace gander::report
