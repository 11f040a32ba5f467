// SPDX-License-Identifier: Apache-2.0
// The parts of the HTML page. Each section is a function of the state; `html_report.cc` puts them in their order.
#ifndef GANDER_REPORT_SUMMARY_HTML_H_
#define GANDER_REPORT_SUMMARY_HTML_H_

#include <string>
#include <string_view>
#include <vector>

#include "report/movement.h"
#include "report/run_state.h"

namespace gander::report {

// Clean text, escaped for element content and for attribute values in double quotes.
std::string Html(std::string_view text);
// <tag attributes>text</tag>, the text escaped.
std::string Element(const char* tag, const std::string& attributes, std::string_view text);
// A word on a coloured ground: kind "good", "bad", "warn" or "".
std::string Tag(std::string_view text, const char* kind);
const char* KindOf(policy::Verdict v) noexcept;
const char* KindOf(detect::Severity s) noexcept;
// <details>; `inside` is HTML.
std::string Details(std::string_view summary, const std::string& inside);
// A <section> with its heading; `inside` is HTML.
std::string Section(const char* id, std::string_view title, const std::string& inside);
// <ul> of escaped sentences; "" of none.
std::string Bullets(const std::vector<std::string>& sentences);

// A table that becomes a list of cards where the page is narrow, each cell under its column's name. The roles keep it a
// table to those who hear it.
class Table {
 public:
  struct Column {
    const char* title;
    const char* kind = "";  // class of its cells; "n" is a number
  };
  Table(std::string_view caption, std::vector<Column> columns);

  // `html` is HTML, not text.
  Table& Row();
  Table& Cell(const std::string& html);
  Table& Text(std::string_view text) { return Cell(Html(text)); }
  Table& Head(const std::string& html);  // of the row
  std::string Take();

 private:
  std::vector<Column> columns_;
  std::size_t column_ = 0;
  bool open_ = false;
  std::string html_;
};

// The style sheet, without its <style> element.
std::string_view HtmlStyle() noexcept;

// Who sent to whom as an inline <svg>: senders on the left, recipients on the right, a band per movement whose width
// follows the number of people. Empty when nothing left a zone. The table beside it holds the same figures.
std::string FlowMap(const RunState& state, const Movements& movements);
// When what moved, and when an alert was raised, as an inline <svg>; empty without a packet. The table below it says
// the same.
std::string TimeLine(const RunState& state, const Movements& movements);
// Every byte's fate as one stacked bar, an inline <svg>.
std::string LedgerBar(const RunState& state);

std::string OverviewSection(const RunState& state, const Movements& movements);
std::string MovementsSection(const RunState& state, const Movements& movements);
std::string TimeSection(const RunState& state, const Movements& movements);
std::string RecipientsSection(const RunState& state, const Movements& movements);
std::string AlertsSection(const RunState& state);
std::string MetersSection(const RunState& state);
std::string CoverageSection(const RunState& state);
std::string AdviceSection(const RunState& state, const Movements& movements);
std::string MethodSection(const RunState& state);

}  // namespace gander::report

#endif  // GANDER_REPORT_SUMMARY_HTML_H_
