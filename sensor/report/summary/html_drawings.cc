// SPDX-License-Identifier: Apache-2.0
// The two drawings of the HTML page. Positions are computed here, colours come from the style sheet.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kMaxBands = 30;  // more is a tangle; the table has them all
constexpr std::size_t kLabel = 38;     // characters of a label that fit beside the bands
constexpr double kWidth = 1000, kLeft = 300, kRight = 660, kNode = 6, kGap = 18, kRow = 40;

struct Node {
  std::string label;
  std::size_t bands = 0, forbidden = 0;
  std::uint64_t people = 0;  // of its largest band, which `most` says
  std::string most;
  double height = 0, top = 0, used = 0;
};

struct Band {
  std::size_t from = 0, to = 0;  // indices into the sides
  double width = 0;
  bool permitted = false;
  std::string title;
};

class Side {
 public:
  std::size_t Find(const std::string& label) {
    const auto [place, fresh] = index_.try_emplace(label, nodes_.size());
    if (fresh) nodes_.emplace_back().label = label;
    return place->second;
  }
  void Count(std::size_t i, double width, const Movement& m) {
    Node& node = nodes_[i];
    ++node.bands;
    node.forbidden += policy::Permits(m.lead->verdict) ? 0 : 1;
    node.height += width;
    if (node.bands > 1 && m.people.estimate <= node.people) return;
    node.people = m.people.estimate;
    node.most = MovedPeople(m);
  }
  double Place() {
    double y = 6;
    for (Node& node : nodes_) {
      node.top = y + std::max(0.0, (kRow - node.height) / 2);
      y += std::max(node.height, kRow) + kGap;
    }
    return y - kGap + 6;
  }
  // The middle of the next band at this node.
  double Attach(std::size_t i, double width) {
    const double y = nodes_[i].top + nodes_[i].used + width / 2;
    nodes_[i].used += width;
    return y;
  }
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> index_;
};

std::string Cut(const std::string& text) {
  if (Columns(text) <= kLabel) return text;
  std::size_t end = 0, columns = 0;
  while (columns + 1 < kLabel) {
    do ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80);
    ++columns;
  }
  return text.substr(0, end) + "…";
}

std::string WithPlace(std::string who, const policy::Jurisdiction& where) {
  who += ", ";
  who += where.known() ? std::string(where.text()) : "place unknown";
  return who;
}

std::string FromLabel(const Movement& m, const RunState& s) {
  if (!m.parts.empty() && m.from.size() > 1) return Sender(m, s);
  const detect::TransferSummary& t = *m.lead;
  if (t.from.zone != policy::kOutside) return WithPlace(s.ZoneName(t.from.zone), t.from.jurisdiction);
  return m.parts.empty() ? WithPlace(t.sender.ToString(), t.from.jurisdiction) : Sender(m, s);
}

std::string ToLabel(const Movement& m, const RunState& s) {
  const detect::TransferSummary& t = *m.lead;
  if (!t.recipient_domain.empty()) return WithPlace(Clean(t.recipient_domain), t.to.jurisdiction);
  if (t.to.zone != policy::kOutside) return WithPlace(s.ZoneName(t.to.zone), t.to.jurisdiction);
  return WithPlace(t.recipient.ToString(), t.to.jurisdiction);
}

// At a recipient, where there is room, words say what the colour of its bands says.
std::string Summary(const Node& node, bool sender) {
  const std::string text =
      node.bands == 1 ? node.most : Plural(node.bands, "movement", "movements") + ", the largest " + node.most;
  if (sender) return text;
  if (node.forbidden == 0) return text + ", permitted";
  return text + (node.forbidden == node.bands ? ", no permission" : ", in part no permission");
}

void DrawSide(const Side& side, bool left, std::string& svg) {
  const double x = left ? kLeft : kRight;
  const double text_x = left ? x - 8 : x + kNode + 8;
  const char* anchor = left ? "end" : "start";
  for (const Node& node : side.nodes()) {
    const double middle = node.top + node.height / 2;
    svg += fmt::format("<rect class=\"node\" x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.0f}\" height=\"{:.1f}\"/>",
                       x, node.top, kNode, node.height);
    svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", text_x, middle - 3,
                       anchor, Html(Cut(node.label)));
    svg += fmt::format("<text class=\"soft\" x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                       text_x, middle + 13, anchor, Html(Summary(node, left)));
  }
}

}  // namespace

std::string FlowMap(const RunState& state, const Movements& movements) {
  std::vector<const Movement*> drawn;
  std::uint64_t most = 1;
  for (const Movement& m : movements.all) {
    if (m.lead->verdict == policy::Verdict::kInternal || drawn.size() == kMaxBands) continue;
    drawn.push_back(&m);
    most = std::max(most, m.people.estimate);
  }
  if (drawn.empty()) return {};

  Side senders, recipients;
  std::vector<Band> bands;
  for (const Movement* m : drawn) {
    // The area of a figure, not its length, is what the eye compares: width grows with the square root.
    const double width =
        3 + 27 * std::sqrt(static_cast<double>(m->people.estimate) / static_cast<double>(most));
    const bool permitted = policy::Permits(m->lead->verdict);
    Band band{senders.Find(FromLabel(*m, state)), recipients.Find(ToLabel(*m, state)), width, permitted, {}};
    band.title = FromLabel(*m, state) + " to " + ToLabel(*m, state) + ": " + MovedPeople(*m) + ", " +
                 Identifiers(*m) + ", " + VerdictText(m->lead->verdict);
    senders.Count(band.from, width, *m);
    recipients.Count(band.to, width, *m);
    bands.push_back(std::move(band));
  }
  const double height = std::max(senders.Place(), recipients.Place());
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-labelledby=\"map-title\"><title id=\"map-title\">"
      "Senders on the left, recipients on the right; the table below holds the same figures</title>\n",
      kWidth, height);
  for (const Band& band : bands) {
    const double y1 = senders.Attach(band.from, band.width), y2 = recipients.Attach(band.to, band.width);
    const double x1 = kLeft + kNode, x2 = kRight, bend = (x2 - x1) / 2;
    svg += fmt::format(
        "<path class=\"band {}\" stroke-width=\"{:.1f}\" d=\"M{:.0f} {:.1f}C{:.0f} {:.1f} {:.0f} {:.1f} "
        "{:.0f} {:.1f}\">"
        "<title>{}</title></path>\n",
        band.permitted ? "good" : "bad", band.width, x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2,
        Html(band.title));
  }
  DrawSide(senders, true, svg);
  DrawSide(recipients, false, svg);
  return svg + "</svg>";
}

std::string LedgerBar(const RunState& state) {
  const std::uint64_t sum = state.ledger.Sum();
  if (sum == 0) return {};
  std::string svg =
      "<svg class=\"bar\" viewBox=\"0 0 1000 24\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-labelledby=\"bar-title\">"
      "<title id=\"bar-title\">Share of each category of bytes; the table below holds the figures</title>";
  double x = 0;
  for (const LedgerRow& row : LedgerRows(state.ledger)) {
    const double width = 1000.0 * static_cast<double>(row.bytes) / static_cast<double>(sum);
    svg += fmt::format(
        "<rect class=\"{}\" x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"24\"><title>{} {}</title></rect>",
        Html(row.category), x, width, Html(row.category), Html(Percent(row.bytes, sum)));
    x += width;
  }
  return svg + "</svg>";
}

}  // namespace gander::report
