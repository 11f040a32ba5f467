// SPDX-License-Identifier: Apache-2.0
#include "report/overview.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "report/words.h"

namespace gander::report {
namespace {

constexpr std::size_t kNamed = 6;  // of a list; the rest is a number

bool Internal(const Movement& m) noexcept { return m.lead->verdict == policy::Verdict::kInternal; }
bool Permitted(const Movement& m) noexcept { return policy::Permits(m.lead->verdict); }

template <class Texts>
std::string Listed(const Texts& texts, const char* rest) {
  std::string out;
  std::size_t said = 0;
  for (const std::string& text : texts) {
    if (said == kNamed) break;
    out += (said++ == 0 ? "" : ", ") + text;
  }
  if (texts.size() > said) out += " and " + Grouped(texts.size() - said) + " " + rest;
  return out;
}

struct Side {
  std::uint64_t movements = 0;
  detect::SubjectCount people;
  bool complete = true;
  std::vector<std::string> recipients;                // each once, most people first
  std::map<std::string, std::vector<std::string>> borders;  // from -> to, each once
  std::uint64_t clear = 0;
};

std::string Named(const Movement& m) {
  const detect::TransferSummary& t = *m.lead;
  return (t.recipient_domain.empty() ? t.recipient.ToString() : Clean(t.recipient_domain)) + " (" +
         StateName(t.to.jurisdiction) + ")";
}

void AddOnce(const std::string& text, std::vector<std::string>& to) {
  if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}

Side SideOf(const Movements& movements, bool permitted) {
  Side side;
  for (const Movement& m : movements.all) {
    if (Internal(m) || Permitted(m) != permitted) continue;
    ++side.movements;
    Widen(m.people, side.people);
    side.complete = side.complete && m.complete;
    side.clear += m.clear ? 1 : 0;
    AddOnce(Named(m), side.recipients);
    for (const policy::Party& place : m.from) {
      const bool same = place.jurisdiction.known() && place.jurisdiction == m.lead->to.jurisdiction;
      AddOnce(StateName(m.lead->to.jurisdiction) + (same ? " itself" : ""), side.borders[StateName(place.jurisdiction)]);
    }
  }
  return side;
}

std::string BordersOf(const Side& side) {
  std::string out;
  for (const auto& [from, to] : side.borders) {
    out += (out.empty() ? "from " : "; from ") + from + " to " + Listed(to, "other States");
  }
  return out;
}

OverviewLine HowMany(const Side& forbidden, const Side& permitted, const RunState& state) {
  OverviewLine line{"How many people", {}};
  const auto say = [&](const Side& side, const char* how) {
    if (side.movements == 0) return;
    std::string text = PeopleBetween(side.people, side.complete && state.transfers_not_shown == 0);
    text[0] = text[0] >= 'a' && text[0] <= 'z' ? static_cast<char>(text[0] - 'a' + 'A') : text[0];
    text += " in " + Plural(side.movements, "movement", "movements") + " " + how + ".";
    if (side.movements > 1) text += " The same person may be in several, so they do not simply add up.";
    line.sentences.push_back(std::move(text));
  };
  say(forbidden, "without permission");
  say(permitted, "with permission");
  if (line.sentences.empty()) line.sentences.push_back("Nobody's data was seen leaving your zones.");
  return line;
}

OverviewLine WhichData(const RunState& state, const Movements& movements) {
  std::set<std::string> classes, kinds;
  for (const Movement& m : movements.all) {
    if (Internal(m)) continue;
    for (const std::size_t i : m.transfers) classes.insert(ClassWords(state.transfers[i].data_class));
    for (const auto& type : m.types) kinds.insert(Clean(type.id));
  }
  OverviewLine line{"Which data", {}};
  if (classes.empty()) return line;
  std::string text = Listed(classes, "more classes");
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  line.sentences.push_back(text + ".");
  line.sentences.push_back("Recognised by " + Listed(kinds, "more kinds of identifiers") + ".");
  return line;
}

OverviewLine FromWhom(const RunState& state, const Movements& movements) {
  std::set<IpAddress> machines;
  std::vector<std::string> places;
  for (const Movement& m : movements.all) {
    if (Internal(m)) continue;
    for (const std::size_t i : m.transfers) machines.insert(state.transfers[i].sender);
    for (const policy::Party& p : m.from) {
      AddOnce((p.zone == policy::kOutside ? "outside" : Clean(state.ZoneName(p.zone))) + " (" +
                  StateName(p.jurisdiction) + ")",
              places);
    }
  }
  OverviewLine line{"Who sent it", {}};
  if (machines.empty()) return line;
  line.sentences.push_back(Plural(machines.size(), "machine", "machines") + " in " + Listed(places, "more places") + ".");
  return line;
}

OverviewLine ToWhom(const Side& forbidden, const Side& permitted) {
  OverviewLine line{"To whom", {}};
  if (forbidden.movements > 0) {
    line.sentences.push_back("Without permission: " + Listed(forbidden.recipients, "more recipients") + ".");
  }
  if (permitted.movements > 0) {
    line.sentences.push_back("With permission: " + Listed(permitted.recipients, "more recipients") + ".");
  }
  return line;
}

OverviewLine WhichBorder(const Side& forbidden, const Side& permitted) {
  OverviewLine line{"Over which border", {}};
  if (forbidden.movements > 0) line.sentences.push_back("Without permission " + BordersOf(forbidden) + ".");
  if (permitted.movements > 0) line.sentences.push_back("With permission " + BordersOf(permitted) + ".");
  return line;
}

OverviewLine Permission(const Movements& movements) {
  std::map<policy::Verdict, std::uint64_t> verdicts;
  std::vector<std::string> entries;
  for (const Movement& m : movements.all) {
    if (Internal(m)) continue;
    ++verdicts[m.lead->verdict];
    if (!Permitted(m) || m.lead->entry_id.empty()) continue;
    const std::string basis = Clean(m.lead->basis);
    AddOnce(Clean(m.lead->entry_id) + (basis.empty() ? "" : " (" + basis + ")"), entries);
  }
  OverviewLine line{"Permitted, and why", {}};
  for (const auto& [verdict, n] : verdicts) {
    std::string text = Plural(n, "movement", "movements") + " " + VerdictText(verdict) + ": " +
                       std::string(VerdictMeaning(verdict));
    if (policy::Permits(verdict) && !entries.empty()) text += ", " + Listed(entries, "more entries");
    line.sentences.push_back(text + ".");
  }
  return line;
}

OverviewLine InTheClear(const Side& forbidden, const Side& permitted) {
  const std::uint64_t all = forbidden.movements + permitted.movements, clear = forbidden.clear + permitted.clear;
  OverviewLine line{"Protected on the way", {}};
  if (all == 0) return line;
  line.sentences.push_back(clear == 0 ? "Yes: all of it was encrypted on the way."
                           : clear == all
                               ? "No: all of it went in clear text, which anyone on the way could read."
                               : Plural(clear, "movement", "movements") + " of " + Grouped(all) +
                                     " went in clear text, at least in part: anyone on the way could read it.");
  return line;
}

OverviewLine HowMuchSeen(const RunState& state) {
  const ByteLedger& l = state.ledger;
  OverviewLine line{"How much could be seen", {}};
  if (state.past && !state.past->counted) {
    line.sentences.push_back("Not known: the event files hold no `stats` event, so nothing tells what passed unread.");
    return line;
  }
  if (l.received + l.gap_bytes == 0) {
    line.sentences.push_back("No packet arrived, so nothing can be said about what moved.");
    return line;
  }
  const std::uint64_t seen = l.Of(ByteFate::kHeaders) + l.Of(ByteFate::kInspected) + l.Of(ByteFate::kDuplicate);
  std::string text = Percent(seen, l.received + l.gap_bytes) + " of all bytes were read.";
  if (const std::uint64_t n = l.Of(ByteFate::kEncrypted); n > 0) {
    text += " " + Percent(n, l.received) + " were encrypted: what was in them is not known and not counted here.";
  }
  line.sentences.push_back(std::move(text));
  return line;
}

}  // namespace

std::string StateName(const policy::Jurisdiction& state) {
  if (state == policy::kAnycast) return "many States at once";
  return state.known() ? std::string(state.text()) : "place unknown";
}

std::string PeopleBetween(const detect::SubjectCount& people, bool complete) {
  if (!complete) return "at least " + Plural(people.low, "person", "people");
  if (people.exact()) return Plural(people.low, "person", "people");
  return "between " + Grouped(people.low) + " and " + Grouped(people.high) + " people";
}

std::string ClassWords(std::string_view data_class) {
  static const std::map<std::string_view, const char*> kWords = {
      {"national_id", "national identity numbers"},
      {"tax_id", "tax numbers"},
      {"health", "health data"},
      {"credentials", "passwords and keys"},
      {"financial", "bank and payment data"},
      {"device", "identifiers of devices"},
      {"location", "whereabouts"},
      {"contact", "contact data (mail, telephone)"},
      {"infrastructure", "data of infrastructure"},
      {"special_category", "special categories of data"},
      {"biometric", "biometric data"},
      {"communications", "data of communications"},
      {"demographic", "personal particulars"},
      {"record", "whole records of people"},
      {"children", "data of children"},
  };
  const auto at = kWords.find(data_class);
  return at != kWords.end() ? at->second : Clean(data_class);
}

std::string_view VerdictMeaning(policy::Verdict v) noexcept {
  using policy::Verdict;
  switch (v) {
    case Verdict::kInternal:
      return "inside your own zones";
    case Verdict::kRegistered:
      return "an entry of the register permits it";
    case Verdict::kOverQuota:
      return "more than its register entry allows";
    case Verdict::kExpired:
      return "its register entry has ended, or has not begun";
    case Verdict::kWrongBasis:
      return "its register entry lacks the basis that is demanded of it";
    case Verdict::kDenied:
      return "the register forbids it";
    case Verdict::kThirdState:
      return "it holds people of a State that has no part in it";
    case Verdict::kUnknownParty:
      return "it is not known who stands at one of its ends";
    case Verdict::kUnregistered:
      break;
  }
  return "no entry of the register covers it";
}

std::vector<Border> Borders(const Movements& movements) {
  std::map<std::pair<policy::Jurisdiction, policy::Jurisdiction>, Border> borders;
  for (const Movement& m : movements.all) {
    if (Internal(m)) continue;
    std::set<policy::Jurisdiction> states;
    for (const policy::Party& place : m.from) states.insert(place.jurisdiction);
    for (const policy::Jurisdiction from : states) {
      Border& b = borders[{from, m.lead->to.jurisdiction}];
      b.from = from;
      b.to = m.lead->to.jurisdiction;
      ++b.movements;
      b.forbidden += Permitted(m) ? 0 : 1;
      // Of senders in several States nobody knows how many were each one's.
      Widen(states.size() > 1 ? detect::SubjectCount{0, 0, m.people.high} : m.people, b.people);
      b.complete = b.complete && m.complete;
    }
  }
  std::vector<Border> out;
  for (auto& [key, border] : borders) out.push_back(border);
  std::stable_sort(out.begin(), out.end(), [](const Border& a, const Border& b) {
    return std::tuple(b.forbidden > 0, b.people.high) < std::tuple(a.forbidden > 0, a.people.high);
  });
  return out;
}

std::vector<RecipientSum> Recipients(const RunState& state, const Movements& movements) {
  std::map<std::tuple<IpAddress, std::string>, RecipientSum> sums;
  std::map<const RecipientSum*, std::set<IpAddress>> senders;
  for (const Movement& m : movements.all) {
    if (Internal(m)) continue;
    RecipientSum& sum = sums[{m.lead->recipient, m.lead->recipient_domain}];
    if (sum.lead == nullptr) sum.lead = &m;
    ++sum.movements;
    sum.forbidden += Permitted(m) ? 0 : 1;
    if (sum.movements == 1) {
      sum.people = m.people;
    } else {
      Widen(m.people, sum.people);
    }
    sum.complete = sum.complete && m.complete;
    sum.bytes = AddUpTo(sum.bytes, m.bytes);
    for (const std::size_t i : m.transfers) {
      senders[&sum].insert(state.transfers[i].sender);
      AddOnce(ClassWords(state.transfers[i].data_class), sum.classes);
    }
  }
  std::vector<RecipientSum> out;
  for (auto& [key, sum] : sums) {
    sum.senders = senders[&sum].size();
    std::sort(sum.classes.begin(), sum.classes.end());
    out.push_back(std::move(sum));
  }
  std::stable_sort(out.begin(), out.end(), [](const RecipientSum& a, const RecipientSum& b) {
    return std::tie(b.people.high, b.bytes) < std::tie(a.people.high, a.bytes);
  });
  return out;
}

std::vector<OverviewLine> Overview(const RunState& state, const Movements& movements) {
  const Side forbidden = SideOf(movements, false), permitted = SideOf(movements, true);
  std::vector<OverviewLine> lines = {HowMany(forbidden, permitted, state),
                                     WhichData(state, movements),
                                     FromWhom(state, movements),
                                     ToWhom(forbidden, permitted),
                                     WhichBorder(forbidden, permitted),
                                     Permission(movements),
                                     InTheClear(forbidden, permitted),
                                     HowMuchSeen(state)};
  std::erase_if(lines, [](const OverviewLine& line) { return line.sentences.empty(); });
  return lines;
}

}  // namespace gander::report
