// SPDX-License-Identifier: Apache-2.0
#include "report/metrics/metrics_supervision.h"

namespace gander::report {

void AddSupervision(const RunState& s, MetricTable& table) {
  static const MetricSpec kRestarts{"gander_restarts_total", "Times the sensor died and another took over, by why",
                                    prometheus::MetricType::Counter, {"cause"}};
  static const MetricSpec kLast{"gander_last_death_timestamp_seconds", "When it last died", kGauge, {}};
  static const MetricSpec kPoison{"gander_poison_flows", "Flows not read since the sensor died of them", kGauge, {}};
  if (!s.supervision.on) return;
  for (const auto& [cause, n] : s.supervision.restarts) table.Add(kRestarts, {cause}, static_cast<double>(n));
  const Timestamp last = s.supervision.last_death;
  if (last.ns > 0) table.Add(kLast, static_cast<double>(last.ns) / kNanosPerSecond);
  table.Add(kPoison, static_cast<double>(s.supervision.poison_flows));
}

}  // namespace gander::report
