// SPDX-License-Identifier: Apache-2.0
// How movements are said. A figure that is a bound is called one.
#include <algorithm>

#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kPlacesSaid = 3;

std::string Country(const policy::Jurisdiction& jurisdiction) {
  return jurisdiction.known() ? std::string(jurisdiction.text()) : "place unknown";
}

std::string Place(std::string who, const policy::Party& where, const RunState& state) {
  if (where.zone != policy::kOutside) who += ", " + Clean(state.ZoneName(where.zone));
  return std::move(who) + ", " + Country(where.jurisdiction);
}

bool Many(const Movement& m) noexcept { return !m.parts.empty(); }

// Put together from several sessions, in which the same people may have been.
bool OfSessions(const Movement& m) noexcept { return !Many(m) && m.sessions > 1 && !m.people.exact(); }

std::string Range(const detect::SubjectCount& c) {
  return Grouped(c.low) + " to " + Grouped(c.high) + " people";
}

}  // namespace

std::string Sender(const Movement& m, const RunState& state) {
  if (!Many(m)) return Place(m.lead->sender.ToString(), m.lead->from, state);
  std::string out = Plural(m.senders(), "sender", "senders") + (m.complete ? " in " : " or more in ");
  for (std::size_t i = 0; i < std::min(m.from.size(), kPlacesSaid); ++i) {
    if (i > 0) out += "; ";
    out += Clean(state.ZoneName(m.from[i].zone)) + ", " + Country(m.from[i].jurisdiction);
  }
  return m.from.size() <= kPlacesSaid
             ? out
             : out + " and " + Plural(m.from.size() - kPlacesSaid, "more place", "more places");
}

std::string Recipient(const Movement& m, const RunState& state) {
  const std::string address = m.lead->recipient.ToString();
  const std::string& domain = m.lead->recipient_domain;
  return Place(domain.empty() ? address : Clean(domain) + " (" + address + ")", m.lead->to, state);
}

std::string MovedPeople(const Movement& m) {
  if (Many(m) && !m.complete) return "at least " + Plural(m.people.low, "person", "people");
  if (m.people.exact()) return Plural(m.people.estimate, "person", "people");
  if (OfSessions(m)) return Grouped(m.people.low) + "–" + Grouped(m.people.high) + " people";
  if (!Many(m)) return "≈ " + Grouped(m.people.estimate) + " people";
  return m.by_alert ? Grouped(m.people.low) + "–" + Grouped(m.people.high) + " people"
                    : "up to " + Grouped(m.people.high) + " people";
}

std::string Bounds(const Movement& m) {
  if (m.people.exact()) return {};
  if (OfSessions(m)) {
    return "at least the most of one session, at most the sum of " + Grouped(m.sessions);
  }
  if (!Many(m)) return Range(m.people);
  if (m.by_alert) return m.complete ? "at least by alert D03, at most the sum" : "by alert D03";
  return m.complete ? "at least " + Grouped(m.people.low) + ", the most of one sender"
                    : "the most of one sender";
}

std::string Identifiers(const Movement& m, std::size_t most_kinds) {
  std::vector<const detect::TransferSummary::Type*> types;
  for (const auto& type : m.types) types.push_back(&type);
  // More values of a kind than people: it tells no person from another, and stands behind those that do.
  const auto beside = [&](const auto* type) { return type->distinct.low > m.people.high; };
  std::stable_sort(types.begin(), types.end(), [&](const auto* a, const auto* b) {
    if (beside(a) != beside(b)) return beside(b);
    return a->distinct.estimate > b->distinct.estimate;
  });
  if (types.empty()) return Clean(m.lead->data_class);
  std::string out;
  const std::size_t said = std::min(types.size(), std::max<std::size_t>(most_kinds, 1));
  for (std::size_t i = 0; i < said; ++i) {
    if (i > 0) out += ", ";
    out += Clean(types[i]->id);
    if (!Many(m) && !OfSessions(m)) out += (types[i]->distinct.exact() ? " " : " ≈ ") + Grouped(types[i]->distinct.estimate);
  }
  return said == types.size() ? out : out + " and " + Plural(types.size() - said, "more kind", "more kinds");
}

std::string Carriage(const Movement& m) {
  std::string out = (m.carried_at_least || !m.complete ? "at least " : "") + ByteText(m.bytes) + " in " +
                    Plural(m.flows, "flow", "flows");
  for (const std::string& protocol : m.app_protos) out += ", " + Clean(protocol);
  if (m.encrypted && m.clear) return out + ", partly encrypted";
  return out + (m.encrypted ? ", encrypted" : ", clear text");
}

std::string Nameless(const Movements& movements) {
  if (movements.nameless == 0) return {};
  return Plural(movements.nameless, "pair", "pairs") +
         " of sender and recipient moved only data that tells no person from another; in the events.";
}

Headline Verdict(const RunState& state, const Movements& movements) {
  std::uint64_t forbidden = 0, moved = 0;
  const Movement* largest = nullptr;
  for (const Movement& m : movements.all) {
    if (m.lead->verdict == policy::Verdict::kInternal) continue;
    ++moved;
    if (policy::Permits(m.lead->verdict)) continue;
    ++forbidden;
    if (largest == nullptr) largest = &m;  // they stand in this order
  }
  bool alarm = forbidden > 0;
  for (const auto& [key, n] : state.alerts)
    alarm = alarm || ((key.second == "high" || key.second == "critical") && n > 0);
  if (moved == 0) {
    if (!movements.all.empty()) return {"Personal data moved inside your own zones only.", alarm};
    return {movements.nameless > 0 ? "No data that tells one person from another was seen moving."
                                   : "No personal data was seen moving.",
            alarm};
  }
  const std::string all = moved == 1 ? "The one movement of personal data"
                                     : "All " + Grouped(moved) + " movements of personal data";
  if (largest == nullptr) return {all + (moved == 1 ? " was permitted." : " were permitted."), alarm};
  const bool counted = largest->parts.empty() && !OfSessions(*largest);
  const std::string most = counted ? People(largest->people) : MovedPeople(*largest);
  if (forbidden == moved) {
    return {all + " had no permission; " + (moved == 1 ? "it" : "the largest") + " concerns " + most + ".",
            alarm};
  }
  return {Grouped(forbidden) + " of " + Grouped(moved) +
              " movements of personal data had no permission; the largest concerns " + most + ".",
          alarm};
}

}  // namespace gander::report
