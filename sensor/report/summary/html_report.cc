// SPDX-License-Identifier: Apache-2.0
// One page that needs nothing else: no script, no font, no picture from elsewhere.
#include <initializer_list>
#include <vector>

#include "report/summary/html.h"
#include "report/summary/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

std::string Element(const char* tag, const std::string& attributes, std::string_view text) {
  std::string out = "<";
  out += tag;
  if (!attributes.empty()) out += " " + attributes;
  return out + ">" + Html(text) + "</" + tag + ">";
}

std::string Cell(std::string_view text, const char* kind = "") {
  return Element("td", *kind == '\0' ? "" : std::string("class=\"") + kind + "\"", text);
}

std::string Tag(std::string_view text, const char* kind) {
  return Element("span", std::string("class=\"tag ") + kind + "\"", text);
}

std::string TableHead(const char* caption, std::initializer_list<const char*> columns) {
  std::string out = Element("caption", "", caption) + "<thead><tr>";
  for (const char* column : columns) {
    const bool number = *column == '#';
    out +=
        Element("th", number ? "scope=\"col\" class=\"n\"" : "scope=\"col\"", number ? column + 1 : column);
  }
  return out + "</tr></thead>\n";
}

// A table that may be wider than the page scrolls by itself, by keyboard too.
std::string Scrolling(const char* label, const std::string& inside, const char* kind = "") {
  return std::string("<div class=\"scroll ") + kind + "\" role=\"region\" tabindex=\"0\" aria-label=\"" +
         label + "\">" + inside + "</div>\n";
}

const char* KindOf(policy::Verdict v) noexcept {
  if (v == policy::Verdict::kInternal) return "";
  return policy::Permits(v) ? "good" : "bad";
}

const char* KindOf(detect::Severity s) noexcept {
  if (s >= detect::Severity::kHigh) return "bad";
  return s == detect::Severity::kMedium ? "warn" : "";
}

std::string Figure(std::string_view name, std::string_view value) {
  return "<div>" + Element("dt", "", name) + Element("dd", "", value) + "</div>";
}

std::string Header(const RunState& s, const Movements& movements) {
  std::string out = "<header><h1><small>Gander report</small>" + Html(s.source) + "</h1>\n";
  if (s.ledger.packets == 0) {
    out += "<p class=\"soft\">No packet arrived.</p>\n";
  } else {
    out += Element("p", "class=\"soft\"",
                   ShortTime(s.first_packet) + " to " + ShortTime(s.last_packet) + ", " +
                       Length(s.last_packet - s.first_packet));
  }
  const Headline headline = Verdict(s, movements);
  out += Element("p", headline.alarm ? "class=\"headline bad\"" : "class=\"headline good\"", headline.text);
  std::uint64_t forbidden = 0;
  for (const Movement& m : movements.all) forbidden += policy::Permits(m.lead->verdict) ? 0 : 1;
  out += "\n<dl class=\"figures\">" + Figure("movements without permission", Grouped(forbidden)) +
         Figure("alerts", Grouped(AlertsRaised(s))) + Figure("packets", Grouped(s.ledger.packets)) +
         Figure("bytes", ByteText(s.ledger.received)) + Figure("flows", Grouped(s.flows_total));
  const ByteLedger& l = s.ledger;
  const std::uint64_t seen =
      l.Of(ByteFate::kHeaders) + l.Of(ByteFate::kInspected) + l.Of(ByteFate::kDuplicate);
  out += Figure("of all bytes read",
                l.received + l.gap_bytes == 0 ? "100 %" : Percent(seen, l.received + l.gap_bytes));
  return out + "</dl></header>\n";
}

std::string Details(std::string_view summary, const std::string& inside) {
  return "<details>" + Element("summary", "", summary) + inside + "</details>";
}

// The single movements behind a row that stands for many.
std::string PartList(const Movement& m, const RunState& s) {
  std::string items = "<ul class=\"plain\">";
  for (const Movement& part : m.parts) {
    items += Element("li", "",
                     Sender(part, s) + ": " + MovedPeople(part) + ", " + Identifiers(part) + "; " +
                         Carriage(part)) +
             "\n";
  }
  return Details("Each sender", items + "</ul>");
}

std::string MovementRow(const Movement& m, const RunState& s) {
  const policy::Verdict verdict = m.lead->verdict;
  std::string out = "<tr><td>" + Tag(VerdictText(verdict), KindOf(verdict)) + "</td>";
  out += "<td class=\"n\">" + Html(MovedPeople(m));
  if (const std::string bounds = Bounds(m); !bounds.empty()) out += Element("span", "class=\"soft\"", bounds);
  out += "</td><td class=\"who\">" + Html(Sender(m, s)) + (m.parts.empty() ? "" : PartList(m, s)) + "</td>";
  out += Cell(Recipient(m, s), "who");
  out +=
      "<td class=\"ids\">" + Html(Identifiers(m)) + Element("span", "class=\"soft\"", Carriage(m)) + "</td>";
  return out + Cell(m.lead->why, "why") + "</tr>\n";
}

