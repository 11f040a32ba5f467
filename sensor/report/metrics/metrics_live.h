// SPDX-License-Identifier: Apache-2.0
// Metric families of queues, rings and load; none when a file is read.
#ifndef GANDER_REPORT_METRICS_METRICS_LIVE_H_
#define GANDER_REPORT_METRICS_METRICS_LIVE_H_

#include "report/metrics/metric_table.h"
#include "report/run_state.h"

namespace gander::report {

void AddLive(const RunState& state, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_LIVE_H_
