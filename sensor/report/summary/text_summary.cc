// SPDX-License-Identifier: Apache-2.0
// What a person sees when a run has ended, in the order of questions: what happened, whose data went where,
// what must be looked at, and what was not seen.
#include <algorithm>
#include <utility>

#include "report/movement.h"
#include "report/summary/summary.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kMaxMovements = 12, kMaxAlerts = 12;  // more are in the events and the HTML page

constexpr std::size_t kUnder = 6;  // indent of lines that belong to the one above

enum class Ink { kPlain, kBold, kDim, kRed, kYellow, kGreen };

class Page {
 public:
  Page(const SummaryOptions& options) : color_(options.color), width_(std::clamp(options.width, 60, 200)) {}

  std::string Paint(const std::string& text, Ink ink) const {
    static constexpr const char* kCodes[] = {"",           "\x1b[1m",    "\x1b[2m",
                                             "\x1b[31;1m", "\x1b[33;1m", "\x1b[32;1m"};
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

  // Words of `text` in lines that fit; the first line starts behind `first`, the others behind as many
  // spaces. A painted `first` says itself how many `columns` it takes.
  void Wrapped(const std::string& first, std::string_view text, Ink ink = Ink::kPlain,
               std::size_t columns = 0) {
    const std::size_t indent = columns > 0 ? columns : Columns(first);
    const std::size_t room = Room(indent);
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
      line += Columns(word) > room ? Fit(std::string(word), room) : std::string(word);
    }
    if (!line.empty()) flush();
  }

