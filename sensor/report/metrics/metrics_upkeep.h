// SPDX-License-Identifier: Apache-2.0
// Metric families of a live sensor's upkeep; none when a file is read.
#ifndef GANDER_REPORT_METRICS_METRICS_UPKEEP_H_
#define GANDER_REPORT_METRICS_METRICS_UPKEEP_H_

#include "report/metrics/metric_table.h"
#include "report/run_state.h"

namespace gander::report {

void AddUpkeep(const RunState& state, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_UPKEEP_H_
