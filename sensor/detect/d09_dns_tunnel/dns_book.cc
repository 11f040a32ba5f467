// SPDX-License-Identifier: Apache-2.0
#include "detect/d09_dns_tunnel/dns_book.h"

#include <algorithm>
#include <utility>

#include "detect/alerting/words.h"
#include "detect/d09_dns_tunnel/dns_lookups.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"

namespace gander::detect {
namespace {

// Of one key each, on average, with a few names in its sets. Half of the share is for talks, the rest for the others.
constexpr std::size_t kTalkBytes = 2 * 512, kDomainBytes = 6 * 256, kClientBytes = 6 * 1024, kPairBytes = 6 * 1024;
constexpr Duration kPairKept{2 * kDnsWindows[0].ns};  // after its last name
constexpr Duration kSweptEvery = Duration::Seconds(60);
constexpr std::uint64_t kAnswersNeedNames = 8;   // fewer are rules and keys that a domain publishes
constexpr std::uint64_t kPrevalentClients = 10;  // a share of fewer says nothing
constexpr double kPrevalentShare = 0.2;

// How many new contents `tag` stands for: one, or in the range of estimates as many as the count rises by, since most
// of the new ones leave no trace.
double Insert(sketch::DistinctSet& set, std::uint64_t tag) {
  if (set.exact() && set.Count().estimate < sketch::DistinctSet::kExactTags) return set.Insert(tag) ? 1 : 0;
  const std::uint64_t before = set.Count().estimate;
  return set.Insert(tag) ? static_cast<double>(set.Count().estimate - std::min(before, set.Count().estimate)) : 0;
}

std::uint64_t ClientTag(const HashKey& key, const IpAddress& a) noexcept {
  return SipHash13(key, AsBytes({reinterpret_cast<const char*>(a.octets.data()), a.octets.size()}));
}

void SortOnce(auto& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

// A map's entries for keys of which the same come one after the other: looked up when another comes.
template <class Map>
class LatestEntry {
 public:
  explicit LatestEntry(Map& map) : map_(map) {}
  typename Map::mapped_type& operator[](const typename Map::key_type& key) {
    if (at_ == nullptr || at_->first != key) at_ = &*map_.try_emplace(key).first;
    return at_->second;
  }

 private:
  Map& map_;
  typename Map::value_type* at_ = nullptr;
};

}  // namespace

struct DnsBook::Entries {
  LatestEntry<decltype(domains_)> domains;
  LatestEntry<decltype(clients_)> clients;
  LatestEntry<decltype(talks_)> talks;
  LatestEntry<decltype(pairs_)> pairs;
};

const DnsDomainFacts* DnsBook::FactsOf(std::uint64_t domain) const {
  const auto at = domains_.find(domain);
  return at == domains_.end() ? nullptr : &at->second;
}

bool DnsBook::Prevalent(const DnsDomainFacts& facts) const {
  const std::uint64_t clients = facts.clients.Count().estimate;
  return clients >= kPrevalentClients &&
         static_cast<double>(clients) >= kPrevalentShare * static_cast<double>(all_clients_.Count().estimate);
}

bool DnsBook::AsksForOthers(const IpAddress& client) const {
  const auto at = clients_.find(client);
  return at != clients_.end() && at->second.domains.longest().Count().estimate >= options_.dns_tunnel.resolver_domains;
}

// New in a network that was watched long enough for the rest to be known.
bool DnsBook::Young(const DnsDomainFacts& facts, Timestamp now) const {
  if (newness_.frozen()) return newness_.SinceFrozen(facts.first_seen);
  return facts.first_seen - began_ > LearningTime() && now - facts.first_seen < kDnsWindows[3];
}

std::vector<Baseline> DnsBook::Baselines(Timestamp now) const {
  if (began_ == kDistantFuture) return {};
  return {{kWholeNetwork, began_, LearningTime(), Learning(now), newness_.since(),
           Figure(domains_.size()) + " domains"}};
}

std::size_t DnsBook::Obey(const BaselineRequest& request, Timestamp now) {
  if (request.hosts_only) return 0;
  newness_.Obey(request.action, now);
  if (request.action == BaselineAction::kReset) {
    domains_.clear();
    began_ = kDistantFuture;
  }
  return 1;
}

void DnsBook::Add(const DnsMeter& meter, Timestamp now) {
  touched_talks_.clear();
  touched_clients_.clear();
  touched_pairs_.clear();
  began_ = std::min(began_, now);
  for (const DnsDomain* d : meter.domains().Sorted()) {
    DnsDomainFacts& facts = domains_[d->key.domain];
    if (facts.name.empty()) facts.name = d->name();
  }
  // Sorted by who asks, whom and for which domain.
  Entries entries{LatestEntry(domains_), LatestEntry(clients_), LatestEntry(talks_), LatestEntry(pairs_)};
  for (const DnsUse* use : meter.uses().Sorted()) {
    if (!use->key.answer) AddUnknown(*use, entries);
    if (use->key.domain != 0) AddKnown(*use, entries);
  }
  SortOnce(touched_talks_);
  SortOnce(touched_clients_);
  SortOnce(touched_pairs_);
}

void DnsBook::AddUnknown(const DnsUse& use, Entries& entries) {
  const DnsPairKey key{use.key.client, use.key.server};
  DnsPair& pair = entries.pairs[key];
  if (pair.last_seen != kDistantPast && use.first_seen - pair.last_seen > kPairKept) pair = DnsPair();
  pair.last_seen = std::max(pair.last_seen, use.last_seen);
  pair.window.Advance(use.last_seen);
  pair.window.ForEach([&](DnsPair::Window& w) {
    w.names.Insert(use.key.content);
    if (use.unknown_top == 0) return;
    w.unknown.Insert(use.key.content);
    w.tops.Insert(use.unknown_top);
    w.first_seen = std::min(w.first_seen, use.first_seen);
  });
  if (use.unknown_top == 0) return;
  pair.sample.KeepEarlier(use.sample);
  touched_pairs_.push_back(key);
}

void DnsBook::AddKnown(const DnsUse& use, Entries& entries) {
  DnsDomainFacts& facts = entries.domains[use.key.domain];
  if (IsLookupService(facts.name)) return;
  facts.first_seen = std::min(facts.first_seen, use.first_seen);
  facts.last_seen = std::max(facts.last_seen, use.last_seen);
  const std::uint64_t client_tag = ClientTag(key_, use.key.client);
  facts.clients.Insert(client_tag);
  all_clients_.Insert(client_tag);
  DnsClient& client = entries.clients[use.key.client];
  client.last_seen = std::max(client.last_seen, use.last_seen);
  client.domains.Advance(use.last_seen);
  client.domains.ForEach([&](sketch::DistinctSet& set) { set.Insert(use.key.domain); });

  const DnsTalkKey key{use.key.client, use.key.domain};
  DnsTalk& talk = entries.talks[key];
  if (talk.first_seen == kDistantFuture) talk.server = use.key.server;
  talk.first_seen = std::min(talk.first_seen, use.first_seen);
  talk.last_seen = std::max(talk.last_seen, use.last_seen);
  talk.sample.KeepEarlier(use.sample);
  const double fresh = Insert(talk.contents, use.key.content);
  if (fresh == 0) return;
  double information = fresh * use.information / 16.0;
  if (!use.key.answer) talk.names += static_cast<std::uint64_t>(fresh);
  if (talk.names < kAnswersNeedNames && use.key.answer) {
    talk.held_back += information;
    return;
  }
  information += talk.names >= kAnswersNeedNames ? std::exchange(talk.held_back, 0) : 0;
  talk.total += information;
  const bool young = Young(facts, use.last_seen);
  for (std::size_t i = 0; i < kDnsWindows.size(); ++i) {
    talk.sums[i].Add(kDnsWindows[i], use.last_seen, information);
    if (young) client.young[i].Add(kDnsWindows[i], use.last_seen, information);
  }
  touched_talks_.push_back(key);
  if (!young) return;
  client.server = use.key.server;
  client.sample.KeepEarlier(use.sample);
  client.first_young = std::min(client.first_young, use.first_seen);
  touched_clients_.push_back(use.key.client);
}

void DnsBook::Expire(Timestamp now) {
  // One that comes again begins anew by itself, so a walk over all of them can wait.
  if (swept_ == kDistantPast || now - swept_ >= kSweptEvery) {
    swept_ = now;
    std::erase_if(pairs_, [&](const auto& e) { return now - e.second.last_seen > kPairKept; });
  }
  KeepWithin(
      talks_, KeysIn(options_, Table::kDns, kTalkBytes),
      [](const DnsTalk& t) { return std::pair(t.total, t.last_seen); },
      [&](const DnsTalkKey&, const DnsTalk& t) { keys_lost_ += t.total >= options_.dns_tunnel.information_10min; });
  KeepWithin(
      domains_, KeysIn(options_, Table::kDns, kDomainBytes), [](const DnsDomainFacts& d) { return d.last_seen; },
      [](auto&&, auto&&) {});
  KeepWithin(
      clients_, KeysIn(options_, Table::kDns, kClientBytes), [](const DnsClient& c) { return c.last_seen; },
      [](auto&&, auto&&) {});
  KeepWithin(
      pairs_, KeysIn(options_, Table::kDns, kPairBytes), [](const DnsPair& p) { return p.last_seen; },
      [](auto&&, auto&&) {});
}

}  // namespace gander::detect
