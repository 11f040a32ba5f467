// SPDX-License-Identifier: Apache-2.0
// The parts of the HTML page that are not its sections.
#ifndef GANDER_REPORT_SUMMARY_HTML_H_
#define GANDER_REPORT_SUMMARY_HTML_H_

#include <string>
#include <string_view>

#include "report/movement.h"
#include "report/run_state.h"

namespace gander::report {

// Clean text, escaped for element content and for attribute values in double quotes.
std::string Html(std::string_view text);

// The style sheet, without its <style> element.
std::string_view HtmlStyle() noexcept;

// Who sent to whom as an inline <svg>: senders on the left, recipients on the right, a band per movement whose width
// follows the number of people. Empty when nothing left a zone. The table beside it holds the same figures.
std::string FlowMap(const RunState& state, const Movements& movements);

// Every byte's fate as one stacked bar, an inline <svg>.
std::string LedgerBar(const RunState& state);

}  // namespace gander::report

#endif  // GANDER_REPORT_SUMMARY_HTML_H_
