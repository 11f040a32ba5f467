// SPDX-License-Identifier: Apache-2.0
#include "detect/account/collectors.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <span>
#include <tuple>

#include "detect/account/network_of.h"
#include "detect/account/registrable_domain.h"
#include "detect/d05_low_and_slow/slow_pairs.h"
#include "detect/state/memory_share.h"
#include "detect/state/random_key.h"

namespace gander::detect {
namespace {

constexpr Duration kForget = Duration::Seconds(46 * 86'400);  // longer than the longest accumulator of a month
constexpr std::size_t kEntryGuess = 700;                      // bytes of a collector, for choosing the number of slots

bool IsRollUp(Level level) noexcept { return level >= Level::kSystem; }
bool HasYears(Level level) noexcept { return level >= Level::kDomain; }

void KeepFacts(const Moved& m, Collector::Facts& f) {
  f.from = m.from;
  f.to = m.to;
  if (std::string domain = RegistrableDomain(m.domain); !domain.empty()) f.domain = std::move(domain);
  if (Badness(m.judgement.verdict) >= Badness(f.judgement.verdict) || f.judgement.why.empty()) {
    f.judgement = m.judgement;
  }
  if (m.sample < f.sample) {
    f.sample = m.sample;
    f.app_proto = m.app_proto;
  }
  f.encrypted = f.encrypted && m.encrypted;
  f.samples.Merge(m.samples);
}

}  // namespace

std::string CollectorKey::ToString() const {
  switch (level) {
    case Level::kAddress: return net.address.ToString();
    case Level::kNetwork: return net.ToString();
    case Level::kDomain: return domain;
    case Level::kSystem: return "AS" + std::to_string(asn);
    case Level::kJurisdiction: break;
  }
  return "jurisdiction " + std::string(jurisdiction.text());
}

std::size_t Collector::bytes() const noexcept {
  std::size_t bytes = units.capacity() * sizeof(Unit);
  for (const Unit& u : units) bytes += u.people.bytes() + u.sources.bytes();
  if (facts != nullptr) bytes += sizeof *facts + facts->domain.capacity() + facts->judgement.why.capacity();
  return bytes;
}

bool Within(const CollectorKey& narrow, const Collector& c, const CollectorKey& wide) {
  if (narrow.level >= wide.level) return false;
  switch (wide.level) {
    case Level::kAddress: return false;
    case Level::kNetwork: return wide.net.Contains(narrow.net.address);
    case Level::kDomain: return c.facts->domain == wide.domain;
    case Level::kSystem: return SystemOf(c.facts->to) == wide.asn;
    case Level::kJurisdiction: break;
  }
  return c.facts->to.jurisdiction == wide.jurisdiction;
}

Collectors::Collectors(const Options& options)
    : facts_from_(std::min({std::uint32_t{8}, options.collection_subjects_1h, options.collection_subjects_24h,
                            options.collection_foreign_subjects})),
      hash_key_(TableKey(options, 3)),
      keys_(options.repeatable ? RingKeys::Origin::kRepeatable : RingKeys::Origin::kRandom),
      map_({std::min<std::size_t>(options.max_keys, CeilingOf(options, Table::kCollectors) / kEntryGuess),
            CeilingOf(options, Table::kCollectors)},
           hash_key_),
      rollup_ceiling_(CeilingOf(options, Table::kRollUps)) {}

std::uint64_t Collectors::HashOf(const CollectorKey& key) const {
  std::array<std::byte, 24> packed{};
  packed[0] = static_cast<std::byte>(key.level);
  packed[1] = static_cast<std::byte>(key.net.length);
  std::memcpy(packed.data() + 2, key.net.address.octets.data(), 16);
  return key.level == Level::kDomain ? SipHash13(hash_key_, AsBytes(key.domain)) : SipHash13(hash_key_, packed);
}

std::vector<CollectorKey> Collectors::KeysOf(const Moved& m) {
  std::vector<CollectorKey> keys(2);
  keys[0].net = {m.key.recipient, 128};
  keys[1].level = Level::kNetwork;
  keys[1].net = NetworkOf(m.key.recipient);
  if (std::string domain = RegistrableDomain(m.domain); !domain.empty()) {
    keys.emplace_back();
    keys.back().level = Level::kDomain;
    keys.back().domain = std::move(domain);
  }
  // Anycast and cloud edges serve too many to be one collector, and unknown is no State.
  if (!m.to.jurisdiction.known() || m.to.jurisdiction.text() == "XA") return keys;
  if (const std::uint32_t asn = SystemOf(m.to); asn != 0) {
    keys.emplace_back();
    keys.back().level = Level::kSystem;
    keys.back().asn = asn;
  }
  keys.emplace_back();
  keys.back().level = Level::kJurisdiction;
  keys.back().jurisdiction = m.to.jurisdiction;
  return keys;
}

std::vector<CollectorKey> Collectors::Add(const TransferBook& book, Timestamp epoch_begin) {
  keys_.Advance(epoch_begin);
  ForgetSilent(epoch_begin);
  std::set<CollectorKey> touched;
  const auto displaced = [&](const Map::Entry& e) { touched.erase(e.key); };
  for (const Moved& m : book.moved()) {
    if (policy::Permits(m.judgement.verdict) || !book.types()[m.type].identifies_person) continue;
    const std::uint64_t origin = OriginOf(hash_key_, m.key.sender);
    for (const CollectorKey& key : KeysOf(m)) {
      if (IsRollUp(key.level)) {
        Collector* const c = RollUp(key);
        if (c == nullptr) continue;
        const std::size_t before = c->bytes();
        AddTo(key, *c, m, epoch_begin);
        rollup_bytes_ += c->bytes() - before;
      } else {
        Map::Entry* const entry = map_.FindOrAdd(HashOf(key), key, origin, displaced);
        if (entry == nullptr) continue;
        AddTo(key, entry->value, m, epoch_begin);
        map_.Update(*entry, entry->value.bytes(), Most(entry->value).low, displaced);
      }
      touched.insert(key);
    }
  }
  return {touched.begin(), touched.end()};
}

// Once a day: who has been silent for longer than any accumulator of a month is long tells nothing any more.
void Collectors::ForgetSilent(Timestamp now) {
  const std::int32_t today = SlowPairs::DayOf(now);
  if (today <= swept_) return;
  swept_ = today;
  map_.EraseIf([&](const Map::Entry& e) { return now - e.value.last_seen > kForget; });
}

Collector* Collectors::RollUp(const CollectorKey& key) {
  const auto at = rollups_.find(key);
  if (at != rollups_.end()) return &at->second;
  if (rollup_bytes_ > rollup_ceiling_ && key.level != Level::kJurisdiction) {
    ++rollups_refused_;
    return nullptr;
  }
  rollup_bytes_ += sizeof(CollectorKey) + sizeof(Collector) + 64;
  return &rollups_[key];
}

Collector::Unit& Collectors::UnitOf(const CollectorKey& key, Collector& c, TypeIndex type,
                                    policy::Jurisdiction country) {
  const auto order = [](const Collector::Unit& u) { return std::tuple(u.type, u.country.known(), u.country); };
  const std::tuple wanted(type, country.known(), country);
  const auto at = std::lower_bound(c.units.begin(), c.units.end(), wanted,
                                   [&](const Collector::Unit& u, const auto& w) { return order(u) < w; });
  if (at != c.units.end() && order(*at) == wanted) return *at;
  Collector::Unit fresh;
  fresh.type = type;
  fresh.country = country;
  if (HasYears(key.level) && !country.known()) fresh.people = RingCounter(kShortRings | kYearRings);
  return *c.units.insert(at, std::move(fresh));
}

void Collectors::AddTo(const CollectorKey& key, Collector& c, const Moved& m, Timestamp epoch_begin) {
  // Exact up to 256 sources, far above every threshold on sources, so a known key gives nothing away.
  const std::uint64_t source = SipHash24({}, std::as_bytes(std::span(m.key.sender.octets)));
  const auto add = [&](policy::Jurisdiction country) {
    Collector::Unit& unit = UnitOf(key, c, m.type, country);
    unit.people.Add(keys_, m.people);
    unit.sources.Add(keys_, source);
    unit.findings += m.findings;
  };
  const std::uint64_t before = c.facts == nullptr ? 0 : Most(c).estimate;
  add({});
  if (m.country.known() && m.country != m.to.jurisdiction) add(m.country);
  c.first_seen = std::min(c.first_seen, m.first_seen);
  c.last_seen = std::max(c.last_seen, m.last_seen);
  const sketch::Estimate people = Most(c);
  if (c.facts == nullptr && people.low >= facts_from_) c.facts = std::make_unique<Collector::Facts>();
  const std::int32_t today = SlowPairs::DayOf(epoch_begin);
  const std::int64_t passed = c.day == INT32_MIN ? 7 : std::int64_t{today} - c.day;
  c.day = std::max(c.day, today);
  if (c.facts == nullptr) return;
  KeepFacts(m, *c.facts);
  auto& fresh = c.facts->fresh;
  const auto index = [](std::int64_t day) { return static_cast<std::size_t>((day % 7 + 7) % 7); };
  for (std::int64_t n = 0; n < std::min<std::int64_t>(passed, 7); ++n) fresh[index(today - n)] = 0;
  if (people.estimate > before) fresh[index(c.day)] += static_cast<std::uint32_t>(people.estimate - before);
}

const Collector* Collectors::Find(const CollectorKey& key) const {
  if (IsRollUp(key.level)) {
    const auto at = rollups_.find(key);
    return at == rollups_.end() ? nullptr : &at->second;
  }
  const Map::Entry* const entry = map_.Find(HashOf(key), key);
  return entry == nullptr ? nullptr : &entry->value;
}

CollectorCount Collectors::CountOf(const Collector& c, Ring ring, policy::Jurisdiction country) const {
  const bool year = ring == Ring::kYear || ring == Ring::kCalendarYear;
  const auto read = [&](const RingCounter& counter, Ring of) {
    const sketch::Estimate e = counter.Count(keys_, of);
    return SubjectCount{e.estimate, e.low, e.high};
  };
  CollectorCount best;
  for (const Collector::Unit& unit : c.units) {
    if (unit.country != country) continue;
    const SubjectCount people = read(unit.people, ring);
    if (people.low > best.people.low) best = {people, read(unit.sources, year ? Ring::kMonth : ring), unit.type};
  }
  return best;
}

sketch::Estimate Collectors::Most(const Collector& c) const {
  sketch::Estimate most;
  for (const Collector::Unit& u : c.units) {
    if (u.country.known()) continue;
    if (const sketch::Estimate e = u.people.Count(keys_, Ring::kMonth); e.low > most.low) most = e;
  }
  return most;
}

std::vector<policy::Jurisdiction> Collectors::ForeignStates(const Collector& c) {
  std::set<policy::Jurisdiction> out;
  for (const Collector::Unit& u : c.units) {
    if (u.country.known() && (c.facts == nullptr || u.country != c.facts->to.jurisdiction)) out.insert(u.country);
  }
  return {out.begin(), out.end()};
}

std::pair<std::uint64_t, std::uint64_t> Collectors::FreshPeople(const Collector& c) noexcept {
  if (c.facts == nullptr) return {};
  std::uint64_t week = 0;
  for (std::uint32_t n : c.facts->fresh) week += n;
  return {c.facts->fresh[static_cast<std::size_t>((c.day % 7 + 7) % 7)], week};
}

Collectors::Use Collectors::use() const noexcept {
  return {map_.bytes() + rollup_bytes_, map_.size() + rollups_.size(), map_.counters().refused + rollups_refused_,
          static_cast<std::uint64_t>(map_.KeysOfLoudestOrigin())};
}

}  // namespace gander::detect
