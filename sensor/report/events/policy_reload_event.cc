// SPDX-License-Identifier: Apache-2.0
#include "report/events/policy_reload_event.h"

#include <algorithm>

namespace gander::report {
namespace {

std::int64_t Number(std::uint64_t n) { return static_cast<std::int64_t>(n); }

void AppendIds(const char* key, const std::vector<std::string>& ids, Record& body) {
  body.BeginArray(key);
  for (std::size_t i = 0; i < std::min(ids.size(), kMostListed); ++i) body.String(nullptr, ids[i]);
  body.EndArray();
}

void AppendChanged(const std::vector<policy::Difference::Entry>& changed, Record& body) {
  body.BeginArray("changed");
  for (std::size_t i = 0; i < std::min(changed.size(), kMostListed); ++i) {
    body.BeginObject();
    body.String("id", changed[i].id);
    body.BeginArray("fields");
    for (const policy::Difference::Field& f : changed[i].fields) {
      body.BeginObject().String("key", f.key).String("before", f.before).String("after", f.after).EndObject();
    }
    body.EndArray().EndObject();
  }
  body.EndArray();
}

}  // namespace

Event ToEvent(const PolicyReload& reload, Timestamp now) {
  Event event;
  event.time = now;
  event.type = "policy_reload";
  Record& body = event.body;
  body.BeginObject("policy_reload");
  body.String("result", reload.good ? "success" : "failure").String("name", reload.name);
  body.Integer("old_version", reload.old_version).Integer("version", reload.version);
  body.String("old_digest", reload.old_digest).String("new_digest", reload.new_digest);
  body.Integer("generation", Number(reload.generation));
  body.Integer("entries", Number(reload.entries)).Integer("warnings", Number(reload.warnings));
  const policy::Difference& d = reload.difference;
  body.Integer("entries_added", Number(d.added.size())).Integer("entries_removed", Number(d.removed.size()));
  body.Integer("entries_changed", Number(d.changed.size()));
  AppendIds("added", d.added, body);
  AppendIds("removed", d.removed, body);
  AppendChanged(d.changed, body);
  AppendIds("sections", d.sections, body);
  body.Integer("build_ms", Number(reload.build_ms)).Integer("hand_over_ms", Number(reload.hand_over_ms));
  if (!reload.problem.empty()) body.String("problem", reload.problem);
  body.EndObject();
  return event;
}

}  // namespace gander::report
