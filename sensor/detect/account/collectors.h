// SPDX-License-Identifier: Apache-2.0
// Receivers of people's data at five levels, with distinct people and distinct sources over the rings: the state of
// D03.
#ifndef GANDER_DETECT_ACCOUNT_COLLECTORS_H_
#define GANDER_DETECT_ACCOUNT_COLLECTORS_H_

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "detect/account/transfer_book.h"
#include "detect/state/fields.h"
#include "detect/state/ring_counter.h"
#include "sketch/keyed_table.h"

namespace gander::detect {

// From narrow to wide.
enum class Level : std::uint8_t { kAddress, kNetwork, kDomain, kSystem, kJurisdiction };
constexpr Level LastOf(Level) noexcept { return Level::kJurisdiction; }

struct CollectorKey {
  Level level = Level::kAddress;
  IpPrefix net;                        // kAddress, kNetwork (/24 or /48)
  std::string domain;                  // kDomain
  std::uint32_t asn = 0;               // kSystem
  policy::Jurisdiction jurisdiction;   // kJurisdiction
  auto operator<=>(const CollectorKey&) const = default;
  bool operator==(const CollectorKey&) const = default;

  // "203.0.113.5", "203.0.113.0/24", "example.de", "AS64500", "jurisdiction DE"
  std::string ToString() const;

  static auto Saved(auto& k) { return Fields(k.level, k.net, k.domain, k.asn, k.jurisdiction); }
};

// The autonomous system of a party; 0 = unknown.
template <class Party>
std::uint32_t SystemOf(const Party& party) noexcept {
  if constexpr (requires { party.asn; }) {
    return party.asn;
  } else {
    return 0;
  }
}

struct Collector {
  // People by one kind of identifier, and the addresses that sent them. Roll-ups count people over a year too.
  struct Unit {
    TypeIndex type = 0;
    policy::Jurisdiction country;      // unknown: people of all States
    RingCounter people, sources;
    std::uint64_t findings = 0;

    static auto Saved(auto& u) { return Fields(AsType(u.type), u.country, u.people, u.sources, u.findings); }
  };
  // What an alert says beside the counts; kept of collectors that have reached some.
  struct Facts {
    policy::Party from, to;            // of the latest movement
    std::string domain;                // registrable, of the latest movement with one
    policy::Judgement judgement;       // the worst so far
    FlowSample sample;
    MaskSamples samples;
    const char* app_proto = "";
    bool encrypted = true;
    std::array<std::uint32_t, 7> fresh{};  // people not seen here before, by day modulo seven

    static auto Saved(auto& f) {
      return Fields(f.from, f.to, f.domain, f.judgement, f.sample, f.samples, f.app_proto, f.encrypted, f.fresh);
    }
  };
  std::vector<Unit> units;             // by type, then country: all States first, then each but the receiver's own
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  std::int32_t day = INT32_MIN;        // of the latest movement, since 1970, UTC
  std::unique_ptr<Facts> facts;

  std::size_t bytes() const noexcept;

  static auto Saved(auto& c) { return Fields(c.units, c.first_seen, AsSet(c.last_seen), c.day, c.facts); }
};

// Whether what reaches `narrow` reaches `wide` too. Precondition: `narrow_facts` has facts.
bool Within(const CollectorKey& narrow, const Collector& narrow_facts, const CollectorKey& wide);

// Figures of a collector: the kind of identifier with most people decides, its sources beside it.
struct CollectorCount {
  SubjectCount people, sources;
  TypeIndex type = 0;

  static auto Saved(auto& c) { return Fields(c.people, c.sources, AsType(c.type)); }
};

class Collectors {
 public:
  struct Use {
    std::uint64_t bytes = 0, keys = 0, refused = 0, flood_keys = 0;
  };

  explicit Collectors(const Options& options);

  // The keys touched, sorted. Only what the register does not permit and what identifies persons.
  std::vector<CollectorKey> Add(const TransferBook& book, Timestamp epoch_begin);
  const Collector* Find(const CollectorKey& key) const;
  // Collectors with proven evidence that were given up.
  std::uint64_t keys_lost() const noexcept { return map_.counters().evicted_proven; }
  Use use() const noexcept;
  const RingKeys& keys() const noexcept { return keys_; }

  // Over all States, or only people of `country`. In the rings of a year sources are those of the month.
  CollectorCount CountOf(const Collector& c, Ring ring, policy::Jurisdiction country = {}) const;
  // Where a movement counts: every level at which its recipient is known.
  static std::vector<CollectorKey> KeysOf(const Moved& m);
  // States of people other than the receiver's own, sorted.
  static std::vector<policy::Jurisdiction> ForeignStates(const Collector& c);
  // People not seen here before, on the latest day and over the seven days up to it.
  static std::pair<std::uint64_t, std::uint64_t> FreshPeople(const Collector& c) noexcept;

  void Save(SnapshotWriter& out) const;
  void Load(StateReader& in);

 private:
  using Map = sketch::KeyedTable<CollectorKey, Collector>;

  std::uint64_t HashOf(const CollectorKey& key) const;
  void AddTo(const CollectorKey& key, Collector& c, const Moved& m, Timestamp epoch_begin);
  Collector::Unit& UnitOf(const CollectorKey& key, Collector& c, TypeIndex type, policy::Jurisdiction country);
  void ForgetSilent(Timestamp now);
  Collector* RollUp(const CollectorKey& key);
  // People of the month: by the kind of identifier that shows most.
  sketch::Estimate Most(const Collector& c) const;

  std::uint64_t facts_from_;  // people from which facts are kept
  HashKey hash_key_;
  RingKeys keys_;
  Map map_;                   // addresses, networks and domains
  // Systems and States: few, so a flood cannot make up more, and never given up. Bounded all the same.
  std::map<CollectorKey, Collector> rollups_;
  std::size_t rollup_bytes_ = 0, rollup_ceiling_;
  std::int32_t swept_ = INT32_MIN;  // day on which the silent were last forgotten
  std::uint64_t rollups_refused_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_COLLECTORS_H_
