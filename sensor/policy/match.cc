// SPDX-License-Identifier: Apache-2.0
#include "policy/match.h"

#include <algorithm>

#include "policy/domain_name.h"

namespace gander::policy {
namespace {

constexpr std::int64_t kHour = 3600 * kNanosPerSecond;

// Certificate > host address > domain by labels > prefix by length > zone > autonomous system > State > any.
constexpr int kCertificateRank = 2000, kHostRank = 1000, kDomainRank = 500, kNetRank = 100, kZoneRank = 50,
              kAsnRank = 30, kJurisdictionRank = 10;
constexpr std::uint8_t kHostLength = 128;
constexpr int kAssetRank = 2, kSourceZoneRank = 1, kClassRank = 2, kSensitivityRank = 1;

template <class List, class T>
bool Holds(const List& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Each returns the rank of the closest that matches, 0 when none does.
int MatchNets(const Scene& s, const std::vector<IpPrefix>& nets) {
  int rank = 0;
  for (const IpPrefix& net : nets) {
    if (!net.Contains(s.m.recipient)) continue;
    rank = std::max(rank, net.length == kHostLength ? kHostRank : kNetRank + net.length);
  }
  return rank;
}

int MatchDomains(const Scene& s, const std::vector<std::string>& domains) {
  int labels = 0;
  for (const std::string& d : domains) {
    if (InDomain(s.domain, d)) labels = std::max(labels, Labels(d));
  }
  return labels == 0 ? 0 : kDomainRank + std::min(labels, 127);
}

int MatchAsns(const Scene& s, const std::vector<std::uint32_t>& asns) {
  return s.to.asn != 0 && Holds(asns, s.to.asn) ? kAsnRank : 0;
}

int MatchRecipient(const Scene& s, const Recipient& r) {
  return std::max({MatchNets(s, r.nets), MatchDomains(s, r.domains), MatchAsns(s, r.asns)});
}

// Everything that the entry gives must match; the closest of it is its rank.
bool FitsRecipient(const Scene& s, const TransferEntry& e, const CompiledEntry& c, int& rank) {
  const auto demand = [&](bool given, int matched) {
    rank = std::max(rank, given ? matched : 0);
    return !given || matched > 0;
  };
  // An anycast address stands nowhere that could be proved: a State is no answer for it.
  const bool in_state = s.to.jurisdiction != kAnycast && Holds(e.to_jurisdictions, s.to.jurisdiction);
  const bool certified = !s.m.recipient_certificate.empty() && Holds(e.to_certificates, s.m.recipient_certificate);
  return demand(!e.to_certificates.empty(), certified ? kCertificateRank : 0) &&
         demand(!e.to_nets.empty(), MatchNets(s, e.to_nets)) &&
         demand(!e.to_domains.empty(), MatchDomains(s, e.to_domains)) &&
         demand(c.to_recipient >= 0,
                c.to_recipient < 0
                    ? 0
                    : MatchRecipient(s, s.policy.source.recipients[static_cast<std::size_t>(c.to_recipient)])) &&
         demand(c.has_to_zone, s.to.zone == c.to_zone ? kZoneRank : 0) &&
         demand(!e.to_asns.empty(), MatchAsns(s, e.to_asns)) &&
         demand(!e.to_jurisdictions.empty(), in_state ? kJurisdictionRank : 0);
}

// An asset is its hosts, at the ports where it serves, with the records it holds. Where the port cannot be known, its
// permissions do not speak and its prohibitions do.
bool IsFromAsset(const Scene& s, const Asset& asset, bool deny) {
  const bool host = std::any_of(asset.hosts.begin(), asset.hosts.end(),
                                [&](const IpPrefix& net) { return net.Contains(s.m.sender); });
  if (!host || !HoldsRecords(asset, s.m.data_class, s.sensitivity)) return false;
  if (asset.ports.empty()) return true;
  if (s.opened == Movement::Opened::kBySender) return false;  // the asset's host, as somebody's client
  return s.m.sender_port == 0 ? deny : Holds(asset.ports, s.m.sender_port);
}

bool FitsSource(const Scene& s, const TransferEntry& e, const CompiledEntry& c, int& rank) {
  switch (c.from) {
    case CompiledEntry::From::kAny:
      return true;
    case CompiledEntry::From::kZone:
      rank = kSourceZoneRank;
      return s.m.from.zone == c.from_zone;
    case CompiledEntry::From::kAsset:
      break;
  }
  rank = kAssetRank;
  return IsFromAsset(s, s.policy.source.assets[static_cast<std::size_t>(c.from_asset)], e.deny);
}

bool FitsClass(const Scene& s, const TransferEntry& e, int& rank) {
  if (e.classes.empty()) return true;
  if (Holds(e.classes, s.m.data_class)) {
    rank = kClassRank;
  } else if (Holds(e.classes, std::string_view(identify::NameOf(s.sensitivity)))) {
    rank = kSensitivityRank;
  }
  return rank > 0;
}

bool FitsDirection(const Scene& s, const TransferEntry& e) {
  switch (e.direction) {
    case TransferEntry::Direction::kPush:
      return s.opened == Movement::Opened::kBySender;
    case TransferEntry::Direction::kPull:
      return s.opened == Movement::Opened::kByRecipient;
    case TransferEntry::Direction::kAny:
      break;
  }
  return true;
}

Misfit MisfitOfPeople(const Scene& s, const TransferEntry& e, const CompiledEntry& c) {
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

}  // namespace

Scene SceneOf(const Policy& policy, const Policy::Impl& impl, const Movement& m) {
  const DataClass* known = impl.ClassOf(m.data_class);
  return {impl,
          m,
          policy.Locate(m.to, m.recipient_domain),
          NormalDomain(m.recipient_domain),
          known != nullptr && known->has_sensitivity ? known->sensitivity : m.sensitivity,
          m.opened};
}

OffWay MatchWay(const Scene& s, int entry, Rank& rank) {
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(entry)];
  const CompiledEntry& c = s.policy.entries[static_cast<std::size_t>(entry)];
  if (!FitsRecipient(s, e, c, rank.recipient)) return OffWay::kRecipient;
  if (!FitsSource(s, e, c, rank.source)) return OffWay::kSource;
  if (!FitsClass(s, e, rank.data_class)) return OffWay::kClass;
  return FitsDirection(s, e) ? OffWay::kNone : OffWay::kDirection;
}

Misfit MisfitOf(const Scene& s, int entry) {
  const TransferEntry& e = s.policy.source.transfers[static_cast<std::size_t>(entry)];
  const CompiledEntry& c = s.policy.entries[static_cast<std::size_t>(entry)];
  if (s.m.time < e.not_before) return Misfit::kNotBegun;
  if (s.m.time >= e.until) return Misfit::kEnded;
  if (const Misfit people = MisfitOfPeople(s, e, c); people != Misfit::kNone || e.deny) return people;
  if (e.basis.kind == "judicial" && e.basis.reference.empty()) return Misfit::kNoReference;
  const DataClass* known = s.policy.ClassOf(s.m.data_class);
  if (known != nullptr && !known->bases.empty() && !Holds(known->bases, e.basis.kind)) return Misfit::kWrongBasis;
  if (e.transport == TransferEntry::Transport::kEncrypted && !s.m.encrypted) return Misfit::kClearText;
  return InHours(e, s.m.time) ? Misfit::kNone : Misfit::kOutOfHours;
}

}  // namespace gander::policy
