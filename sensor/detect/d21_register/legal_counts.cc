// SPDX-License-Identifier: Apache-2.0
#include "detect/d21_register/legal_counts.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "detect/account/mail.h"
#include "detect/account/moved_sums.h"
#include "detect/state/memory_share.h"

namespace gander::detect {
namespace {

constexpr std::size_t kBytesAKind = sizeof(LegalCount::Kind) + 64;  // with what the allocator adds

// Classes that say nothing of people, whatever their sensitivity.
bool IsOfPeople(const identify::RuleInfo& rule) noexcept {
  static constexpr std::array<std::string_view, 3> kNotOfPeople{"credentials", "infrastructure", "record"};
  return !rule.canary && std::find(kNotOfPeople.begin(), kNotOfPeople.end(), rule.data_class) == kNotOfPeople.end();
}

bool CountsToAny(const policy::Policy& policy, const policy::LegalMeter& meter, const identify::RuleInfo& rule) {
  return std::any_of(meter.tiers.begin(), meter.tiers.end(), [&](const policy::LegalTier& tier) {
    return policy.Counts(tier, rule.data_class, rule.sensitivity);
  });
}

// People of the session: by records where they were told, else by the kind that names most. Null when nobody is named.
const sketch::DistinctSet* PeopleBeside(const Moved& m, const TransferBook& book) {
  const auto session = book.sessions().find(m.key);
  if (session == book.sessions().end()) return nullptr;
  if (!session->second.people.empty()) return &session->second.people;
  const sketch::DistinctSet* most = nullptr;
  for (const Strand& s : session->second.strands) {
    if (!book.types()[s.type].identifies_person) continue;
    if (most == nullptr || s.people.Count().low > most->Count().low) most = &s.people;
  }
  return most;
}

SubjectCount Lesser(const SubjectCount& a, const SubjectCount& b) noexcept { return a.low <= b.low ? a : b; }

SubjectCount TotalOf(const RingCounter& counter, const RingKeys& keys, Ring ring) {
  const sketch::Estimate e = counter.Count(keys, ring);
  return {e.estimate, e.low, e.high};
}

}  // namespace

std::size_t LegalCounts::MemoryOf(const LegalCount::Kind& kind) noexcept {
  return kBytesAKind + kind.values.bytes() + kind.people.bytes();
}

LegalCounts::LegalCounts(const Options& options)
    : ceiling_(CeilingOf(options, Table::kLegalMeters)),
      keys_(options.repeatable ? RingKeys::Origin::kRepeatable : RingKeys::Origin::kRandom) {}

std::string LegalCounts::NameOf(const policy::LegalTier& tier) {
  std::string name = std::to_string(tier.people);
  for (const std::string& c : tier.classes) name += "," + c;
  return name;
}

std::int64_t LegalCounts::WindowOf(Ring ring) const noexcept {
  return ring == Ring::kCalendarYear ? keys_.year() : keys_.Longest(ring);
}

std::set<LegalKey> LegalCounts::Add(const EpochView& epoch) {
  std::set<LegalKey> touched;
  keys_.Advance(epoch.begin);
  ForgetPast();
  for (const Moved& m : epoch.book->moved()) {
    const identify::RuleInfo& rule = epoch.book->types()[m.type];
    if (!IsOfPeople(rule) || IsAddressOfMail(m, rule)) continue;
    for (const policy::LegalMeter& meter : epoch.policy.meters()) {
      if (!epoch.policy.Counts(meter, m.from, m.to) || !CountsToAny(epoch.policy, meter, rule)) continue;
      LegalKey key{meter.id, Ring::kCalendarYear, {}};
      if (meter.window == policy::LegalMeter::Window::kTwelveMonths) key.ring = Ring::kYear;
      if (meter.per == policy::LegalMeter::Per::kEach) key.to = m.to.jurisdiction;
      if (AddTo(key, m, epoch)) touched.insert(key);
    }
  }
  return touched;
}

bool LegalCounts::AddTo(const LegalKey& key, const Moved& m, const EpochView& epoch) {
  LegalCount& count = map_[key];
  LegalCount::Kind* const kind = KindOf(key, count, m.type);
  if (kind == nullptr) {
    ++refused_;
    if (count.kinds.empty()) map_.erase(key);
    return false;
  }
  const std::size_t before = MemoryOf(*kind);
  kind->values.Add(keys_, m.people);
  kind->findings += m.findings;
  if (!epoch.book->types()[m.type].identifies_person) {
    const sketch::DistinctSet* const beside = PeopleBeside(m, *epoch.book);
    if (beside != nullptr) {
      kind->people.Add(keys_, *beside);
    } else {
      kind->people.Add(keys_, AddressTag(m.key.sender));  // a device that tells where it is and not who it is
    }
  }
  bytes_ += MemoryOf(*kind) - before;
  count.first_seen = std::min(count.first_seen, m.first_seen);
  if (m.last_seen < count.last_seen) return true;
  count.last_seen = m.last_seen;
  count.from = m.from;
  count.to = m.to;
  count.judgement = m.judgement;
  count.sample = m.sample;
  count.app_proto = m.app_proto;
  return true;
}

LegalCount::Kind* LegalCounts::KindOf(const LegalKey& key, LegalCount& count, TypeIndex type) {
  auto at = std::lower_bound(count.kinds.begin(), count.kinds.end(), type,
                             [](const LegalCount::Kind& k, TypeIndex t) { return k.type < t; });
  if (at != count.kinds.end() && at->type == type) return &*at;
  if (bytes_ + kBytesAKind > ceiling_) return nullptr;
  at = count.kinds.insert(at, {type, RingCounter(RingBit(key.ring)), RingCounter(RingBit(key.ring)), 0});
  bytes_ += MemoryOf(*at);
  ++kinds_;
  return &*at;
}

// When a window has ended: what no accumulator holds any more.
void LegalCounts::ForgetPast() {
  const std::int64_t windows[2] = {WindowOf(Ring::kCalendarYear), WindowOf(Ring::kYear)};
  if (std::equal(std::begin(windows), std::end(windows), std::begin(swept_))) return;
  std::copy(std::begin(windows), std::end(windows), std::begin(swept_));
  for (auto& [key, count] : map_) {
    std::erase_if(count.kinds, [&, ring = key.ring](const LegalCount::Kind& kind) {
      const bool over = kind.values.Count(keys_, ring).estimate == 0;
      if (over) bytes_ -= MemoryOf(kind);
      kinds_ -= over;
      return over;
    });
  }
  std::erase_if(map_, [](const auto& entry) { return entry.second.kinds.empty(); });
}

PeopleFigures LegalCounts::CountOf(const LegalKey& key, const policy::LegalTier& tier, const EpochView& epoch) const {
  PeopleFigures figures;
  const auto at = map_.find(key);
  if (at == map_.end()) return figures;
  const auto& types = epoch.book->types();
  for (const LegalCount::Kind& kind : at->second.kinds) {
    if (kind.type >= types.size()) continue;
    const identify::RuleInfo& rule = types[kind.type];
    if (!epoch.policy.Counts(tier, rule.data_class, rule.sensitivity)) continue;
    SubjectCount people = TotalOf(kind.values, keys_, key.ring);
    if (!rule.identifies_person) people = Lesser(people, TotalOf(kind.people, keys_, key.ring));
    if (people.estimate == 0) continue;
    figures.types.push_back({&rule, people, kind.findings});
    figures.subjects = Larger(figures.subjects, people);
  }
  std::sort(figures.types.begin(), figures.types.end(), [](const auto& a, const auto& b) {
    return std::tie(b.distinct.estimate, a.rule->id) < std::tie(a.distinct.estimate, b.rule->id);
  });
  if (at->second.last_seen != kDistantPast) figures.window = at->second.last_seen - Since(key);  // else nothing was seen
  return figures;
}

Timestamp LegalCounts::Since(const LegalKey& key) const {
  const auto at = map_.find(key);
  const Timestamp begun = key.ring == Ring::kYear
                              ? keys_.Since(key.ring)
                              : policy::WindowBegin(policy::LegalMeter::Window::kSinceNewYear, keys_.now());
  return at == map_.end() ? begun : std::max(begun, at->second.first_seen);
}

bool LegalCounts::Say(const LegalKey& key, const policy::LegalTier& tier, bool reached) {
  LegalCount& count = map_[key];
  if (const std::int64_t window = WindowOf(key.ring); window != count.window) {
    count.window = window;
    count.said.clear();
  }
  const auto [at, fresh] = count.said.emplace(NameOf(tier), reached);
  const bool news = fresh || (reached && !at->second);
  at->second = at->second || reached;
  return news;
}

}  // namespace gander::detect
