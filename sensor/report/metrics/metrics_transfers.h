// SPDX-License-Identifier: Apache-2.0
// Metric families of the movements of personal data: by State, zone, kind of identifier, sensitivity, register entry.
#ifndef GANDER_REPORT_METRICS_METRICS_TRANSFERS_H_
#define GANDER_REPORT_METRICS_METRICS_TRANSFERS_H_

#include "report/metrics/metric_table.h"
#include "report/run_state.h"

namespace gander::report {

void AddTransfers(const RunState& state, MetricTable& table);

}  // namespace gander::report

#endif  // GANDER_REPORT_METRICS_METRICS_TRANSFERS_H_
