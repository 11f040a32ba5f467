// SPDX-License-Identifier: Apache-2.0
// The sections on what could not be seen, with the byte ledger behind it, and on the course of time.
#include <algorithm>
#include <set>

#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

std::string LedgerTable(const RunState& s) {
  Table table("Each byte that arrived has exactly one fate.",
              {{"Fate"}, {"Bytes", "n"}, {"Share", "n"}, {"Meaning", "why"}});
  for (const LedgerRow& row : LedgerRows(s.ledger)) {
    table.Row().Head("<span class=\"swatch " + Html(row.category) + "\"></span>" +
                     Html(row.reason.empty() ? row.category : row.category + ": " + row.reason));
    table.Text(Grouped(row.bytes)).Text(Percent(row.bytes, s.ledger.received)).Text(row.help);
  }
  table.Row().Head("<strong>sum</strong>").Text(Grouped(s.ledger.Sum()));
  table.Text(Percent(s.ledger.Sum(), s.ledger.received)).Text(Balance(s));
  return table.Take();
}

struct Moment {
  Timestamp time;
  std::string what, tag;
  const char* kind = "";
};

std::vector<Moment> Moments(const RunState& s, const Movements& movements) {
  std::vector<Moment> out;
  for (const Movement& m : movements.all) {
    if (m.lead->verdict == policy::Verdict::kInternal) continue;
    Timestamp first = m.lead->first_seen, last = m.lead->last_seen;
    for (const std::size_t i : m.transfers) {
      first = std::min(first, s.transfers[i].first_seen);
      last = std::max(last, s.transfers[i].last_seen);
    }
    out.push_back({first,
                   "First of " + MovedPeople(m) + " from " + Sender(m, s) + " to " + Recipient(m, s) + "; the last " +
                       Length(last - first) + " later",
                   VerdictText(m.lead->verdict), KindOf(m.lead->verdict)});
  }
  std::set<std::string> said;
  for (const detect::Alert& a : s.raised) {
    if (a.severity < detect::Severity::kMedium) continue;
    out.push_back({a.time, "Alert " + std::string(a.detector) + ": " + std::string(WithoutName(a.signature)),
                   detect::NameOf(a.severity), KindOf(a.severity)});
  }
  for (const Shedding& span : s.shedding) {
    out.push_back({span.begin, "Overload, " + Length(span.end - span.begin) + ": " + ByteText(span.bytes) + " left out",
                   "blind", "warn"});
  }
  for (const Change& change : s.changes) out.push_back({change.time, change.text, "sensor", ""});
  std::stable_sort(out.begin(), out.end(), [](const Moment& a, const Moment& b) { return a.time < b.time; });
  return out;
}

}  // namespace

std::string CoverageSection(const RunState& s) {
  std::string out;
  if (s.past && !s.past->counted) {
    return Section("blind", "What could not be seen",
                   "<p>Not known: the event files hold no <code>stats</code> event of that time. Write that type, too "
                   "(<code>report.types</code>), or ask for a longer time.</p>\n");
  }
  const std::vector<std::string> sentences = NotSeen(s);
  out += sentences.empty() ? "<p>Nothing: every byte that should have passed here was read.</p>\n" : Bullets(sentences);
  out += "<h3>What became of every byte</h3>\n" + LedgerBar(s) + LedgerTable(s);
  if (!s.warnings.empty()) out += "<h3>Warnings</h3>\n" + Bullets(s.warnings);
  return Section("blind", "What could not be seen", out);
}

std::string TimeSection(const RunState& s, const Movements& movements) {
  constexpr std::size_t kMostMoments = 60;
  const std::vector<Moment> moments = Moments(s, movements);
  if (moments.empty()) return {};
  std::string out;
  if (const std::string drawing = TimeLine(s, movements); !drawing.empty()) {
    out += "<figure class=\"wide\">" + drawing +
           "<figcaption class=\"soft\">A bar is a movement from its first to its last byte, a mark above an alert. The "
           "table below tells the same in words.</figcaption></figure>\n";
  }
  Table table("In the order of time (UTC); alerts of low severity are left out.", {{"Time", "time"}, {"What"}, {"Kind"}});
  for (std::size_t i = 0; i < std::min(moments.size(), kMostMoments); ++i) {
    const Moment& m = moments[i];
    table.Row().Head(Html(ShortTime(m.time))).Text(m.what).Cell(Tag(m.tag, m.kind));
  }
  out += table.Take();
  if (moments.size() > kMostMoments) {
    out += Element("p", "class=\"soft\"", "And " + Grouped(moments.size() - kMostMoments) + " later ones, in the events.");
  }
  return Section("time", "Course of time", out);
}

}  // namespace gander::report
