// SPDX-License-Identifier: Apache-2.0
// The file that `detect.suppress` names: alerts not told of, by rule.
//
//   suppress:
//     - name: backup-dns
//       detector: D09
//       source: 10.20.0.0/16
//       until: 2027-01-31
//       reason: "vendor's backup talks like that; ticket 4711"
#ifndef GANDER_CONFIG_SUPPRESS_FILE_H_
#define GANDER_CONFIG_SUPPRESS_FILE_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "detect/alerting/suppressions.h"

namespace gander::config {

// Errors: as of YAML; an entry without name, until or reason, one that would silence everything, an unknown detector, no
// network, no date, a name that occurs twice. Entries that have ended by `now` are warnings.
Result<detect::Suppressions> LoadSuppressions(const std::string& path, Timestamp now, std::vector<Error>* warnings);

}  // namespace gander::config

#endif  // GANDER_CONFIG_SUPPRESS_FILE_H_
