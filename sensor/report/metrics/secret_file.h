// SPDX-License-Identifier: Apache-2.0
// Reads a file that only the sensor and its group should be able to read.
#ifndef GANDER_REPORT_METRICS_SECRET_FILE_H_
#define GANDER_REPORT_METRICS_SECRET_FILE_H_

#include <cstddef>
#include <string>

#include "base/result.h"

namespace gander::report {

// Errors: not there, not a regular file, readable by everybody, larger than `max_bytes`.
Result<std::string> ReadSecretFile(const std::string& path, std::size_t max_bytes);
// The same for what everybody may read.
Result<std::string> ReadSmallFile(const std::string& path, std::size_t max_bytes);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_SECRET_FILE_H_
