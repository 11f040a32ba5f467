// SPDX-License-Identifier: Apache-2.0
// Audit records that another process leaves for the sensor: a file each in <directory>/requests/, written whole.
#ifndef GANDER_EVIDENCE_AUDIT_REQUESTS_H_
#define GANDER_EVIDENCE_AUDIT_REQUESTS_H_

#include <string>
#include <vector>

namespace gander::evidence {

inline constexpr std::size_t kMostRequestBytes = 64 << 10;
inline constexpr std::size_t kMostRequests = 256;  // taken at a time

// Bodies in the order of their names; the files are removed. What is no JSON object on one line is removed, too.
std::vector<std::string> TakeAuditRequests(const std::string& directory);

}  // namespace gander::evidence

#endif  // GANDER_EVIDENCE_AUDIT_REQUESTS_H_
