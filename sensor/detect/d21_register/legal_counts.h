// SPDX-License-Identifier: Apache-2.0
// Distinct people whose data left under each meter of law (policy/legal_meter.h), over a calendar year or twelve
// months: the state of D21 beside its register entries.
//
// Kinds of identifiers are counted apart, and of a tier the largest speaks: never the sum. Of a kind that names nobody
// (a position, a fingerprint) as many people are counted as values of it, but no more than moved in the same sessions.
// Twelve months are a ring (state/ring_keys.h): all of the last twelve, and up to six more.
#ifndef GANDER_DETECT_D21_REGISTER_LEGAL_COUNTS_H_
#define GANDER_DETECT_D21_REGISTER_LEGAL_COUNTS_H_

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_parts.h"
#include "detect/state/ring_counter.h"
#include "detect/state/state_reader.h"

namespace gander::detect {

struct LegalKey {
  std::string meter;           // its id
  Ring ring = Ring::kCalendarYear;
  policy::Jurisdiction to;     // of a meter that counts each recipient's State; else unknown
  auto operator<=>(const LegalKey&) const = default;
};

struct LegalCount {
  struct Kind {
    TypeIndex type = 0;
    RingCounter values;
    RingCounter people;  // of a kind that names nobody: who moved beside it
    std::uint64_t findings = 0;
  };
  std::vector<Kind> kinds;  // by type
  Timestamp first_seen = kDistantFuture;
  std::int64_t window = 0;             // what `said` is of (LegalCounts::WindowOf)
  std::map<std::string, bool> said;    // by tier (LegalCounts::NameOf): true = reached, false = near
  // Of the latest movement; not saved.
  policy::Party from, to;
  policy::Judgement judgement;
  FlowSample sample;
  const char* app_proto = "";          // static
  Timestamp last_seen = kDistantPast;
};

class LegalCounts {
 public:
  using Map = std::map<LegalKey, LegalCount>;

  explicit LegalCounts(const Options& options);

  // What left in this epoch, permitted or not. The keys touched.
  std::set<LegalKey> Add(const EpochView& epoch);
  // People of the kinds that count to `tier`, over the window.
  PeopleFigures CountOf(const LegalKey& key, const policy::LegalTier& tier, const EpochView& epoch) const;
  // From when on `key` counts: the window's beginning or, if that came later, the first movement seen.
  Timestamp Since(const LegalKey& key) const;

  // True when it was not said in this window that the tier is near, or reached. Said is said once.
  bool Say(const LegalKey& key, const policy::LegalTier& tier, bool reached);

  const Map& all() const noexcept { return map_; }
  std::uint64_t refused() const noexcept { return refused_; }  // sightings of kinds there was no room for
  StateUse use() const noexcept { return {bytes_, kinds_, refused_}; }

  void Save(SnapshotWriter& out) const;
  void Load(StateReader& in);

 private:
  bool AddTo(const LegalKey& key, const Moved& m, const EpochView& epoch);
  LegalCount::Kind* KindOf(const LegalKey& key, LegalCount& count, TypeIndex type);
  void ForgetPast();
  std::int64_t WindowOf(Ring ring) const noexcept;
  static std::size_t MemoryOf(const LegalCount::Kind& kind) noexcept;
  static std::string NameOf(const policy::LegalTier& tier);

  std::size_t ceiling_;
  RingKeys keys_;
  Map map_;
  std::size_t bytes_ = 0, kinds_ = 0;
  std::uint64_t refused_ = 0;
  std::int64_t swept_[2] = {};  // windows at the latest look for what has ended
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D21_REGISTER_LEGAL_COUNTS_H_
