// SPDX-License-Identifier: Apache-2.0
// The rooms' counter tables as report/ wants them.
#ifndef GANDER_RUNTIME_STATE_COUNTERS_H_
#define GANDER_RUNTIME_STATE_COUNTERS_H_

#include <vector>

#include "report/quarantine/quarantine.h"
#include "report/run_state.h"
#include "runtime/excerpt_book.h"
#include "runtime/sealed_epoch.h"

namespace gander::runtime {

// `quarantine` and `excerpts` may be null.
std::vector<report::NamedCounter> NamedCounters(const WorkerTotals& totals, const report::Quarantine* quarantine,
                                                const ExcerptCounters* excerpts);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_STATE_COUNTERS_H_
