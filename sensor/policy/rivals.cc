// SPDX-License-Identifier: Apache-2.0
// Entries that get into each other's way. First-match lists rot when they are merged; here the order never matters, so
// what is said twice, forbidden again or undone by a wider permission must be told.
#include <algorithm>

#include "policy/domain_name.h"
#include "policy/impl.h"

namespace gander::policy {
namespace {

template <class T>
bool Shares(const std::vector<T>& a, const std::vector<T>& b) {
  return std::any_of(a.begin(), a.end(), [&](const T& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

template <class T>
bool Within(const std::vector<T>& inner, const std::vector<T>& outer) {
  return std::all_of(inner.begin(), inner.end(),
                     [&](const T& x) { return std::find(outer.begin(), outer.end(), x) != outer.end(); });
}

// A list that is not given matches everything.
template <class T>
bool Meets(const std::vector<T>& a, const std::vector<T>& b) {
  return a.empty() || b.empty() || Shares(a, b);
}
template <class T>
bool CoversList(const std::vector<T>& wide, const std::vector<T>& narrow) {
  return wide.empty() || (!narrow.empty() && Within(narrow, wide));
}

bool SameSource(const TransferEntry& a, const TransferEntry& b) {
  const auto plain = [](const std::string& from) { return from == "any" ? std::string() : from; };
  return plain(a.from) == plain(b.from);
}

bool SameDirection(const TransferEntry& a, const TransferEntry& b) {
  return a.direction == b.direction || a.direction == TransferEntry::Direction::kAny ||
         b.direction == TransferEntry::Direction::kAny;
}

// Of equal rank, and some movement matches both. The given parts are compared as written, so entries are held to be
// rivals only where they name the same thing.
bool Rival(const TransferEntry& a, const TransferEntry& b) {
  const auto alike = [](const auto& x, const auto& y) { return x.empty() == y.empty() && (x.empty() || Shares(x, y)); };
  return SameSource(a, b) && alike(a.to_nets, b.to_nets) && alike(a.to_domains, b.to_domains) &&
         alike(a.to_asns, b.to_asns) && alike(a.to_certificates, b.to_certificates) &&
         alike(a.to_jurisdictions, b.to_jurisdictions) && a.to_zone == b.to_zone && a.to_recipient == b.to_recipient &&
         alike(a.classes, b.classes) && Meets(a.subjects, b.subjects) && SameDirection(a, b) &&
         a.not_before < b.until && b.not_before < a.until;
}

// Every movement of `narrow` matches `wide` too, at the same rank and at any time that `narrow` lives.
bool Covers(const TransferEntry& wide, const TransferEntry& narrow) {
  const bool direction = wide.direction == TransferEntry::Direction::kAny || wide.direction == narrow.direction;
  return direction && Within(narrow.to_nets, wide.to_nets) && Within(narrow.to_domains, wide.to_domains) &&
         Within(narrow.to_asns, wide.to_asns) && Within(narrow.to_certificates, wide.to_certificates) &&
         Within(narrow.to_jurisdictions, wide.to_jurisdictions) && Within(narrow.classes, wide.classes) &&
         CoversList(wide.subjects, narrow.subjects) && wide.not_before <= narrow.not_before &&
         wide.until >= narrow.until;
}

bool NetsInside(const std::vector<IpPrefix>& wide, const std::vector<IpPrefix>& narrow) {
  const auto inside = [&](const IpPrefix& n) {
    return std::any_of(wide.begin(), wide.end(),
                       [&](const IpPrefix& w) { return w.length <= n.length && w.Contains(n.address); });
  };
  return wide.empty() || (!narrow.empty() && std::all_of(narrow.begin(), narrow.end(), inside));
}

bool DomainsInside(const std::vector<std::string>& wide, const std::vector<std::string>& narrow) {
  const auto below = [&](const std::string& n) {
    return std::any_of(wide.begin(), wide.end(), [&](const std::string& w) { return InDomain(n, w); });
  };
  return wide.empty() || (!narrow.empty() && std::all_of(narrow.begin(), narrow.end(), below));
}

// Every movement of `narrow` certainly matches `wide`, at whatever rank.
bool Contains(const TransferEntry& wide, const TransferEntry& narrow) {
  const bool source = wide.from.empty() || wide.from == "any" || SameSource(wide, narrow);
  const bool zone = wide.to_zone.empty() || wide.to_zone == narrow.to_zone;
  const bool recipient = wide.to_recipient.empty() || wide.to_recipient == narrow.to_recipient;
  return source && zone && recipient && NetsInside(wide.to_nets, narrow.to_nets) &&
         DomainsInside(wide.to_domains, narrow.to_domains) && CoversList(wide.to_asns, narrow.to_asns) &&
         CoversList(wide.to_certificates, narrow.to_certificates) &&
         CoversList(wide.to_jurisdictions, narrow.to_jurisdictions) && CoversList(wide.classes, narrow.classes) &&
         Meets(wide.subjects, narrow.subjects) && SameDirection(wide, narrow) && wide.not_before < narrow.until &&
         narrow.not_before < wide.until;
}

class Rivals {
 public:
  Rivals(const PolicySource& source, std::vector<Error>& warnings) : source_(source), warnings_(warnings) {}

  void Run() {
    const auto& entries = source_.transfers;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) Compare(entries[j], entries[i]);
    }
  }

 private:
  void Warn(const TransferEntry& e, std::string cause, std::string remedy) {
    warnings_.push_back({source_.file, e.line, "transfer `" + e.id + "`: " + std::move(cause), std::move(remedy)});
  }
  static std::string Name(const TransferEntry& e) { return "`" + e.id + "` (line " + std::to_string(e.line) + ")"; }

  void Compare(const TransferEntry& a, const TransferEntry& b) {
    if (a.retired || b.retired) return;
    if (Rival(a, b)) {
      if (a.deny != b.deny) return a.deny ? Contradiction(a, b) : Contradiction(b, a);
      return Doubled(a, b);
    }
    if (a.deny || b.deny) return;
    if (Contains(a, b)) return Undone(b, a);
    if (Contains(b, a)) Undone(a, b);
  }

  void Contradiction(const TransferEntry& deny, const TransferEntry& allow) {
    if (Covers(deny, allow)) {
      Warn(allow, "is unreachable: " + Name(deny) + " forbids all that it permits", "remove one of them");
    } else {
      Warn(allow, "contradicts " + Name(deny) + ": where both match, it is denied",
           "name what is meant more closely in one");
    }
  }

  void Doubled(const TransferEntry& a, const TransferEntry& b) {
    const bool same = Covers(a, b) && Covers(b, a);
    const bool scope =
        same || (a.to_nets == b.to_nets && a.to_domains == b.to_domains && a.classes == b.classes &&
                 a.to_jurisdictions == b.to_jurisdictions && a.subjects == b.subjects && a.to_asns == b.to_asns);
    if (scope) {
      Warn(b, "matches the same movements as " + Name(a), "remove one: the one that ends first is cited");
    } else {
      Warn(b, "overlaps " + Name(a) + " at equal rank: where both match, the one that ends first is cited",
           "give each what the other has not");
    }
  }

  // Entries add permissions: the demand of a closer one binds nobody whom a wider one permits without it.
  void Undone(const TransferEntry& close, const TransferEntry& wide) {
    const bool clear = close.transport == TransferEntry::Transport::kEncrypted &&
                       wide.transport != TransferEntry::Transport::kEncrypted;
    const bool hours = (close.hours_from != 0 || close.hours_to != 24) && wide.hours_from == 0 && wide.hours_to == 24;
    if (!clear && !hours) return;
    Warn(close,
         std::string(clear ? "demands encryption, yet " : "names hours, yet ") + Name(wide) +
             " permits the same without",
         "put the demand into the wider entry too, or add one with `action: deny`");
  }

  const PolicySource& source_;
  std::vector<Error>& warnings_;
};

}  // namespace

void WarnOfRivals(const PolicySource& source, std::vector<Error>& warnings) { Rivals(source, warnings).Run(); }

}  // namespace gander::policy
