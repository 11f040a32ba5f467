// SPDX-License-Identifier: Apache-2.0
// Policy::Judge: of the entries that hold for a movement the closest, and what it says in words.
#include <tuple>

#include "policy/match.h"

namespace gander::policy {
namespace {

struct Candidate {
  int entry = -1;
  Rank rank;
  Misfit misfit = Misfit::kNone;
};

// Whether `a` is to be preferred to `b`: closer, then one that lives, then deny, then the shorter remaining life, then
// the id, so that the order of the file never matters.
bool Prefer(const Policy::Impl& policy, const Candidate& a, const Candidate& b) {
  if (b.entry < 0) return true;
  const TransferEntry& x = policy.source.transfers[static_cast<std::size_t>(a.entry)];
  const TransferEntry& y = policy.source.transfers[static_cast<std::size_t>(b.entry)];
  const auto dead = [](const Candidate& c) { return c.misfit == Misfit::kEnded || c.misfit == Misfit::kNotBegun; };
  if (a.rank != b.rank) return a.rank > b.rank;
  if (dead(a) != dead(b)) return dead(b);
  if (x.deny != y.deny) return x.deny;
  return std::tie(x.until, x.id) < std::tie(y.until, y.id);
}

// One zone, or own zones of one known jurisdiction: not a transfer.
bool Internal(const Policy& policy, const Scene& s, std::string& why) {
  const Party& from = s.m.from;
  if (from.zone == kOutside || s.to.zone == kOutside) return false;
  if (from.zone == s.to.zone) {
    why = "both ends are in zone " + policy.ZoneName(from.zone);
    return true;
  }
  if (!policy.Own(from.zone) || !policy.Own(s.to.zone)) return false;
  if (!from.jurisdiction.known() || from.jurisdiction != s.to.jurisdiction) return false;
  why = "both ends are in own zones of " + std::string(from.jurisdiction.text());
  return true;
}

Judgement WithoutEntry(const Scene& s) {
  if (!s.to.jurisdiction.known() && s.to.zone == kOutside) {
    return {Verdict::kUnknownParty, -1, "no register entry covers it and the recipient's jurisdiction is unknown"};
  }
  if (s.to.jurisdiction == kAnycast) {
    return {Verdict::kUnregistered, -1,
            "no register entry names the recipient's domain, and where an anycast or cloud address stands cannot be "
            "proved"};
  }
  return {Verdict::kUnregistered, -1, "no register entry covers it"};
}

Judgement JudgeScene(const Policy& policy, const Scene& s) {
  std::string internal_why;
  const bool internal = Internal(policy, s, internal_why);
  Candidate best, near_miss;
  s.policy.ForEntriesFrom(s.m.from.zone, [&](int entry) {
    const bool deny = s.policy.source.transfers[static_cast<std::size_t>(entry)].deny;
    if (internal && !deny) return;  // nothing to permit; a prohibition still holds
    Candidate c;
    c.entry = entry;
    if (MatchWay(s, entry, c.rank) != OffWay::kNone) return;
    c.misfit = MisfitOf(s, entry);
    if (c.misfit == Misfit::kNone) {
      if (Prefer(s.policy, c, best)) best = c;
    } else if (!deny && c.misfit != Misfit::kOtherPeople) {
      if (Prefer(s.policy, c, near_miss)) near_miss = c;
    }
  });
  if (best.entry >= 0) return Say(s, best.entry, Misfit::kNone);
  if (internal) return {Verdict::kInternal, -1, internal_why};
  if (near_miss.entry >= 0) return Say(s, near_miss.entry, near_miss.misfit);
  return WithoutEntry(s);
}

}  // namespace

Judgement Say(const Scene& s, int index, Misfit misfit) {
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(index)];
  const std::string& name = s.policy.entries[static_cast<std::size_t>(index)].name;
  switch (misfit) {
    case Misfit::kNone:
      break;
    case Misfit::kEnded:
      return {Verdict::kExpired, index, name + " ended on " + ShowDate(e.until)};
    case Misfit::kNotBegun:
      return {Verdict::kExpired, index, name + " does not begin before " + ShowDate(e.not_before)};
    case Misfit::kOtherPeople:
    case Misfit::kThirdState:
      return {Verdict::kThirdState, index,
              name + " does not cover people of " + std::string(s.m.subjects.text()) +
                  (e.basis.agreement.empty() ? "" : ", no party to agreement " + e.basis.agreement)};
    case Misfit::kNoReference:
      return {Verdict::kWrongBasis, index, name + " is a judicial one without a reference"};
    case Misfit::kWrongBasis:
      return {Verdict::kWrongBasis, index,
              name + " rests on " + e.basis.kind + ", which is no basis for " + std::string(s.m.data_class)};
    case Misfit::kClearText:
      return {Verdict::kWrongBasis, index, name + " demands encryption and this went in clear text"};
    case Misfit::kOutOfHours:
      return {Verdict::kOverQuota, index,
              name + " allows only the hours " + std::to_string(e.hours_from) + " to " + std::to_string(e.hours_to) +
                  " UTC"};
  }
  if (e.deny) return {Verdict::kDenied, index, name + " forbids it"};
  return {Verdict::kRegistered, index,
          name + (e.until == kDistantFuture ? " permits it" : " permits it until " + ShowDate(e.until))};
}

Judgement Policy::Judge(const Movement& m) const {
  Scene scene = SceneOf(*this, *impl_, m);
  if (m.opened != Movement::Opened::kUnsure || !impl_->opener_matters) return JudgeScene(*this, scene);
  scene.opened = Movement::Opened::kBySender;
  Judgement pushed = JudgeScene(*this, scene);
  scene.opened = Movement::Opened::kByRecipient;
  Judgement pulled = JudgeScene(*this, scene);
  const bool differ = pushed.verdict != pulled.verdict;
  Judgement& worse = Badness(pulled.verdict) > Badness(pushed.verdict) ? pulled : pushed;
  if (differ) worse.why += "; who opened the flow was not seen, so the worse of both ways holds";
  return std::move(worse);
}

std::string ShowDate(Timestamp t) {
  const std::string full = FormatEveTime(t);  // 2027-03-31T00:00:00.000000+0000
  return full.compare(11, 8, "00:00:00") == 0 ? full.substr(0, 10) : full.substr(0, 19) + "Z";
}

}  // namespace gander::policy
