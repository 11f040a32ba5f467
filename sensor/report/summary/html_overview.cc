// SPDX-License-Identifier: Apache-2.0
// The sections for those who answer for the data: what happened in plain language, what to do next, and how far the
// page can be trusted.
#include "report/overview.h"
#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {

std::string OverviewSection(const RunState& state, const Movements& movements) {
  std::string list = "<dl class=\"brief\">\n";
  for (const OverviewLine& line : Overview(state, movements)) {
    list += "<div>" + Element("dt", "", line.question);
    for (const std::string& sentence : line.sentences) list += Element("dd", "", sentence);
    list += "</div>\n";
  }
  return Section("in-short", "In short", list + "</dl>\n");
}

std::string AdviceSection(const RunState& state, const Movements& movements) {
  std::string list = "<ol class=\"steps\">\n";
  for (const Advice& step : NextSteps(state, movements)) {
    list += "<li>" + Element("h3", "", step.title) + Element("p", "", step.text);
    for (const std::string& command : step.commands) {
      list += "<pre tabindex=\"0\"><code>" + Html(command) + "</code></pre>";
    }
    list += "</li>\n";
  }
  return Section("next", "What to do next", list + "</ol>\n");
}

std::string MethodSection(const RunState& s) {
  std::vector<std::string> method = {
      "Gander reads a copy of the traffic and changes nothing. It recognises identifiers of people by their form, check "
      "digits and the words around them, and counts distinct people by keyed hashes of their identifiers, never how often "
      "a pattern matched. No identifier is kept, and none is on this page.",
      "Where a count says ≈ or gives two figures, it is an estimate; the two figures hold it in 99.7 % of cases. "
      "Where several senders or sessions are shown as one, the same people may be in more than one of them: the lower "
      "figure is the largest of one, the upper the sum.",
      "A verdict says whether the transfer register, which is the operator's own statement, permits a movement. Whether a "
      "legal basis is real, or a movement lawful, is for people to judge. Alerts speak of patterns, never of guilt.",
  };
  std::vector<std::string> limits = {
      "What is encrypted is not read: who speaks to whom and how much is known, not what is said.",
      "What does not pass the mirrored port is not seen, and what was lost before it is counted only where the network "
      "card counts it.",
      "People named without an identifier near their name are not counted.",
  };
  if (s.past) {
    const PastGround& past = *s.past;
    method.push_back("This page was made of " + Plural(past.files, "event file", "event files") + " with " +
                     Plural(past.lines, "line", "lines") + " from " + Plural(past.runs, "run", "runs") + " of the sensor" +
                     (past.damaged > 0 ? "; " + Grouped(past.damaged) + " lines could not be read" : "") + ".");
    limits.push_back("A person whose data moved in two sessions is one person to the sensor, but two counts in its events; "
                     "figures over several sessions are bounds.");
    if (past.stretch) {
      limits.push_back("Bytes and flows are counted from the last `stats` event before the time asked for to the last "
                       "one in it.");
    }
  }
  std::string out = "<h3>Method</h3>" + Bullets(method) + "<h3>Limits</h3>" + Bullets(limits);
  out += "<p class=\"soft\">Judged by policy " + Html(s.policy_name) + " version " + std::to_string(s.policy_version) +
         " (<code>" + Html(s.policy_digest) + "</code>) with " + Html(Plural(s.rules_loaded, "rule", "rules")) +
         " (<code>" + Html(s.rules_digest) + "</code>), Gander " + Html(s.version) + ".</p>\n";
  return Section("method", "Method and limits", out);
}

}  // namespace gander::report
