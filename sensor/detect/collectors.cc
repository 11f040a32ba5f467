// SPDX-License-Identifier: Apache-2.0
#include "detect/collectors.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "detect/keep_within.h"
#include "detect/registrable_domain.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kProvenPeople = 8;
constexpr Duration kForget = Duration::Seconds(2 * 86'400);  // longer than the longest accumulator

IpPrefix Host(const IpAddress& a) noexcept { return {a, 128}; }

// /24 of IPv4, /48 of IPv6.
IpPrefix Network(IpAddress a) noexcept {
  const std::size_t kept = a.v4 ? 15 : 6;
  std::fill(a.octets.begin() + static_cast<std::ptrdiff_t>(kept), a.octets.end(), 0);
  return {a, static_cast<std::uint8_t>(8 * kept)};
}

std::uint64_t TagOf(const IpAddress& source) noexcept {
  // Exact up to 256 sources, far above every threshold on sources, so a known key gives nothing away.
  return SipHash24({}, std::as_bytes(std::span(source.octets)));
}

std::vector<CollectorKey> KeysOf(const Moved& m, const std::string& domain) {
  std::vector<CollectorKey> keys(2);
  keys[0].net = Host(m.key.recipient);
  keys[1].level = Level::kNetwork;
  keys[1].net = Network(m.key.recipient);
  if (!domain.empty()) {
    keys.emplace_back();
    keys.back().level = Level::kDomain;
    keys.back().domain = domain;
  }
  // Unknown and anycast are no State that could collect.
  if (m.to.jurisdiction.known() && m.to.jurisdiction.text() != "XA") {
    keys.emplace_back();
    keys.back().level = Level::kJurisdiction;
    keys.back().jurisdiction = m.to.jurisdiction;
  }
  return keys;
}

template <class Wanted>
CollectorCount Count(const Collector::Sums& sums, Wanted&& wanted) {
  CollectorCount best;
  Collector::Unit sum;
  const auto close = [&](TypeIndex type) {
    const SubjectCount people = CountOf(sum.people);
    if (people.low > best.people.low) best = {people, CountOf(sum.sources), type};
    sum = {};
  };
  TypeIndex type = 0;
  for (const auto& [key, unit] : sums.units) {  // by type, then State
    if (!wanted(key.second)) continue;
    if (key.first != type) close(type);
    type = key.first;
    sum.people.Merge(unit.people);
    sum.sources.Merge(unit.sources);
  }
  close(type);
  return best;
}

}  // namespace

std::string CollectorKey::ToString() const {
  switch (level) {
    case Level::kAddress: return net.address.ToString();
    case Level::kNetwork: return net.ToString();
    case Level::kDomain: return domain;
    case Level::kJurisdiction: break;
  }
  return "jurisdiction " + std::string(jurisdiction.text());
}

std::uint64_t Collector::PeopleAtMost() const noexcept {
  std::uint64_t most = 0;
  for (const auto& [key, unit] : day.longest().units) most = std::max(most, unit.people.Count().low);
  return most;
}

bool Within(const CollectorKey& narrow, const Collector& facts, const CollectorKey& wide) {
  if (narrow.level >= wide.level) return false;
  switch (wide.level) {
    case Level::kAddress: return false;
    case Level::kNetwork: return wide.net.Contains(narrow.net.address);
    case Level::kDomain: return facts.domain == wide.domain;
    case Level::kJurisdiction: break;
  }
  return facts.to.jurisdiction == wide.jurisdiction;
}

std::vector<CollectorKey> Collectors::Add(const TransferBook& book, Timestamp epoch_begin) {
  std::set<CollectorKey> touched;
  for (const Moved& m : book.moved()) {
    if (policy::Permits(m.judgement.verdict) || !book.types()[m.type].identifies_person) continue;
    for (const CollectorKey& key : KeysOf(m, RegistrableDomain(m.domain))) {
      AddTo(key, m, epoch_begin);
      touched.insert(key);
    }
  }
  std::erase_if(map_, [&](const auto& entry) { return epoch_begin - entry.second.last_seen > kForget; });
  KeepWithin(map_, max_keys_, [](const Collector& c) { return std::pair(c.PeopleAtMost(), c.last_seen); },
             [&](const CollectorKey& key, const Collector& c) {
               keys_lost_ += c.PeopleAtMost() >= kProvenPeople;
               touched.erase(key);
             });
  return {touched.begin(), touched.end()};
}

void Collectors::AddTo(const CollectorKey& key, const Moved& m, Timestamp epoch_begin) {
  Collector& c = map_[key];
  const std::uint64_t source = TagOf(m.key.sender);
  const auto add = [&](Collector::Sums& sums) {
    Collector::Unit& unit = sums.units[{m.type, m.country}];
    unit.people.Merge(m.people);
    unit.sources.Insert(source);
    unit.findings += m.findings;
    sums.first_seen = std::min(sums.first_seen, m.first_seen);
  };
  for (auto* window : {&c.hour, &c.day}) {
    window->Advance(epoch_begin);
    window->ForEach(add);
  }
  c.last_seen = std::max(c.last_seen, m.last_seen);
  c.from = m.from;
  c.to = m.to;
  if (std::string domain = RegistrableDomain(m.domain); !domain.empty()) c.domain = std::move(domain);
  if (Badness(m.judgement.verdict) >= Badness(c.judgement.verdict) || c.judgement.why.empty()) {
    c.judgement = m.judgement;
  }
  if (m.sample < c.sample) {
    c.sample = m.sample;
    c.app_proto = m.app_proto;
  }
  c.encrypted = c.encrypted && m.encrypted;
  c.samples.Merge(m.samples);
}

CollectorCount CountAll(const Collector::Sums& sums) {
  return Count(sums, [](policy::Jurisdiction) { return true; });
}

CollectorCount CountOf(const Collector::Sums& sums, policy::Jurisdiction country) {
  return Count(sums, [&](policy::Jurisdiction j) { return j == country; });
}

}  // namespace gander::detect
