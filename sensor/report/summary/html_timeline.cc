// SPDX-License-Identifier: Apache-2.0
// The time line of the HTML page: a bar for each movement, a mark for each alert, bands where something was left out.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "report/summary/html.h"
#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kMostBars = 16, kMostMarks = 200, kLabel = 40;
constexpr double kLeft = 290, kRight = 985, kTop = 40, kRow = 26, kBar = 12, kLeast = 4;
constexpr int kTicks = 5;

struct Bar {
  std::string label, title;
  Timestamp first, last;
  bool permitted = false;
};

std::vector<Bar> Bars(const RunState& s, const Movements& movements) {
  std::vector<Bar> bars;
  for (const Movement& m : movements.all) {
    if (m.lead->verdict == policy::Verdict::kInternal) continue;
    if (bars.size() == kMostBars) break;
    Bar bar{"", "", m.lead->first_seen, m.lead->last_seen, policy::Permits(m.lead->verdict)};
    for (const std::size_t i : m.transfers) {
      bar.first = std::min(bar.first, s.transfers[i].first_seen);
      bar.last = std::max(bar.last, s.transfers[i].last_seen);
    }
    const detect::TransferSummary& t = *m.lead;
    bar.label = "→ " + (t.recipient_domain.empty() ? t.recipient.ToString() : Clean(t.recipient_domain));
    bar.title = Sender(m, s) + " to " + Recipient(m, s) + ": " + MovedPeople(m) + ", " + ShortTime(bar.first) + ", " +
                Length(bar.last - bar.first);
    bars.push_back(std::move(bar));
  }
  return bars;
}

class Scale {
 public:
  Scale(const RunState& s, const std::vector<Bar>& bars) : first_(s.first_packet), last_(s.last_packet) {
    if (first_ == Timestamp{} && last_ == Timestamp{}) first_ = kDistantFuture, last_ = kDistantPast;
    for (const Bar& bar : bars) Include(bar.first), Include(bar.last);
    for (const detect::Alert& a : s.raised) Include(a.time);
    if (last_ <= first_) last_ = first_ + Duration::Seconds(1);
  }
  double At(Timestamp t) const noexcept {
    const double share = static_cast<double>(t.ns - first_.ns) / static_cast<double>(last_.ns - first_.ns);
    return kLeft + (kRight - kLeft) * std::clamp(share, 0.0, 1.0);
  }
  Timestamp Tick(int i) const noexcept { return {first_.ns + (last_.ns - first_.ns) / (kTicks - 1) * i}; }
  bool days() const noexcept { return last_ - first_ >= Duration::Seconds(2 * 86'400); }

 private:
  void Include(Timestamp t) noexcept {
    first_ = std::min(first_, t);
    last_ = std::max(last_, t);
  }
  Timestamp first_, last_;
};

void DrawAxis(const Scale& scale, double bottom, std::string& svg) {
  for (int i = 0; i < kTicks; ++i) {
    const Timestamp at = scale.Tick(i);
    const double x = scale.At(at);
    const std::string text = ShortTime(at);
    const char* anchor = i == 0 ? "start" : i == kTicks - 1 ? "end" : "middle";
    svg += fmt::format("<path class=\"tick\" d=\"M{0:.1f} {1:.0f}V{2:.0f}\"/>", x, kTop - 8, bottom);
    svg += fmt::format("<text class=\"soft\" x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>\n", x, bottom + 16, anchor,
                       scale.days() ? text.substr(0, 10) : text.substr(11, 8));
  }
}

void DrawAlerts(const RunState& s, const Scale& scale, std::string& svg) {
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">alerts</text>\n", kLeft - 8, kTop - 14);
  std::size_t drawn = 0;
  for (const std::size_t i : AlertOrder(s)) {
    if (drawn++ == kMostMarks) break;
    const detect::Alert& a = s.raised[i];
    svg += fmt::format("<path class=\"mark {0}\" d=\"M{1:.1f} {2:.0f}l-5 -10h10z\"><title>{3} {4}, {5}</title></path>",
                       *KindOf(a.severity) == '\0' ? "plain" : KindOf(a.severity), scale.At(a.time), kTop - 10,
                       Html(detect::NameOf(a.severity)), Html(a.detector), Html(ShortTime(a.time)));
  }
  svg += "\n";
}

}  // namespace

std::string TimeLine(const RunState& state, const Movements& movements) {
  const std::vector<Bar> bars = Bars(state, movements);
  if (bars.empty() && state.raised.empty()) return {};
  const Scale scale(state, bars);
  const double bottom = kTop + kRow * static_cast<double>(std::max<std::size_t>(bars.size(), 1));
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 1000 {:.0f}\" role=\"img\" aria-labelledby=\"time-title\"><title id=\"time-title\">When what "
      "moved: {}, {}; the table below tells the same in words</title>\n",
      bottom + 24, Plural(bars.size(), "movement", "movements"), Plural(state.raised.size(), "alert", "alerts"));
  DrawAxis(scale, bottom, svg);
  for (const Shedding& span : state.shedding) {
    const double x = scale.At(span.begin);
    svg += fmt::format("<rect class=\"blind\" x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"{:.0f}\"/>", x, kTop - 8,
                       std::max(scale.At(span.end) - x, 1.0), bottom - kTop + 8);
  }
  if (!state.raised.empty()) DrawAlerts(state, scale, svg);
  double y = kTop;
  for (const Bar& bar : bars) {
    const double x = scale.At(bar.first), width = std::max(scale.At(bar.last) - x, kLeast);
    svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>", kLeft - 8, y + kBar,
                       Html(Fit(bar.label, kLabel)));
    svg += fmt::format("<rect class=\"span {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\"><title>{}</title>"
                       "</rect>\n",
                       bar.permitted ? "good" : "bad", std::min(x, kRight - width), y, width, kBar, Html(bar.title));
    y += kRow;
  }
  return svg + "</svg>";
}

}  // namespace gander::report
