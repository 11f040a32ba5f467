// SPDX-License-Identifier: Apache-2.0
// What the operator says of the metrics endpoint.
#ifndef GANDER_REPORT_METRICS_METRICS_OPTIONS_H_
#define GANDER_REPORT_METRICS_METRICS_OPTIONS_H_

#include <cstdint>
#include <string>

namespace gander::report {

struct MetricsOptions {
  std::string listen;                    // "127.0.0.1:9944"; empty = off
  std::uint32_t max_series = 20000;      // beyond: `other` and gander_metric_series_dropped_total
  std::string tls_certificate, tls_key;  // PEM files; empty = HTTP in clear
  std::string password_file;             // see PasswordFile; empty = whoever reaches it may read
};

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_OPTIONS_H_
