// SPDX-License-Identifier: Apache-2.0
#include "app/audit.h"

#include <nlohmann/json.hpp>

#include "app/options.h"
#include "base/time.h"
#include "evidence/recorder.h"

namespace gander::app {
namespace {

std::string BodyOf(const report::Audit& audit) {
  nlohmann::ordered_json body{{"action", audit.action}, {"object", audit.object}, {"user", audit.actor}};
  if (!audit.reason.empty()) body["reason"] = audit.reason;
  if (audit.count > 0) body["count"] = audit.count;
  if (audit.bytes > 0) body["bytes"] = audit.bytes;
  body["time"] = FormatEveTime(Now());
  return body.dump();
}

}  // namespace

AuditPlaces PlacesOf(const config::Settings& settings) {
  return {report::AuditPath(settings.audit_file, settings.report.events), settings.evidence.directory,
          settings.report.sensor_name};
}

Result<bool> Tell(const AuditPlaces& places, const report::Audit& audit) {
  if (places.file.empty() && places.evidence.empty()) {
    return Fail("privacy.audit_file", 0,
                "is empty, report.events names no file and no evidence is kept: there is nowhere to tell of it",
                "name a file in privacy.audit_file");
  }
  if (!places.evidence.empty()) {
    if (auto asked = evidence::RequestAudit(places.evidence, BodyOf(audit)); !asked) return asked;
  }
  if (places.file.empty()) return true;
  return report::AppendAudit(places.file, audit, Now(), places.sensor_name);
}

}  // namespace gander::app
