// SPDX-License-Identifier: Apache-2.0
// Any bytes as an event file: they are read, counted, and every summary of them can be made.
#include <cstdlib>

#include "report/history/history.h"
#include "report/summary/summary.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gander;
  report::HistoryOptions options;
  options.max_transfers = 8;
  report::History history(options);
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    history.OnLine(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const report::HistoryCounters c = history.counters();
  if (c.lines != c.used + c.other + c.outside + c.damaged) std::abort();
  const report::RunState state = history.Finish();
  const std::string page = report::HtmlReport(state);
  if (page.find("<script") != std::string::npos) std::abort();
  report::JsonSummary(state);
  report::TextSummary(state, {});
  return 0;
}
