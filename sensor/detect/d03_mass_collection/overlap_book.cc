// SPDX-License-Identifier: Apache-2.0
#include "detect/d03_mass_collection/overlap_book.h"

#include <algorithm>
#include <cmath>

#include "detect/state/snapshot_fields.h"

namespace gander::detect {

void OverlapBook::Add(const Collectors& collectors, std::span<const CollectorKey> touched, const TransferBook& book) {
  const RingKeys& keys = collectors.keys();
  std::vector<const CollectorKey*> fresh;
  for (const CollectorKey& key : touched) {
    const Collector* const c = collectors.Find(key);
    if (c == nullptr || c->facts == nullptr || key.level >= Level::kSystem) continue;
    const std::uint64_t people = collectors.CountOf(*c, Ring::kMonth).people.low;
    if (const auto at = sketches_.find(key); at != sketches_.end()) {
      at->second.people = people;
    } else if (people >= kFrom) {
      fresh.push_back(&key);
    }
  }
  for (const CollectorKey* key : fresh) {
    const Collector& c = *collectors.Find(*key);
    Open(*key, c, keys, collectors.CountOf(c, Ring::kMonth).people.low);
  }
  for (const Moved& m : book.moved()) {
    if (policy::Permits(m.judgement.verdict) || !book.types()[m.type].identifies_person) continue;
    for (const CollectorKey& key : Collectors::KeysOf(m)) {
      const auto at = sketches_.find(key);
      if (at == sketches_.end()) continue;
      Sketch& s = at->second;
      s.partial = s.partial || !m.people.exact();
      s.month.Advance(keys.now());
      s.month.ForEachBegun([&](std::int64_t begun, sketch::BottomK& sketch) {
        const sketch::TagKey* const tag_key = keys.Of(Ring::kMonth, begun);
        if (tag_key == nullptr) return;
        m.people.ForEachTag([&](std::uint64_t tag) { sketch.Insert(Rekey(*tag_key, tag)); });
      });
    }
  }
}

// Begins with the people its counters still hold exactly; those of this epoch come after. Where there are too many
// sketches the one with fewest people makes room, if it has fewer.
void OverlapBook::Open(const CollectorKey& key, const Collector& c, const RingKeys& keys, std::uint64_t people) {
  if (sketches_.size() >= kCollectors) {
    was_full_ = true;
    const auto least = std::min_element(sketches_.begin(), sketches_.end(), [](const auto& a, const auto& b) {
      return a.second.people < b.second.people;
    });
    if (least->second.people >= people) return;
    sketches_.erase(least);
  }
  Sketch& s = sketches_[key];
  s.people = people;
  s.month.Advance(keys.now());
  s.month.ForEachBegun([&](std::int64_t begun, sketch::BottomK& sketch) {
    for (const Collector::Unit& unit : c.units) {
      if (unit.country.known()) continue;
      s.partial = s.partial || (was_full_ && !unit.people.exact(Ring::kMonth, begun));
      unit.people.ForEachTag(Ring::kMonth, begun, [&](std::uint64_t tag) { sketch.Insert(tag); });
    }
  });
}

OverlapBook::Twin OverlapBook::Closest(const CollectorKey& key, const RingKeys& keys) const {
  Twin best;
  const std::int64_t begun = keys.Longest(Ring::kMonth);
  const auto own = sketches_.find(key);
  if (own == sketches_.end() || own->second.partial) return best;
  const sketch::BottomK* const mine = own->second.month.Begun(begun);
  if (mine == nullptr) return best;
  for (const auto& [other, sketch] : sketches_) {
    if (other.level != key.level || other == key || sketch.partial) continue;
    const sketch::BottomK* const theirs = sketch.month.Begun(begun);
    if (theirs == nullptr) continue;
    const double share = sketch::BottomK::Overlap(*mine, *theirs);
    if (share > best.share) best = {other, share};
  }
  return best;
}

std::vector<OverlapBook::Coats> OverlapBook::Groups(Level level, std::uint64_t people, const RingKeys& keys) const {
  struct Member {
    const CollectorKey* key;
    const sketch::BottomK* sketch;
    std::uint64_t people;
    std::size_t group;
  };
  std::vector<Member> members;
  for (const auto& [key, s] : sketches_) {
    const sketch::BottomK* const month = s.month.Begun(keys.Longest(Ring::kMonth));
    if (key.level != level || s.partial || s.people < people || month == nullptr) continue;
    members.push_back({&key, month, s.people, members.size()});
  }
  std::vector<double> share(members.size(), 1);  // by group, as long as it stands
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double common = sketch::BottomK::Overlap(*members[i].sketch, *members[j].sketch);
      if (common < kOneCollector) continue;
      const std::size_t kept = std::min(members[i].group, members[j].group),
                        gone = std::max(members[i].group, members[j].group);
      share[kept] = std::min({share[kept], share[gone], common});
      for (Member& m : members) m.group = m.group == gone ? kept : m.group;
    }
  }
  std::vector<Coats> out;
  for (std::size_t group = 0; group < members.size(); ++group) {
    Coats coats;
    coats.share = share[group];
    sketch::BottomK all;
    for (const Member& m : members) {
      if (m.group != group) continue;
      coats.keys.push_back(*m.key);
      coats.people.low = std::max(coats.people.low, m.people);
      all.Merge(*m.sketch);
    }
    if (coats.keys.size() < 2) continue;
    // Two standard errors; what one coat holds by itself is known better.
    const double error = all.Estimate() < sketch::BottomK::kTags ? 0 : 2 / std::sqrt(sketch::BottomK::kTags - 2.0);
    coats.people.estimate = static_cast<std::uint64_t>(std::llround(all.Estimate()));
    coats.people.low = std::max(coats.people.low, static_cast<std::uint64_t>(all.Estimate() * (1 - error)));
    coats.people.high = static_cast<std::uint64_t>(std::ceil(all.Estimate() * (1 + error)));
    out.push_back(std::move(coats));
  }
  return out;
}

void OverlapBook::Save(SnapshotWriter& out) const { SaveAll(out, was_full_, sketches_); }

void OverlapBook::Load(StateReader& in) {
  LoadAll(in, was_full_, sketches_);
  if (sketches_.size() > kCollectors) in.Fail();
}

}  // namespace gander::detect
