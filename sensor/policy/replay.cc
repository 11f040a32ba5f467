// SPDX-License-Identifier: Apache-2.0
#include "policy/replay.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace gander::policy {
namespace {

struct Told {
  Verdict verdict = Verdict::kUnregistered;
  std::string entry, why;
};

Told JudgeBy(const Policy& policy, const PastTransfer& t) {
  Movement m;
  m.sender = t.sender;
  m.recipient = t.recipient;
  m.from = policy.Locate(t.sender);
  m.to = policy.Locate(t.recipient);
  m.recipient_domain = t.domain;
  m.data_class = t.data_class;
  m.sensitivity = t.sensitivity;
  m.subjects = t.subjects;
  m.time = t.at;
  m.encrypted = t.encrypted;
  m.opened = t.opened;
  m.sender_port = t.sender_port;
  Judgement j = policy.Judge(m);
  return {j.verdict, j.entry < 0 ? "" : policy.transfers()[static_cast<std::size_t>(j.entry)].id, std::move(j.why)};
}

const TransferEntry* EntryOf(const Policy& policy, const std::string& id) {
  for (const TransferEntry& e : policy.transfers()) {
    if (e.id == id && !e.retired) return &e;
  }
  return nullptr;
}

bool CountsQuota(const TransferEntry& e) { return e.subjects_per_day + e.subjects_total + e.bytes_per_day > 0; }

bool SameQuota(const TransferEntry& a, const TransferEntry& b) {
  return a.subjects_per_day == b.subjects_per_day && a.subjects_total == b.subjects_total &&
         a.bytes_per_day == b.bytes_per_day;
}

// Exceeded then under an entry that decides now too, whose quota is not known to have changed.
bool StillOver(const PastTransfer& t, const Told& now, const Policy& after, const Policy* before) {
  if (t.verdict != Verdict::kOverQuota || now.verdict != Verdict::kRegistered || now.entry != t.entry) return false;
  const TransferEntry* entry = EntryOf(after, now.entry);
  const TransferEntry* old = before != nullptr ? EntryOf(*before, now.entry) : nullptr;
  return entry != nullptr && CountsQuota(*entry) && (old == nullptr || SameQuota(*old, *entry));
}

std::string PlaceOf(const Policy& policy, const PastTransfer& t) {
  if (!t.domain.empty()) return t.domain;
  const Party party = policy.Locate(t.recipient);
  return party.zone != kOutside ? policy.ZoneName(party.zone) : t.recipient.ToString();
}

bool Changes(const ReplayGroup& g) { return g.before != g.after; }

}  // namespace

ReplayOutcome Replay(const std::vector<PastTransfer>& past, const Policy& after, const Policy* before) {
  ReplayOutcome out;
  using Key = std::tuple<Verdict, Verdict, std::string, std::string, std::string, std::string, std::string>;
  std::map<Key, ReplayGroup> groups;
  for (const PastTransfer& t : past) {
    ++out.transfers;
    Told then{t.verdict, t.entry, t.why};
    if (before != nullptr) {
      then = JudgeBy(*before, t);
      if (StillOver(t, then, *before, nullptr)) then.verdict = Verdict::kOverQuota;
    }
    Told now = JudgeBy(after, t);
    if (StillOver(t, now, after, before)) {
      ++out.quota_kept;
      now.verdict = Verdict::kOverQuota;
    }
    if (then.verdict == now.verdict && then.entry == now.entry) continue;
    const std::string from = after.ZoneName(after.Locate(t.sender).zone), to = PlaceOf(after, t);
    ReplayGroup& g = groups[{then.verdict, now.verdict, then.entry, now.entry, from, to, t.data_class}];
    g.before = then.verdict;
    g.after = now.verdict;
    g.entry_before = then.entry;
    g.entry_after = now.entry;
    g.from = from;
    g.to = to;
    g.data_class = t.data_class;
    if (g.transfers == 0 || t.people > g.people) g.why = now.why;
    ++g.transfers;
    g.bytes += t.bytes;
    g.people = std::max(g.people, t.people);
    g.people_sum += t.people;
    if (!Changes(g)) continue;
    ++out.changed;
    out.people_changed += t.people;
    out.bytes_changed += t.bytes;
    out.tightened += Permits(then.verdict) && !Permits(now.verdict);
    out.loosened += !Permits(then.verdict) && Permits(now.verdict);
  }
  for (auto& [key, group] : groups) out.groups.push_back(std::move(group));
  std::stable_sort(out.groups.begin(), out.groups.end(), [](const ReplayGroup& a, const ReplayGroup& b) {
    if (Changes(a) != Changes(b)) return Changes(a);
    return a.people_sum > b.people_sum;
  });
  return out;
}

}  // namespace gander::policy
