// SPDX-License-Identifier: Apache-2.0
// The sections on alerts, each with its reasons, and on the meters of law.
#include "report/overview.h"
#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

// Every explanation of a detector ends with it.
constexpr std::string_view kRemedy = " What to do: ";

std::string OneAlert(const detect::Alert& a) {
  const std::string_view why = a.explanation;
  const std::size_t remedy = why.rfind(kRemedy);
  std::string out = "<li>" + Tag(detect::NameOf(a.severity), KindOf(a.severity)) + " <span class=\"soft\">" +
                    Html(a.detector) + ", " + Html(ShortTime(a.time)) + "</span>" +
                    Element("h3", "", WithoutName(a.signature)) +
                    Details(FirstSentence(why.substr(0, remedy)), Element("p", "", why.substr(0, remedy)));
  if (remedy != why.npos) {
    out += "<p><strong>What to do:</strong> " + Html(why.substr(remedy + kRemedy.size())) + "</p>";
  }
  return out + "</li>\n";
}

}  // namespace

std::string AlertsSection(const RunState& s) {
  const std::uint64_t raised = AlertsRaised(s);
  if (raised == 0) return Section("alerts", "Alerts, explained", "<p>None.</p>\n");
  std::string out = "<p class=\"soft\">An alert says that a pattern and its threshold were met, with the figures; open one "
                    "for all of them.</p>\n<ol class=\"alerts\">\n";
  for (const std::size_t i : AlertOrder(s)) out += OneAlert(s.raised[i]);
  out += "</ol>";
  if (raised > s.raised.size()) {
    out += Element("p", "class=\"soft\"", "And " + Grouped(raised - s.raised.size()) + " more, in the events.");
  }
  return Section("alerts", "Alerts, explained (" + Grouped(raised) + ")", out);
}

std::string MetersSection(const RunState& s) {
  constexpr std::size_t kMostMeters = 100;
  if (s.meters.empty()) {
    return Section("meters", "Meters of law",
                   "<p>The policy has no meter that anybody counted to. Figures of law from which on a duty arises can be "
                   "entered in it under <code>meters</code>.</p>\n");
  }
  Table table("Distinct people who left under each meter of the policy, permitted or not, against its figure.",
              {{"Meter", "who"}, {"To"}, {"People", "n"}, {"Figure", "n"}, {"Since"}, {"State"}, {"What is then due", "why"}});
  for (std::size_t i = 0; i < std::min(s.meters.size(), kMostMeters); ++i) {
    const detect::LegalReading& m = s.meters[i];
    table.Row().Head(Html(m.meter) + (m.law.empty() ? "" : Element("span", "class=\"soft\"", m.law)));
    table.Text(m.to.known() ? StateName(m.to) : "all together");
    table.Text(People(m.people));
    table.Cell(Html(Grouped(m.tier)) + (m.classes.empty() ? "" : Element("span", "class=\"soft\"", m.classes)));
    table.Cell(Html(ShortTime(m.since).substr(0, 10)) +
               Element("span", "class=\"soft\"", m.calendar_year ? "calendar year" : "12 months"));
    table.Cell(m.reached() ? Tag("reached", "bad") : m.near ? Tag("near", "warn") : Tag("below", "good"));
    table.Text(m.duty.empty() ? "not said" : m.duty);
  }
  return Section("meters", "Meters of law", table.Take());
}

}  // namespace gander::report
