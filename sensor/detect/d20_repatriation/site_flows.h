// SPDX-License-Identifier: Apache-2.0
// What left each site for each State over 30 days: the state of D20. People are counted under keys that die with their
// windows (detect/state/ring_keys.h).
#ifndef GANDER_DETECT_D20_REPATRIATION_SITE_FLOWS_H_
#define GANDER_DETECT_D20_REPATRIATION_SITE_FLOWS_H_

#include <map>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/state/ring_counter.h"

namespace gander::detect {

inline constexpr Duration kSiteWindow = LengthOf(Ring::kMonth);

// Of one site to one State.
struct Outflow {
  // Of a window.
  struct Sums {
    std::uint64_t bytes = 0;      // of all flows, readable or not
    // Of people that moved unregistered, who stand in `kinds` instead of the sums' strands.
    MovedSums moved;
    std::map<TypeIndex, std::uint64_t> findings;
    MaskSamples samples;
    policy::Judgement judgement;  // the worst of the latest epoch
    Timestamp judged = kDistantPast;  // begin of that epoch
    std::set<std::int64_t> days;  // UTC; at most those of a window

    static auto Saved(auto& s) {
      return Fields(s.bytes, s.moved, s.findings, s.samples, s.judgement, s.judged, s.days);
    }
  };
  struct KindKey {
    TypeIndex type = 0;
    policy::Jurisdiction country;  // of the people; unknown: of all States
    auto operator<=>(const KindKey&) const = default;

    static auto Saved(auto& k) { return Fields(AsType(k.type), k.country); }
  };
  StaggeredWindows<Sums> month{kSiteWindow};
  std::map<KindKey, RingCounter> kinds;               // unregistered
  RingCounter unregistered{RingBit(Ring::kMonth)};  // of whatever kind

  static auto Saved(auto& f) { return Fields(f.month, f.kinds, f.unregistered); }
};

struct Site {
  std::map<policy::Jurisdiction, Outflow> states;
  RingCounter people{RingBit(Ring::kMonth)};        // that left, registered or not, by whatever identifier
  Timestamp last_seen = kDistantPast;  // of people

  static auto Saved(auto& s) { return Fields(s.states, s.people, s.last_seen); }
};

class SiteFlows {
 public:
  // Sites are declared zones, so that there are as many as the operator named.
  struct Key {
    policy::ZoneId zone = policy::kOutside;
    auto operator<=>(const Key&) const = default;

    static auto Saved(auto& k) { return Fields(AsZone(k.zone)); }
  };
  using Sites = std::map<Key, Site>;

  explicit SiteFlows(RingKeys::Origin origin) : keys_(origin) {}

  // The sites that unregistered people left in this epoch.
  std::set<policy::ZoneId> Add(const EpochView& epoch);
  const Site& at(policy::ZoneId zone) const { return sites_.at({zone}); }
  // The window that counts; null when nothing left in it.
  const Outflow::Sums* SumsOf(const Outflow& flow) const { return flow.month.Begun(keys_.Longest(Ring::kMonth)); }
  SubjectCount Count(const RingCounter& people) const;
  // Kinds of identifiers that moved unregistered, most people first.
  PeopleFigures FiguresOf(const Outflow& flow, const std::vector<identify::RuleInfo>& types) const;

  static auto Saved(auto& f) { return Fields(f.keys_, f.sites_); }

 private:
  void AddPeople(const Moved& m, Timestamp epoch_begin);
  void AddBytes(const policy::Party& from, const policy::Party& to, std::uint64_t bytes, Timestamp epoch_begin);

  RingKeys keys_;
  Sites sites_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D20_REPATRIATION_SITE_FLOWS_H_
