// SPDX-License-Identifier: Apache-2.0
// The sections on whose data went where: map, borders and table; and by recipient.
#include "report/overview.h"
#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kMostRows = 500, kMostRecipients = 20, kMostBorders = 30;

std::string Soft(std::string_view text) { return Element("span", "class=\"soft\"", text); }

// The single movements behind a row that stands for many.
std::string PartList(const Movement& m, const RunState& s) {
  std::vector<std::string> items;
  for (const Movement& part : m.parts) {
    items.push_back(Sender(part, s) + ": " + MovedPeople(part) + ", " + Identifiers(part) + "; " + Carriage(part));
  }
  return Details("Each sender", Bullets(items));
}

void MovementRow(const Movement& m, const RunState& s, Table& table) {
  const policy::Verdict verdict = m.lead->verdict;
  const std::string bounds = Bounds(m);
  table.Row().Head(Tag(VerdictText(verdict), KindOf(verdict)));
  table.Cell(Html(MovedPeople(m)) + (bounds.empty() ? "" : Soft(bounds)));
  table.Cell(Html(Sender(m, s)) + (m.parts.empty() ? "" : PartList(m, s)));
  table.Text(Recipient(m, s));
  table.Cell(Html(Identifiers(m)) + Soft(Carriage(m)));
  table.Text(m.lead->why);
}

std::string BorderTable(const Movements& movements) {
  const std::vector<Border> borders = Borders(movements);
  if (borders.empty()) return {};
  Table table("All movements by the State they came from and the State they went to.",
              {{"From"}, {"To"}, {"Movements", "n"}, {"Without permission", "n"}, {"People", "n"}});
  for (std::size_t i = 0; i < std::min(borders.size(), kMostBorders); ++i) {
    const Border& b = borders[i];
    table.Row().Head(Html(StateName(b.from))).Text(StateName(b.to)).Text(Grouped(b.movements));
    table.Cell(b.forbidden == 0 ? Html("0") : Tag(Grouped(b.forbidden), "bad"));
    table.Text(PeopleBetween(b.people, b.complete));
  }
  std::string out = "<h3>By border</h3>\n" + table.Take();
  if (borders.size() > kMostBorders) out += Element("p", "class=\"soft\"", "And " + Grouped(borders.size() - kMostBorders) + " more.");
  return out;
}

}  // namespace

std::string MovementsSection(const RunState& s, const Movements& movements) {
  if (s.transfers.empty()) return Section("movements", "Whose data went where", "<p>No personal data was seen moving.</p>\n");
  std::string out;
  if (const std::string map = FlowMap(s, movements); !map.empty()) {
    out += "<figure class=\"wide\">" + map +
           "<figcaption class=\"soft\">The width of a band follows the number of people; red is without "
           "permission, green is permitted. The tables below hold the same figures.</figcaption></figure>\n";
  }
  out += BorderTable(movements);
  Table table("People are counted, not matches: one person sent twice counts once. What had no permission comes first.",
              {{"Verdict"}, {"People", "n"}, {"From", "who"}, {"To", "who"}, {"Identifiers", "ids"}, {"Why", "why"}});
  for (std::size_t i = 0; i < std::min(movements.all.size(), kMostRows); ++i) MovementRow(movements.all[i], s, table);
  out += "<h3>Each movement</h3>\n" + table.Take();
  if (movements.all.size() > kMostRows) {
    out += Element("p", "class=\"soft\"", "And " + Grouped(movements.all.size() - kMostRows) + " more, in the events.");
  }
  if (movements.nameless > 0) out += Element("p", "class=\"soft\"", Nameless(movements));
  return Section("movements", "Whose data went where", out);
}

std::string RecipientsSection(const RunState& s, const Movements& movements) {
  const std::vector<RecipientSum> recipients = Recipients(s, movements);
  if (recipients.empty()) return {};
  Table table("Who received most, permitted or not; the most people first.",
              {{"Recipient", "who"}, {"People", "n"}, {"Data", "ids"}, {"Senders", "n"}, {"Volume", "n"}, {"Permission"}});
  for (std::size_t i = 0; i < std::min(recipients.size(), kMostRecipients); ++i) {
    const RecipientSum& r = recipients[i];
    std::string classes;
    for (const std::string& c : r.classes) classes += (classes.empty() ? "" : ", ") + c;
    table.Row().Head(Html(Recipient(*r.lead, s))).Text(PeopleBetween(r.people, r.complete)).Text(classes);
    table.Text(Grouped(r.senders)).Text(ByteText(r.bytes));
    table.Cell(r.forbidden == 0             ? Tag("permitted", "good")
               : r.forbidden == r.movements ? Tag("without permission", "bad")
                                            : Tag("in part", "bad"));
  }
  std::string out = table.Take();
  if (recipients.size() > kMostRecipients) {
    out += Element("p", "class=\"soft\"", "And " + Grouped(recipients.size() - kMostRecipients) + " more recipients.");
  }
  return Section("recipients", "Top recipients", out);
}

}  // namespace gander::report
