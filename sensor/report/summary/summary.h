// SPDX-License-Identifier: Apache-2.0
// The end of a run for people: text on the terminal, one self-contained HTML page.
#ifndef GANDER_REPORT_SUMMARY_SUMMARY_H_
#define GANDER_REPORT_SUMMARY_SUMMARY_H_

#include <string>

#include "base/result.h"
#include "report/confinement_state.h"
#include "report/run_state.h"

namespace gander::report {

struct SummaryOptions {
  bool color = false;
  int width = 100;               // columns
  std::string events_path, report_path;  // said at the end when not empty
};

// Who sent whose data to whom, how many people, allowed or not; alerts; the byte ledger; what was not seen.
std::string TextSummary(const RunState& state, const SummaryOptions& options);
// The same as one JSON object (`--json`); of a running sensor with what it has given away. `confined` may be null.
std::string JsonSummary(const RunState& state, const ConfinementState* confined = nullptr);
// No script from elsewhere, no network; light and dark; printable.
std::string HtmlReport(const RunState& state);
Result<bool> WriteFile(const std::string& path, const std::string& text);

}  // namespace gander::report

#endif  // GANDER_REPORT_SUMMARY_SUMMARY_H_