std::string Moved(const RunState& s, const Movements& movements) {
  std::string out =
      "<section aria-labelledby=\"movements\"><h2 id=\"movements\">Whose data went where</h2>\n";
  if (s.transfers.empty()) return out + "<p>No personal data was seen moving.</p></section>\n";
  if (const std::string map = FlowMap(s, movements); !map.empty())
    out += Scrolling("Map of movements", map, "map");
  std::string table =
      "<table class=\"moves\">" + TableHead(
                                      "People are counted, not matches: one person sent twice counts once. "
                                      "What had no permission comes first.",
                                      {"Verdict", "#People", "From", "To", "Identifiers", "Why"});
  table += "<tbody>\n";
  for (const Movement& m : movements.all) table += MovementRow(m, s);
  out += Scrolling("Table of movements", table + "</tbody></table>");
  if (movements.nameless > 0) out += Element("p", "class=\"soft\"", Nameless(movements));
  return out + "</section>\n";
}

std::string Alerts(const RunState& s) {
  std::string out = "<section aria-labelledby=\"alerts\"><h2 id=\"alerts\">Alerts</h2>\n";
  const std::uint64_t raised = AlertsRaised(s);
  if (raised == 0) return out + "<p>None.</p></section>\n";
  out += "<ol class=\"alerts\">\n";
  for (const std::size_t i : AlertOrder(s)) {
    const detect::Alert& a = s.raised[i];
    out += "<li>" + Tag(detect::NameOf(a.severity), KindOf(a.severity)) + " <span class=\"soft\">" +
           Html(a.detector) + ", " + Html(ShortTime(a.time)) + "</span>" +
           Element("h3", "", WithoutName(a.signature)) +
           Details(FirstSentence(a.explanation), Element("p", "", a.explanation)) + "</li>\n";
  }
  out += "</ol>";
  if (raised > s.raised.size()) {
    out +=
        Element("p", "class=\"soft\"", "And " + Grouped(raised - s.raised.size()) + " more, in the events.");
  }
  return out + "</section>\n";
}

std::string Ledger(const RunState& s) {
  std::string out =
      "<section aria-labelledby=\"ledger\"><h2 id=\"ledger\">What became of every byte</h2>\n" + LedgerBar(s);
  std::string table =
      "<table>" +
      TableHead("Each byte that arrived has exactly one fate.", {"Fate", "#Bytes", "#Share", "Meaning"}) +
      "<tbody>\n";
  for (const LedgerRow& row : LedgerRows(s.ledger)) {
    table += "<tr><th scope=\"row\"><span class=\"swatch " + Html(row.category) + "\"></span>" +
             Html(row.reason.empty() ? row.category : row.category + ": " + row.reason) + "</th>" +
             Cell(Grouped(row.bytes), "n") + Cell(Percent(row.bytes, s.ledger.received), "n") +
             Cell(row.help) + "</tr>\n";
  }
  table += "</tbody><tfoot><tr><th scope=\"row\">sum</th>" + Cell(Grouped(s.ledger.Sum()), "n") +
           Cell(Percent(s.ledger.Sum(), s.ledger.received), "n") + Cell(Balance(s)) + "</tr></tfoot></table>";
  return out + Scrolling("Table of bytes", table) + "</section>\n";
}

std::string List(const char* id, const char* title, const std::vector<std::string>& sentences,
                 const char* none) {
  std::string out =
      std::string("<section aria-labelledby=\"") + id + "\"><h2 id=\"" + id + "\">" + title + "</h2>\n";
  if (sentences.empty()) return out + "<p>" + none + "</p></section>\n";
  out += "<ul class=\"plain\">";
  for (const std::string& sentence : sentences) out += Element("li", "", sentence) + "\n";
  return out + "</ul></section>\n";
}

std::string Footer(const RunState& s) {
  return "<footer><p>Judged by policy " + Html(s.policy_name) + " version " +
         std::to_string(s.policy_version) + " (<code>" + Html(s.policy_digest) + "</code>) with " +
         Html(Plural(s.rules_loaded, "rule", "rules")) + " (<code>" + Html(s.rules_digest) +
         "</code>), Gander " + Html(s.version) +
         ". This page holds counts, masks and addresses, no personal value.</p></footer>\n";
}

}  // namespace

std::string Html(std::string_view text) {
  std::string out;
  for (const char c : Clean(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string HtmlReport(const RunState& state) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n";
  out += Element("title", "", "Gander report: " + state.source) + "\n<style>";
  out += HtmlStyle();
  out += "</style></head>\n<body><a class=\"skip\" href=\"#main\">Skip to the movements</a>\n";
  const Movements movements = GroupTransfers(state);
  out += Header(state, movements) + "<main id=\"main\">\n";
  out += Moved(state, movements) + Alerts(state) + Ledger(state);
  out += List("not-seen", "What was not seen", NotSeen(state),
              "Nothing: every byte that should have passed here was read.");
  if (!state.warnings.empty()) out += List("warnings", "Warnings", state.warnings, "None.");
  return out + "</main>\n" + Footer(state) + "</body></html>\n";
}

}  // namespace gander::report