  // `text` in one line behind `columns` of `lead`; its parentheses go when it is too long, then its middle.
  void One(const std::string& lead, std::size_t columns, const std::string& text, Ink ink = Ink::kPlain,
           std::size_t tail = std::string::npos) {
    const std::size_t room = Room(columns);
    Line(lead + Paint(Fit(WithoutAsides(text, room), room, tail), ink));
  }
  std::size_t Room(std::size_t taken) const {
    return static_cast<std::size_t>(width_) > taken + 20 ? static_cast<std::size_t>(width_) - taken : 20;
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

void Head(const RunState& s, const Movements& movements, Page& page) {
  page.Line(page.Paint("Gander " + s.version, Ink::kBold) + "  " + Clean(s.source));
  if (s.ledger.packets == 0) {
    page.Line("  No packet arrived.");
  } else {
    page.Wrapped("  ", ShortTime(s.first_packet) + " to " + ShortTime(s.last_packet).substr(11) + " (" +
                           Length(s.last_packet - s.first_packet) +
                           "): " + Plural(s.ledger.packets, "packet", "packets") + ", " +
                           ByteText(s.ledger.received) + ", " + Plural(s.flows_total, "flow", "flows"));
  }
  const Headline headline = Verdict(s, movements);
  page.Line();
  page.Wrapped("  ", headline.text, headline.alarm ? Ink::kRed : Ink::kGreen);
}

// The most people first say most: as many kinds as one line holds.
std::string Identified(const Movement& m, std::size_t room) {
  const std::string bounds = Bounds(m);
  std::string text;
  for (std::size_t kinds = 4; kinds > 0; --kinds) {
    text = (bounds.empty() ? "" : bounds + ": ") + Identifiers(m, kinds);
    if (Columns(text) <= room) break;
  }
  return text;
}

struct MovementColumns {
  std::size_t verdict = 0, people = 0;
};

void MovementLines(const Movement& m, const RunState& s, const MovementColumns& width, Page& page) {
  const policy::Verdict verdict = m.lead->verdict;
  const std::string lead = "  " + page.Paint(Left(VerdictText(verdict), width.verdict), InkOf(verdict)) +
                           "  " + page.Paint(Right(MovedPeople(m), width.people), Ink::kBold) + "  ";
  page.Wrapped(lead, Sender(m, s) + " → " + Recipient(m, s), Ink::kPlain, width.verdict + width.people + 6);
  page.One(std::string(kUnder, ' '), kUnder, Identified(m, page.Room(kUnder)));
  const std::string why = m.lead->why.empty() ? "" : "; " + Clean(m.lead->why);
  page.Wrapped(std::string(kUnder, ' '), Carriage(m) + why, Ink::kDim);
}

// "and 3 more without permission, 2 more permitted: in the events"
std::string Unsaid(const std::vector<const Movement*>& unsaid) {
  std::uint64_t permitted = 0;
  for (const Movement* m : unsaid) permitted += policy::Permits(m->lead->verdict) ? 1 : 0;
  const std::uint64_t forbidden = unsaid.size() - permitted;
  std::string out = "and ";
  if (forbidden > 0) out += Grouped(forbidden) + " more without permission";
  if (permitted > 0) out += (forbidden > 0 ? ", " : "") + Grouped(permitted) + " more permitted";
  return out + ": in the events and the HTML report";
}

void Internal(const std::vector<const Movement*>& internal, std::size_t verdict_width, Page& page) {
  if (internal.empty()) return;
  page.One("  " + page.Paint(Left("internal", verdict_width), Ink::kDim) + "  ", verdict_width + 4,
           Plural(internal.size(), "movement", "movements") +
               " inside your own zones; the largest: " + MovedPeople(*internal.front()),
           Ink::kDim);
}

void Moved(const RunState& s, const Movements& movements, Page& page) {
  if (s.transfers.empty()) return;
  page.Title("WHOSE DATA WENT WHERE  (people, not matches)");
  std::vector<const Movement*> said, unsaid, internal;
  for (const Movement& m : movements.all) {
    const bool inside = m.lead->verdict == policy::Verdict::kInternal;
    (inside ? internal : said.size() < kMaxMovements ? said : unsaid).push_back(&m);
  }
  MovementColumns width{Columns("internal"), 0};
  for (const Movement* m : said) {
    width.verdict = std::max(width.verdict, Columns(VerdictText(m->lead->verdict)));
    width.people = std::max(width.people, Columns(MovedPeople(*m)));
  }
  for (const Movement* m : said) MovementLines(*m, s, width, page);
  if (!unsaid.empty()) page.Wrapped("  ", Unsaid(unsaid));
  Internal(internal, width.verdict, page);
  page.Wrapped("  ", Nameless(movements), Ink::kDim);
}

void Alerts(const RunState& s, Page& page) {
  const std::uint64_t raised = AlertsRaised(s);
  page.Title(raised == 0 ? "ALERTS" : "ALERTS  (" + Grouped(raised) + ")");
  if (raised == 0) page.Line("  none");
  std::size_t said = 0;
  for (const std::size_t i : AlertOrder(s)) {
    if (said++ == kMaxAlerts) break;
    const detect::Alert& a = s.raised[i];
    const std::string lead = "  " + page.Paint(Left(detect::NameOf(a.severity), 8), InkOf(a.severity)) + "  ";
    page.Wrapped(lead, std::string(a.detector) + " " + Clean(WithoutName(a.signature)), Ink::kPlain, 12);
  }
  if (raised > 0) page.Line("  Why each was raised, with its figures: in the events and the HTML report.");
  const std::uint64_t shown = std::min(s.raised.size(), kMaxAlerts);
  if (raised > shown) page.Line("  and " + Grouped(raised - shown) + " more, in the events");
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
  page.Line("Judged by policy " + Clean(s.policy_name) + " version " + std::to_string(s.policy_version) +
            " with " + Plural(s.rules_loaded, "rule", "rules") + ".");
  if (!options.events_path.empty()) {
    page.Line("Events: " + Clean(options.events_path) + " (" + Grouped(s.events_written) + ")");
  }
  if (!options.report_path.empty()) page.Line("Report: " + Clean(options.report_path));
}

}  // namespace

std::string TextSummary(const RunState& state, const SummaryOptions& options) {
  Page page(options);
  const Movements movements = GroupTransfers(state);
  Head(state, movements, page);
  Moved(state, movements, page);
  Alerts(state, page);
  Ledger(state, page);
  Blind(state, page);
  Tail(state, options, page);
  return page.Take();
}

}  // namespace gander::report
