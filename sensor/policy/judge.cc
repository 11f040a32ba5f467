// SPDX-License-Identifier: Apache-2.0
// Policy::Judge: the entries that match a movement, the most specific of them, and what it says in words.
#include <algorithm>
#include <tuple>

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {
namespace {

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;
constexpr Jurisdiction kAnycast{{'X', 'A'}};

// How closely an entry fits; greater is closer (DETECTION.md §2: recipient, then source, then class).
struct Rank {
  int recipient = 0, source = 0, data_class = 0;
  auto operator<=>(const Rank&) const = default;
};
// Host address > domain by labels > prefix by length > zone > jurisdiction > any.
constexpr int kHostRank = 1000, kDomainRank = 500, kNetRank = 100, kZoneRank = 50, kJurisdictionRank = 10;
constexpr std::uint8_t kHostLength = 128;

template <class T>
bool Holds(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What a movement looks like to the register: parties after overrides, names in normal form.
struct Scene {
  const Policy::Impl& policy;
  const Movement& m;
  Party to;
  std::string domain;
};

bool FitsRecipient(const Scene& s, const TransferEntry& e, const CompiledEntry& c, int& rank) {
  if (!e.to_nets.empty()) {
    int longest = -1;
    for (const IpPrefix& net : e.to_nets) {
      if (net.Contains(s.m.recipient)) longest = std::max<int>(longest, net.length);
    }
    if (longest < 0) return false;
    rank = std::max(rank, longest == kHostLength ? kHostRank : kNetRank + longest);
  }
  if (!e.to_domains.empty()) {
    int labels = 0;
    for (const std::string& d : e.to_domains) {
      if (InDomain(s.domain, d)) labels = std::max(labels, Labels(d));
    }
    if (labels == 0) return false;
    rank = std::max(rank, kDomainRank + std::min(labels, 127));
  }
  if (!e.to_jurisdictions.empty()) {
    // An anycast address stands nowhere that could be proved: a State is no answer for it.
    if (s.to.jurisdiction == kAnycast || !Holds(e.to_jurisdictions, s.to.jurisdiction)) return false;
    rank = std::max(rank, kJurisdictionRank);
  }
  if (c.has_to_zone) {
    if (s.to.zone != c.to_zone) return false;
    rank = std::max(rank, kZoneRank);
  }
  return true;
}

bool FitsSource(const Scene& s, const CompiledEntry& c, int& rank) {
  switch (c.from) {
    case CompiledEntry::From::kAny: return true;
    case CompiledEntry::From::kZone: rank = 1; return s.m.from.zone == c.from_zone;
    case CompiledEntry::From::kAsset: break;
  }
  rank = 2;
  const Asset& asset = s.policy.source.assets[static_cast<std::size_t>(c.from_asset)];
  return std::any_of(asset.hosts.begin(), asset.hosts.end(),
                     [&](const IpPrefix& host) { return host.Contains(s.m.sender); });
}

bool FitsClass(const Scene& s, const TransferEntry& e, int& rank) {
  if (e.classes.empty()) return true;
  const std::string_view sensitivity = identify::NameOf(s.m.sensitivity);
  for (const std::string& c : e.classes) {
    if (c == s.m.data_class) rank = 2;
    if (c == sensitivity) rank = std::max(rank, 1);
  }
  return rank > 0;
}

// Why an entry that fits the way does not fit the moment or the people.
enum class Misfit : std::uint8_t { kNone, kEnded, kNotBegun, kOtherPeople, kThirdState };

Misfit MisfitOf(const Scene& s, const TransferEntry& e, const CompiledEntry& c) {
  if (s.m.time < e.not_before) return Misfit::kNotBegun;
  if (s.m.time >= e.until) return Misfit::kEnded;
  const Jurisdiction& who = s.m.subjects;
  if (!who.known()) return Misfit::kNone;  // the identifiers name no State: nothing to hold against it
  const bool named = Holds(e.subjects, who), party = Holds(c.parties, who);
  if (e.deny) return e.subjects.empty() || named ? Misfit::kNone : Misfit::kOtherPeople;
  if (named || (e.subjects.empty() && (party || c.parties.empty()))) return Misfit::kNone;
  // Not named. People of a party to the agreement are merely not covered; those of any other State are third.
  return party ? Misfit::kOtherPeople : Misfit::kThirdState;
}

bool InHours(const TransferEntry& e, Timestamp t) noexcept {
  const auto hour = static_cast<int>(((t.ns / kHour) % 24 + 24) % 24);
  if (e.hours_from <= e.hours_to) return hour >= e.hours_from && hour < e.hours_to;
  return hour >= e.hours_from || hour < e.hours_to;
}

struct Candidate {
  int entry = -1;
  Rank rank;
  Misfit misfit = Misfit::kNone;
};

// Whether `a` is to be preferred to `b`: closer, then deny, then the shorter remaining life, then the id, so that
// the order of the file never matters.
bool Prefer(const std::vector<TransferEntry>& entries, const Candidate& a, const Candidate& b) {
  if (b.entry < 0) return true;
  const TransferEntry& x = entries[static_cast<std::size_t>(a.entry)];
  const TransferEntry& y = entries[static_cast<std::size_t>(b.entry)];
  if (a.rank != b.rank) return a.rank > b.rank;
  if (x.deny != y.deny) return x.deny;
  return std::tie(x.until, x.id) < std::tie(y.until, y.id);
}

Judgement Decide(const Scene& s, int index) {
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(index)];
  const std::string& name = s.policy.entries[static_cast<std::size_t>(index)].name;
  if (e.deny) return {Verdict::kDenied, index, name + " forbids it"};
  if (e.basis.kind == "judicial" && e.basis.reference.empty()) {
    return {Verdict::kWrongBasis, index, name + " is a judicial one without a reference"};
  }
  if (e.transport == TransferEntry::Transport::kEncrypted && !s.m.encrypted) {
    return {Verdict::kWrongBasis, index, name + " demands encryption and this went in clear text"};
  }
  if (!InHours(e, s.m.time)) {
    return {Verdict::kOverQuota, index,
            name + " allows only the hours " + std::to_string(e.hours_from) + " to " + std::to_string(e.hours_to) +
                " UTC"};
  }
  return {Verdict::kRegistered, index,
          name + (e.until.ns == INT64_MAX ? " permits it" : " permits it until " + ShowDate(e.until))};
}

Judgement DecideMisfit(const Scene& s, const Candidate& c) {
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(c.entry)];
  const std::string& name = s.policy.entries[static_cast<std::size_t>(c.entry)].name;
  switch (c.misfit) {
    case Misfit::kEnded: return {Verdict::kExpired, c.entry, name + " ended on " + ShowDate(e.until)};
    case Misfit::kNotBegun:
      return {Verdict::kExpired, c.entry, name + " does not begin before " + ShowDate(e.not_before)};
    default: break;
  }
  return {Verdict::kThirdState, c.entry,
          name + " does not cover people of " + std::string(s.m.subjects.text()) +
              (e.basis.agreement.empty() ? "" : ", no party to agreement " + e.basis.agreement)};
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

}  // namespace

Judgement Policy::Judge(const Movement& m) const {
  const Scene scene{*impl_, m, Locate(m.to, m.recipient_domain), NormalDomain(m.recipient_domain)};
  const std::vector<TransferEntry>& entries = impl_->source.transfers;
  std::string internal_why;
  const bool internal = Internal(*this, scene, internal_why);
  Candidate best, near_miss;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const TransferEntry& e = entries[i];
    const CompiledEntry& compiled = impl_->entries[i];
    if (internal && !e.deny) continue;  // nothing to permit; a prohibition still holds
    Candidate c;
    c.entry = static_cast<int>(i);
    if (!FitsRecipient(scene, e, compiled, c.rank.recipient) || !FitsSource(scene, compiled, c.rank.source) ||
        !FitsClass(scene, e, c.rank.data_class)) {
      continue;
    }
    c.misfit = MisfitOf(scene, e, compiled);
    if (c.misfit == Misfit::kNone) {
      if (Prefer(entries, c, best)) best = c;
    } else if (!e.deny && c.misfit != Misfit::kOtherPeople) {
      if (Prefer(entries, c, near_miss)) near_miss = c;
    }
  }
  if (best.entry >= 0) return Decide(scene, best.entry);
  if (internal) return {Verdict::kInternal, -1, internal_why};
  if (near_miss.entry >= 0) return DecideMisfit(scene, near_miss);
  return WithoutEntry(scene);
}

std::string ShowDate(Timestamp t) {
  const std::string full = FormatEveTime(t);  // 2027-03-31T00:00:00.000000+0000
  return full.compare(11, 8, "00:00:00") == 0 ? full.substr(0, 10) : full.substr(0, 19) + "Z";
}

}  // namespace gander::policy
