// SPDX-License-Identifier: Apache-2.0
// One page that needs nothing else: no script, no font, no picture from elsewhere.
#include <utility>
#include <vector>

#include "report/summary/html.h"
#include "report/summary/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
    "data:\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";

std::string Figure(std::string_view name, std::string_view value) {
  return "<div>" + Element("dt", "", name) + Element("dd", "", value) + "</div>";
}

std::string Period(const RunState& s) {
  std::string out;
  if (s.past && (s.past->from != kDistantPast || s.past->to != kDistantFuture)) {
    const std::string from = s.past->from == kDistantPast ? "the beginning" : ShortTime(s.past->from);
    const std::string to = s.past->to == kDistantFuture ? "now" : ShortTime(s.past->to);
    out += Element("p", "class=\"soft\"", "Events from " + from + " to " + to + ".") + "\n";
  }
  if (s.ledger.packets == 0) {
    const bool unknown = s.past && !s.past->counted;
    return out + Element("p", "class=\"soft\"", unknown ? "How much traffic there was is not known." : "No packet arrived.");
  }
  return out + Element("p", "class=\"soft\"",
                       "Traffic from " + ShortTime(s.first_packet) + " to " + ShortTime(s.last_packet) + ", " +
                           Length(s.last_packet - s.first_packet) + ".");
}

std::string Figures(const RunState& s, const Movements& movements) {
  std::uint64_t forbidden = 0;
  for (const Movement& m : movements.all) forbidden += policy::Permits(m.lead->verdict) ? 0 : 1;
  std::string out = "<dl class=\"figures\">" + Figure("movements without permission", Grouped(forbidden)) +
                    Figure("alerts", Grouped(AlertsRaised(s)));
  if (!s.past || s.past->counted) {
    const ByteLedger& l = s.ledger;
    const std::uint64_t seen = l.Of(ByteFate::kHeaders) + l.Of(ByteFate::kInspected) + l.Of(ByteFate::kDuplicate);
    const std::uint64_t all = l.received + l.gap_bytes;
    out += Figure("packets", Grouped(l.packets)) + Figure("bytes", ByteText(l.received)) +
           Figure("flows", Grouped(s.flows_total)) + Figure("of all bytes read", all == 0 ? "100 %" : Percent(seen, all));
  }
  return out + "</dl>";
}

std::string Header(const RunState& s, const Movements& movements) {
  std::string out = "<header><h1><small>Gander report</small>" + Html(s.source.empty() ? "no source named" : s.source) +
                    "</h1>\n" + Period(s);
  const Headline headline = Verdict(s, movements);
  out += Element("p", headline.alarm ? "class=\"headline bad\"" : "class=\"headline good\"", headline.text);
  return out + "\n" + Figures(s, movements) + "</header>\n";
}

// Links to the sections that are there.
std::string Contents(const std::string& sections) {
  static constexpr std::pair<const char*, const char*> kParts[] = {
      {"in-short", "In short"},        {"movements", "Whose data went where"},
      {"time", "Course of time"},      {"recipients", "Top recipients"},
      {"alerts", "Alerts"},            {"meters", "Meters of law"},
      {"blind", "What was not seen"},  {"next", "What to do next"},
      {"method", "Method and limits"},
  };
  std::string out = "<nav aria-label=\"Sections\"><ul>";
  for (const auto& [id, title] : kParts) {
    if (sections.find(std::string("<h2 id=\"") + id + "\"") == std::string::npos) continue;
    out += std::string("<li><a href=\"#") + id + "\">" + title + "</a></li>";
  }
  return out + "</ul></nav>\n";
}

}  // namespace

std::string HtmlReport(const RunState& state) {
  const Movements movements = GroupTransfers(state);
  std::string out(kHead);
  out += Element("title", "", "Gander report: " + state.source) + "\n<style>";
  out += HtmlStyle();
  out += "</style></head>\n<body><a class=\"skip\" href=\"#main\">Skip to the report</a>\n";
  out += Header(state, movements);
  const std::string sections = OverviewSection(state, movements) + MovementsSection(state, movements) +
                               TimeSection(state, movements) + RecipientsSection(state, movements) +
                               AlertsSection(state) + MetersSection(state) + CoverageSection(state) +
                               AdviceSection(state, movements) + MethodSection(state);
  out += Contents(sections) + "<main id=\"main\">\n" + sections + "</main>\n";
  return out +
         "<footer><p>This page holds counts, masks and addresses, no personal value. It needs no network and no script."
         "</p></footer>\n</body></html>\n";
}

}  // namespace gander::report
