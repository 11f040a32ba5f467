// SPDX-License-Identifier: Apache-2.0
// The Prometheus endpoint: /metrics, /healthz, /readyz, /status (JSON). Label values come from closed lists only:
// rule ids, zones, jurisdictions, verdicts, fates, detectors.
#ifndef GANDER_REPORT_METRICS_METRICS_H_
#define GANDER_REPORT_METRICS_METRICS_H_

#include <memory>
#include <string>

#include "base/result.h"
#include "report/run_state.h"

namespace gander::report {

struct MetricsOptions {
  std::string listen;                 // "127.0.0.1:9944"; empty = off
  std::uint32_t max_series = 20000;   // beyond: `other` and gander_metric_series_dropped_total
};

// The text a scrape returns (exposition format 0.0.4, by prometheus-cpp's serializer).
std::string RenderMetrics(const RunState& state, const MetricsOptions& options);

class MetricsServer {
 public:
  // Errors: address in use or malformed.
  static Result<std::unique_ptr<MetricsServer>> Start(const MetricsOptions& options);
  virtual ~MetricsServer() = default;
  virtual void Publish(std::shared_ptr<const RunState> state) = 0;  // any thread
  virtual void SetReady(bool ready) = 0;
  virtual std::string address() const = 0;  // as bound: port 0 picks a free one
};

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_H_
