// SPDX-License-Identifier: Apache-2.0
// gander_sink_*: what each output wrote, lost and holds.
#ifndef GANDER_REPORT_METRICS_METRICS_SINKS_H_
#define GANDER_REPORT_METRICS_METRICS_SINKS_H_

#include "report/metrics/metric_table.h"
#include "report/run_state.h"

namespace gander::report {

void AddSinks(const RunState& state, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_SINKS_H_
