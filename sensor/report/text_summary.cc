// SPDX-License-Identifier: Apache-2.0
// What a person sees when a run has ended, in the order of questions: what happened, whose data went where, what
// must be looked at, and what was not seen.
#include <algorithm>
#include <utility>

#include "report/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

enum class Ink { kPlain, kBold, kDim, kRed, kYellow, kGreen };

class Page {
 public:
  Page(const SummaryOptions& options) : color_(options.color), width_(std::clamp(options.width, 60, 200)) {}

  std::string Paint(const std::string& text, Ink ink) const {
    static constexpr const char* kCodes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[31;1m", "\x1b[33;1m", "\x1b[32;1m"};
    if (!color_ || ink == Ink::kPlain) return text;
    return kCodes[static_cast<std::size_t>(ink)] + text + "\x1b[0m";
  }

  void Line(const std::string& text = {}) {
    text_ += text;
    text_ += '\n';
  }
  void Title(const std::string& title) {
    Line();
    Line(Paint(title, Ink::kBold));
  }

  // Words of `text` in lines that fit; the first line starts behind `first`, the others behind as many spaces. A
  // painted `first` says itself how many `columns` it takes.
  void Wrapped(const std::string& first, std::string_view text, Ink ink = Ink::kPlain, std::size_t columns = 0) {
    const std::size_t indent = columns > 0 ? columns : Columns(first);
    const std::size_t room = static_cast<std::size_t>(width_) > indent + 20 ? static_cast<std::size_t>(width_) - indent : 20;
    std::string line, lead = first;
    const auto flush = [&] {
      text_ += lead + Paint(line, ink) + "\n";
      lead.assign(indent, ' ');
      line.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t space = std::min(text.find(' ', at), text.size());
      const std::string_view word = text.substr(at, space - at);
      at = space + 1;
      if (word.empty()) continue;
      if (!line.empty() && Columns(line) + 1 + Columns(word) > room) flush();
      if (!line.empty()) line += ' ';
      line += word;
    }
    if (!line.empty()) flush();
  }

  std::string Take() { return std::move(text_); }

 private:
  bool color_;
  int width_;
  std::string text_;
};

std::string Left(std::string text, std::size_t width) {
  const std::size_t columns = Columns(text);
  return columns < width ? text + std::string(width - columns, ' ') : text;
}

std::string Right(const std::string& text, std::size_t width) {
  const std::size_t columns = Columns(text);
  return columns < width ? std::string(width - columns, ' ') + text : text;
}

Ink InkOf(policy::Verdict v) noexcept {
  if (v == policy::Verdict::kInternal) return Ink::kDim;
  return policy::Permits(v) ? Ink::kGreen : Ink::kRed;
}

Ink InkOf(detect::Severity s) noexcept {
  if (s >= detect::Severity::kHigh) return Ink::kRed;
  return s == detect::Severity::kMedium ? Ink::kYellow : Ink::kDim;
}

std::string ShortPeople(const detect::SubjectCount& c) {
  return c.exact() ? People(c) : "≈ " + Grouped(c.estimate) + " people";
}

std::string Bounds(const detect::SubjectCount& c) {
  return c.exact() ? std::string{} : "between " + Grouped(c.low) + " and " + Grouped(c.high) + " people: ";
}

void Head(const RunState& s, Page& page) {
  page.Line(page.Paint("Gander " + s.version, Ink::kBold) + "  " + Clean(s.source));
  if (s.ledger.packets == 0) {
    page.Line("  No packet arrived.");
  } else {
    page.Wrapped("  ", ShortTime(s.first_packet) + " to " + ShortTime(s.last_packet).substr(11) + " (" +
              Length(s.last_packet - s.first_packet) + "): " + Plural(s.ledger.packets, "packet", "packets") + ", " +
              ByteText(s.ledger.received) + ", " + Plural(s.flows_total, "flow", "flows"));
  }
  const Headline headline = Verdict(s);
  page.Line();
  page.Wrapped("  ", headline.text, headline.alarm ? Ink::kRed : Ink::kGreen);
}

void Transfers(const RunState& s, Page& page) {
  if (s.transfers.empty()) return;
  page.Title("WHOSE DATA WENT WHERE  (people, not matches)");
  std::size_t verdict_width = 0, people_width = 0;
  for (const auto& t : s.transfers) {
    verdict_width = std::max(verdict_width, Columns(VerdictText(t.verdict)));
    people_width = std::max(people_width, Columns(ShortPeople(t.subjects)));
  }
  for (const std::size_t i : ReadingOrder(s)) {
    const auto& t = s.transfers[i];
    const std::string lead = "  " + page.Paint(Left(VerdictText(t.verdict), verdict_width), InkOf(t.verdict)) + "  " +
                             page.Paint(Right(ShortPeople(t.subjects), people_width), Ink::kBold) + "  ";
    const std::string indent(2 + verdict_width + 2 + people_width + 2, ' ');
    page.Wrapped(lead, Sender(t, s) + " → " + Recipient(t, s), Ink::kPlain, indent.size());
    page.Wrapped(indent, Bounds(t.subjects) + Identifiers(t) + "; " + Carriage(t));
    if (!t.why.empty()) page.Wrapped(indent + "why: ", Clean(t.why), Ink::kDim);
  }
}

void Alerts(const RunState& s, Page& page) {
  std::uint64_t raised = 0;
  for (const auto& [key, n] : s.alerts) raised += n;
  if (raised == 0 && s.raised.empty()) {
    page.Title("ALERTS");
    page.Line("  none");
    return;
  }
  page.Title("ALERTS  (" + Grouped(std::max<std::uint64_t>(raised, s.raised.size())) + ")");
  for (const std::size_t i : AlertOrder(s)) {
    const detect::Alert& a = s.raised[i];
    const std::string lead = "  " + page.Paint(Left(detect::NameOf(a.severity), 8), InkOf(a.severity)) + "  ";
    page.Wrapped(lead, std::string(a.detector) + " " + Clean(a.signature), Ink::kPlain, 12);
    page.Wrapped(std::string(12, ' '), Clean(a.explanation), Ink::kDim);
  }
  if (raised > s.raised.size()) page.Line("  and " + Grouped(raised - s.raised.size()) + " more, in the events");
}

void Ledger(const RunState& s, Page& page) {
  page.Title("WHAT BECAME OF EVERY BYTE");
  const auto label = [](const LedgerRow& row) {
    return row.reason.empty() ? row.category : row.category + ": " + row.reason;
  };
  const std::vector<LedgerRow> rows = LedgerRows(s.ledger);
  const std::size_t number = Columns(Grouped(std::max(s.ledger.received, s.ledger.Sum())));
  std::size_t name = 10;
  for (const LedgerRow& row : rows) name = std::max(name, label(row).size() + 3);
  for (const LedgerRow& row : rows) {
    page.Wrapped("  " + Left(label(row), name) + Right(Grouped(row.bytes), number) + "  " +
                     Right(Percent(row.bytes, s.ledger.received), 7) + "  ",
                 row.help, Ink::kDim);
  }
  page.Line("  " + std::string(name + number, '-'));
  const bool balanced = s.ledger.Sum() == s.ledger.received;
  page.Wrapped("  " + Left("sum", name) + Right(Grouped(s.ledger.Sum()), number) + "  " +
                   Right(Percent(s.ledger.Sum(), s.ledger.received), 7) + "  ",
               Balance(s), balanced ? Ink::kGreen : Ink::kRed);
}

void Blind(const RunState& s, Page& page) {
  page.Title("WHAT WAS NOT SEEN");
  const std::vector<std::string> sentences = NotSeen(s);
  if (sentences.empty()) page.Line("  Nothing: every byte that should have passed here was read.");
  for (const std::string& sentence : sentences) page.Wrapped("  - ", sentence);
}

void Tail(const RunState& s, const SummaryOptions& options, Page& page) {
  if (!s.warnings.empty()) {
    page.Title("WARNINGS");
    for (const std::string& warning : s.warnings) page.Wrapped("  - ", Clean(warning), Ink::kYellow);
  }
  page.Line();
  page.Line("Judged by policy " + Clean(s.policy_name) + " version " + std::to_string(s.policy_version) + " with " +
            Plural(s.rules_loaded, "rule", "rules") + ".");
  if (!options.events_path.empty()) {
    page.Line("Events: " + Clean(options.events_path) + " (" + Grouped(s.events_written) + ")");
  }
  if (!options.report_path.empty()) page.Line("Report: " + Clean(options.report_path));
}

}  // namespace

std::string TextSummary(const RunState& state, const SummaryOptions& options) {
  Page page(options);
  Head(state, page);
  Transfers(state, page);
  Alerts(state, page);
  Ledger(state, page);
  Blind(state, page);
  Tail(state, options, page);
  return page.Take();
}

}  // namespace gander::report
