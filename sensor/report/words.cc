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
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff0 && c < 0xfffd) ||
         (c >= 0xe0000 && c <= 0xe0fff);
}

std::string Place(std::string who, policy::ZoneId zone, const policy::Jurisdiction& jurisdiction,
                  const RunState& state) {
  if (zone != policy::kOutside) who += ", " + Clean(state.ZoneName(zone));
  who += ", ";
  who += jurisdiction.known() ? std::string(jurisdiction.text()) : "place unknown";
  return who;
}

int Rank(policy::Verdict v) noexcept {
  if (v == policy::Verdict::kInternal) return 2;
  return policy::Permits(v) ? 1 : 0;
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
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
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

std::string Sender(const detect::TransferSummary& t, const RunState& state) {
  return Place(t.sender.ToString(), t.from.zone, t.from.jurisdiction, state);
}

std::string Recipient(const detect::TransferSummary& t, const RunState& state) {
  const std::string address = t.recipient.ToString();
  std::string who = t.recipient_domain.empty() ? address : Clean(t.recipient_domain) + " (" + address + ")";
  return Place(std::move(who), t.to.zone, t.to.jurisdiction, state);
}

std::string Identifiers(const detect::TransferSummary& t) {
  std::vector<const detect::TransferSummary::Type*> types;
  for (const auto& type : t.types) types.push_back(&type);
  std::stable_sort(types.begin(), types.end(),
                   [](const auto* a, const auto* b) { return a->distinct.estimate > b->distinct.estimate; });
  std::string out;
  for (const auto* type : types) {
    if (!out.empty()) out += ", ";
    out += Clean(type->id) + (type->distinct.exact() ? " " : " ≈ ") + Grouped(type->distinct.estimate);
  }
  return out.empty() ? Clean(t.data_class) : out;
}

std::string Carriage(const detect::TransferSummary& t) {
  std::string out = ByteText(t.bytes) + " in " + Plural(t.flows, "flow", "flows");
  if (!t.app_proto.empty()) out += ", " + Clean(t.app_proto);
  return out + (t.encrypted ? ", encrypted" : ", clear text");
}

std::string VerdictText(policy::Verdict v) {
  std::string text = policy::NameOf(v);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::vector<std::size_t> ReadingOrder(const RunState& state) {
  const auto& transfers = state.transfers;
  std::vector<std::size_t> order(transfers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &x = transfers[a], &y = transfers[b];
    if (Rank(x.verdict) != Rank(y.verdict)) return Rank(x.verdict) < Rank(y.verdict);
    return x.subjects.estimate > y.subjects.estimate;
  });
  return order;
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

Headline Verdict(const RunState& state) {
  std::uint64_t forbidden = 0, moved = 0;
  detect::SubjectCount most;
  for (const detect::TransferSummary& t : state.transfers) {
    if (t.verdict == policy::Verdict::kInternal) continue;
    ++moved;
    if (policy::Permits(t.verdict)) continue;
    ++forbidden;
    if (t.subjects.estimate > most.estimate) most = t.subjects;
  }
  bool alarm = forbidden > 0;
  for (const auto& [key, n] : state.alerts) alarm = alarm || ((key.second == "high" || key.second == "critical") && n > 0);
  if (moved == 0) {
    return {state.transfers.empty() ? "No personal data was seen moving." : "Personal data moved inside your own zones only.",
            alarm};
  }
  const std::string all = moved == 1 ? "The one movement of personal data" : "All " + Grouped(moved) + " movements of personal data";
  if (forbidden == 0) return {all + (moved == 1 ? " was permitted." : " were permitted."), alarm};
  if (forbidden == moved) {
    return {all + " had no permission; " + (moved == 1 ? "it" : "the largest") + " concerns " + People(most) + ".", alarm};
  }
  return {Grouped(forbidden) + " of " + Grouped(moved) + " movements of personal data had no permission; the largest concerns " +
              People(most) + ".", alarm};
}

}  // namespace gander::report
