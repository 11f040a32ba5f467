// SPDX-License-Identifier: Apache-2.0
// Metric families of sensors that died and flows that killed them; none where nobody supervises.
#ifndef GANDER_REPORT_METRICS_METRICS_SUPERVISION_H_
#define GANDER_REPORT_METRICS_METRICS_SUPERVISION_H_

#include "report/metrics/metric_table.h"
#include "report/run_state.h"

namespace gander::report {

void AddSupervision(const RunState& state, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_SUPERVISION_H_
