// SPDX-License-Identifier: Apache-2.0
#include "detect/d05_low_and_slow/slow_pairs.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "detect/account/mail.h"
#include "detect/account/network_of.h"
#include "detect/account/registrable_domain.h"
#include "detect/state/memory_share.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::int64_t kDayNanos = 86'400 * kNanosPerSecond;
constexpr std::size_t kEntryGuess = 400;  // bytes of a pair, for choosing the number of slots

std::uint64_t HashOfText(const HashKey& key, const std::string& text) noexcept { return SipHash13(key, AsBytes(text)); }

// D02 speaks of such a session: what it says need not be said again.
bool IsBulk(const Moved& m, const TransferBook& book, const Options& options) {
  const auto session = book.sessions().find(m.key);
  if (session == book.sessions().end()) return false;
  std::uint64_t people = 0;
  for (const Strand& s : session->second.strands) {
    if (s.type == m.type && s.country == m.country) people = s.people.Count().low;
  }
  return people >= options.bulk_subjects;
}

}  // namespace

std::uint32_t SlowPair::ActiveDays(Timestamp since) const noexcept {
  const std::int64_t back = std::int64_t{day} - SlowPairs::DayOf(since);
  if (active == 0 || back < 0) return 0;
  const std::uint64_t within = back >= 63 ? ~std::uint64_t{0} : (std::uint64_t{2} << back) - 1;
  return static_cast<std::uint32_t>(std::popcount(active & within));
}

std::size_t SlowPair::bytes() const noexcept {
  std::size_t bytes = kinds.capacity() * sizeof(Kind) + recipients.bytes();
  for (const Kind& k : kinds) bytes += k.people.bytes();
  return bytes;
}

std::int32_t SlowPairs::DayOf(Timestamp t) noexcept {
  return static_cast<std::int32_t>(t.ns >= 0 ? t.ns / kDayNanos : (t.ns - kDayNanos + 1) / kDayNanos);
}

SlowPairs::SlowPairs(const Options& options)
    : options_(options),
      hash_key_(TableKey(options, 5)),
      keys_(options.repeatable ? RingKeys::Origin::kRepeatable : RingKeys::Origin::kRandom),
      map_({std::min<std::size_t>(2 * std::size_t{options.max_keys},
                                  CeilingOf(options, Table::kSlowPairs) / kEntryGuess),
            CeilingOf(options, Table::kSlowPairs)},
           hash_key_) {}

std::uint64_t SlowPairs::HashOf(const SlowPairKey& key) const noexcept {
  std::array<std::byte, 24> packed;
  std::memcpy(packed.data(), key.sender.octets.data(), 16);
  std::memcpy(packed.data() + 16, &key.collector, 8);
  return SipHash13(hash_key_, packed);
}

std::vector<SlowPairs::Touched> SlowPairs::Add(const TransferBook& book, Timestamp epoch_begin) {
  keys_.Advance(epoch_begin);
  // By hash: entries of this epoch may displace one another.
  std::map<std::uint64_t, std::size_t> places;
  std::vector<Touched> touched;
  const auto displaced = [&](const Map::Entry& e) {
    if (const auto at = places.find(e.hash); at != places.end()) {
      touched[at->second].entry = nullptr;
      places.erase(at);
    }
  };
  for (const Moved& m : book.moved()) {
    const identify::RuleInfo& type = book.types()[m.type];
    if (policy::Permits(m.judgement.verdict) || !type.identifies_person || IsAddressOfMail(m, type)) continue;
    std::string collector = RegistrableDomain(m.domain);
    if (collector.empty()) collector = NetworkOf(m.key.recipient).ToString();
    const SlowPairKey key{m.key.sender, HashOfText(hash_key_, collector)};
    const std::uint64_t hash = HashOf(key);
    Map::Entry* const entry = map_.FindOrAdd(hash, key, OriginOf(hash_key_, m.key.sender), displaced);
    if (entry == nullptr) continue;
    const auto [at, fresh] = places.emplace(hash, touched.size());
    if (fresh) {
      touched.push_back({entry, &m, std::move(collector)});
    } else if (const Moved*& worst = touched[at->second].moved;
               Badness(m.judgement.verdict) > Badness(worst->judgement.verdict)) {
      worst = &m;
    }
    AddTo(entry->value, m, book, epoch_begin);
    std::uint64_t people = 0;
    for (const SlowPair::Kind& k : entry->value.kinds) {
      people = std::max(people, k.people.Count(keys_, Ring::kMonth).low);
    }
    map_.Update(*entry, entry->value.bytes(), people, displaced);
  }
  std::erase_if(touched, [](const Touched& t) { return t.entry == nullptr; });
  return touched;
}

void SlowPairs::AddTo(SlowPair& pair, const Moved& m, const TransferBook& book, Timestamp epoch_begin) {
  auto at = std::lower_bound(pair.kinds.begin(), pair.kinds.end(), m.type,
                             [](const SlowPair::Kind& k, TypeIndex type) { return k.type < type; });
  if (at == pair.kinds.end() || at->type != m.type) {
    at = pair.kinds.emplace(at);
    at->type = m.type;
  }
  at->people.Add(keys_, m.people);
  at->findings += m.findings;
  pair.recipients.Add(keys_, SipHash13(hash_key_, std::as_bytes(std::span(m.key.recipient.octets))));
  pair.first_seen = std::min(pair.first_seen, m.first_seen);
  const std::int32_t day = DayOf(epoch_begin);
  if (day > pair.day) {
    const std::int64_t passed = pair.day == INT32_MIN ? 64 : std::int64_t{day} - pair.day;
    pair.active = (passed >= 64 ? 0 : pair.active << passed) | 1;
    pair.day = day;
  }
  if (IsBulk(m, book, options_)) pair.bulk_day = std::max(pair.bulk_day, day);
}

void SlowPairs::Save(SnapshotWriter& out) const {
  SaveAll(out, hash_key_.k0, hash_key_.k1, keys_);
  SaveTable(map_, out);
}

void SlowPairs::Load(StateReader& in) {
  LoadAll(in, hash_key_.k0, hash_key_.k1, keys_);
  LoadTable(map_, in, [&](const SlowPairKey& key) { return HashOf(key); });
}

}  // namespace gander::detect
