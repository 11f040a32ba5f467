// SPDX-License-Identifier: Apache-2.0
// Commands tell what they do with what the sensor keeps, before they do it: to whoever reads the events and to whoever
// checks the evidence.
#ifndef GANDER_APP_AUDIT_H_
#define GANDER_APP_AUDIT_H_

#include <string>

#include "base/result.h"
#include "config/settings.h"
#include "report/events/audit_event.h"

namespace gander::app {

struct AuditPlaces {
  std::string file;      // a line of events is appended; "" = none
  std::string evidence;  // folder of a log that records it; "" = none
  std::string sensor_name;
};
AuditPlaces PlacesOf(const config::Settings& settings);

// Error: there is no place to tell it, or one cannot be written; then what it tells of must not be done.
Result<bool> Tell(const AuditPlaces& places, const report::Audit& audit);

}  // namespace gander::app

#endif  // GANDER_APP_AUDIT_H_
