// SPDX-License-Identifier: Apache-2.0
// The Prometheus endpoint: /metrics, /healthz, /readyz, /status (JSON). Label values come from closed lists only:
// rule ids, zones, jurisdictions, verdicts, fates, detectors. TLS and passwords where the operator wants them; /healthz
// and /readyz ask for no password.
#ifndef GANDER_REPORT_METRICS_METRICS_H_
#define GANDER_REPORT_METRICS_METRICS_H_

#include <memory>
#include <string>

#include "base/result.h"
#include "report/confinement_state.h"
#include "report/metrics/metrics_options.h"
#include "report/run_state.h"

namespace gander::report {

struct ProcessState;

// The text a scrape returns (exposition format 0.0.4, by prometheus-cpp's serializer). `process` may be null: what the
// server knows of itself, different at each scrape.
std::string RenderMetrics(const RunState& state, const MetricsOptions& options, const ProcessState* process = nullptr);

class MetricsServer {
 public:
  // Errors: address in use or malformed, those of ReadTlsIdentity and PasswordFile, a certificate without its key,
  // passwords that would cross a network in clear. `confined` may be empty; it is not called before the first Publish.
  static Result<std::unique_ptr<MetricsServer>> Start(const MetricsOptions& options, ConfinementReader confined = {});
  virtual ~MetricsServer() = default;
  virtual void Publish(std::shared_ptr<const RunState> state) = 0;  // any thread
  virtual void SetReady(bool ready) = 0;
  virtual std::string address() const = 0;  // as bound: port 0 picks a free one
  virtual std::string url() const = 0;      // "https://127.0.0.1:9944"
};

// What Start would say, but for the port. Nothing is opened.
Result<bool> CheckMetricsOptions(const MetricsOptions& options);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_H_
