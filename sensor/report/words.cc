// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/json_writer.h"

namespace gander::report {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

char32_t Decode(std::string_view utf8) noexcept {
  const auto lead = static_cast<unsigned char>(utf8[0]);
  char32_t c = utf8.size() == 1 ? lead : lead & (0x3fu >> (utf8.size() - 1));
  for (std::size_t i = 1; i < utf8.size(); ++i) c = (c << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3f);
  return c;
}

// Characters that move the cursor, change the order of what stands around them, or do not show at all.
bool Deceives(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff0 && c < 0xfffd) || (c >= 0xe0000 && c <= 0xe0fff);
}

}  // namespace

std::string Clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t bad = 1;
    const std::size_t length = Utf8Length(text, bad);
    if (length == 0) {
      out += kReplacement;
      text.remove_prefix(bad);
      continue;
    }
    const std::string_view character = text.substr(0, length);
    out += Deceives(Decode(character)) ? kReplacement : character;
    text.remove_prefix(length);
  }
  return out;
}

std::size_t Columns(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string Fit(const std::string& text, std::size_t columns, std::size_t tail) {
  constexpr std::size_t kBetween = 3, kWord = 16;  // " … ", and what a whole word may cost
  std::vector<std::size_t> begins;                 // of each character
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) begins.push_back(i);
  }
  if (begins.size() <= columns) return text;
  if (columns <= 2 * kBetween)
    return text.substr(0, columns == 0 ? 0 : begins[columns - 1]) + (columns == 0 ? "" : "…");
  const std::size_t kept = columns - kBetween;
  tail = std::clamp<std::size_t>(tail, 1, kept / 2);
  std::string_view head = std::string_view(text).substr(0, begins[kept - tail]);
  std::string_view end = std::string_view(text).substr(begins[begins.size() - tail]);
  // The rest of an address or number would be taken for another one, so a cut within a word moves to its
  // edge; where the edge is too far the dots touch what they cut.
  const auto near = [&](std::size_t cost, std::string_view side) {
    return cost <= std::min(kWord, side.size() / 2);
  };
  const char* before = " ";
  if (text[head.size()] != ' ' && !head.ends_with(' ')) {
    const std::size_t space = head.rfind(' ');
    if (space != head.npos && near(head.size() - space, head))
      head = head.substr(0, space);
    else
      before = "";
  }
  while (head.ends_with(' ')) head.remove_suffix(1);
  const char* behind = " ";
  if (end.front() != ' ' && end.data()[-1] != ' ') {
    const std::size_t space = end.find(' ');
    if (space != end.npos && near(space + 1, end))
      end.remove_prefix(space + 1);
    else
      behind = "";
  }
  while (end.starts_with(' ')) end.remove_prefix(1);
  return std::string(head) + before + "…" + behind + std::string(end);
}

std::string WithoutAsides(std::string text, std::size_t columns) {
  for (std::size_t open = text.find(" ("); Columns(text) > columns && open != text.npos;
       open = text.find(" (", open)) {
    const std::size_t close = text.find(')', open);
    if (close == text.npos) break;
    text.erase(open, close + 1 - open);
  }
  return text;
}

std::string_view FirstSentence(std::string_view text) noexcept {
  for (std::size_t at = text.find(". "); at != text.npos; at = text.find(". ", at + 1)) {
    if (at + 2 < text.size() && text[at + 2] >= 'A' && text[at + 2] <= 'Z') return text.substr(0, at + 1);
  }
  return text;
}

std::string Grouped(std::uint64_t n) {
  const std::string digits = std::to_string(n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string ByteText(std::uint64_t n) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (n < 1000) return std::to_string(n) + " B";
  double value = static_cast<double>(n);
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0 || part == 0) return "0 %";
  const double p = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (p < 0.1) return "<0.1 %";
  if (part < whole && p > 99.9) return ">99.9 %";
  return fmt::format("{:.1f} %", p);
}

std::string Plural(std::uint64_t n, const char* one, const char* many) {
  return Grouped(n) + " " + (n == 1 ? one : many);
}

std::string ShortTime(Timestamp t) {
  const std::string eve = FormatEveTime(t);
  return eve.substr(0, 10) + " " + eve.substr(11, 8) + " UTC";
}

std::string Length(Duration d) {
  const std::int64_t s = d.ns / kNanosPerSecond;
  if (s < 10) return fmt::format("{:.1f} s", d.seconds());
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min {} s", s / 60, s % 60);
  if (s < 172'800) return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
  return fmt::format("{} d {} h", s / 86'400, s / 3600 % 24);
}

std::string People(const detect::SubjectCount& c) {
  if (c.exact()) return Plural(c.estimate, "person", "people");
  return "≈ " + Grouped(c.estimate) + " people (" + Grouped(c.low) + " to " + Grouped(c.high) + ")";
}

std::string VerdictText(policy::Verdict v) {
  std::string text = policy::NameOf(v);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

int ReadingRank(policy::Verdict v) noexcept {
  if (v == policy::Verdict::kInternal) return 2;
  return policy::Permits(v) ? 1 : 0;
}

std::vector<std::size_t> ReadingOrder(const RunState& state) {
  const auto& transfers = state.transfers;
  std::vector<std::size_t> order(transfers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &x = transfers[a], &y = transfers[b];
    if (ReadingRank(x.verdict) != ReadingRank(y.verdict))
      return ReadingRank(x.verdict) < ReadingRank(y.verdict);
    return x.subjects.estimate > y.subjects.estimate;
  });
  return order;
}

std::string_view WithoutName(std::string_view signature) noexcept {
  constexpr std::string_view kName = "GANDER ";
  return signature.starts_with(kName) ? signature.substr(kName.size()) : signature;
}

std::uint64_t AlertsRaised(const RunState& state) noexcept {
  std::uint64_t raised = 0;
  for (const auto& [key, n] : state.alerts) raised += n;
  return std::max<std::uint64_t>(raised, state.raised.size());
}

std::vector<std::size_t> AlertOrder(const RunState& state) {
  std::vector<std::size_t> order(state.raised.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &x = state.raised[a], &y = state.raised[b];
    if (x.severity != y.severity) return x.severity > y.severity;
    return x.time < y.time;
  });
  return order;
}

}  // namespace gander::report
