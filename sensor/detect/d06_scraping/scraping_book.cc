// SPDX-License-Identifier: Apache-2.0
#include "detect/d06_scraping/scraping_book.h"

#include <algorithm>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/account/network_of.h"
#include "detect/state/keep_within.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kProvenIds = 64;
constexpr Duration kForget = Duration::Seconds(45 * 86'400);

std::vector<AskerKey> KeysOf(const RequestMeter::Stream& s) {
  AskerKey key{s.server, s.server_port, s.shape, Asker::kClient, s.client, 0};
  std::vector<AskerKey> keys{key};
  if (s.credential != 0) {
    key.asker = Asker::kCredential;
    key.address = {};
    key.tag = s.credential;
    keys.push_back(key);
  }
  key.asker = Asker::kGroup;
  key.address = NetworkOf(s.client).address;
  key.tag = s.agent;
  keys.push_back(key);
  key.asker = Asker::kEveryone;
  key.address = {};
  key.tag = 0;
  keys.push_back(key);
  return keys;
}

}  // namespace

SubjectCount Asking::Sums::Ids() const noexcept {
  const sketch::Estimate n = numbers.Count(), w = words.Count();
  return {n.estimate + w.estimate, n.low + w.low, n.high + w.high};
}

double Asking::Sums::Locality() const noexcept {
  const std::uint64_t touched = blocks.Count().high;
  return touched == 0 ? 0.0 : static_cast<double>(numbers.Count().low) / static_cast<double>(touched);
}

std::vector<AskerKey> ScrapingBook::AddWanted(const RequestMeter& meter, Timestamp epoch_begin,
                                              const std::vector<bool>& counts) {
  std::vector<std::vector<const RequestMeter::Asked*>> asked(meter.streams().size());
  for (const RequestMeter::Asked& a : meter.asked()) {
    if (counts[a.stream]) asked[a.stream].push_back(&a);
  }
  keys_.Advance(epoch_begin);
  std::set<AskerKey> touched;
  for (std::size_t i = 0; i < meter.streams().size(); ++i) {
    if (!counts[i]) continue;
    for (const AskerKey& key : KeysOf(meter.streams()[i])) {
      AddStream(key, meter.streams()[i], epoch_begin, asked[i]);
      touched.insert(key);
    }
  }
  Prune(epoch_begin);
  return {touched.begin(), touched.end()};
}

void ScrapingBook::AddStream(const AskerKey& key, const RequestMeter::Stream& s, Timestamp epoch_begin,
                             const std::vector<const RequestMeter::Asked*>& asked) {
  using Kind = RequestMeter::Kind;
  Asking& asking = map_[key];
  asking.hour.Advance(epoch_begin);
  asking.hour.ForEach([&](Asking::Sums& sums) {
    for (const RequestMeter::Asked* a : asked) {
      (a->kind == Kind::kBlock ? sums.blocks : a->kind == Kind::kNumber ? sums.numbers : sums.words).Insert(a->tag);
    }
    sums.clients.Insert(AddressTag(s.client));
    if (s.credential != 0) sums.credentials.Insert(s.credential);
    sums.requests += s.requests;
    sums.answers += s.answers;
    sums.failed += s.failed;
    sums.first_seen = std::min(sums.first_seen, s.first_seen);
  });
  if (key.asker <= Asker::kCredential) {
    sketch::DistinctSet ids;
    for (const RequestMeter::Asked* a : asked) {
      if (a->kind != Kind::kBlock) ids.Insert(a->tag);
    }
    asking.month.Add(keys_, ids);
  }
  asking.last_seen = std::max(asking.last_seen, s.last_seen);
  if (!(s.sample < asking.sample)) return;
  asking.sample = s.sample;
  asking.client = s.client;
  asking.client_party = s.client_party;
  asking.server_party = s.server_party;
  asking.host = s.host;
  asking.app_proto = s.app_proto;
}

void ScrapingBook::Prune(Timestamp now) {
  std::erase_if(map_, [&](const auto& entry) {
    // Only clients and credentials have a month.
    const Duration keep = entry.first.asker <= Asker::kCredential ? kForget : Duration::Seconds(5400);
    return now - entry.second.last_seen > keep;
  });
  const auto ids = [this](const Asking& a) { return a.hour.longest().Ids().low + IdsOfMonth(a).low; };
  KeepWithin(map_, max_keys_, [&](const Asking& a) { return std::pair(ids(a), a.last_seen); },
             [&](const AskerKey&, const Asking& a) { keys_lost_ += ids(a) >= kProvenIds; });
}

SubjectCount ScrapingBook::IdsOfMonth(const Asking& asking) const {
  const sketch::Estimate n = asking.month.Count(keys_, Ring::kMonth);
  return {n.estimate, n.low, n.high};
}

std::uint64_t ScrapingBook::MedianOfOthers(const AskerKey& client) const {
  AskerKey first = client;
  first.address = {};
  const Timestamp now = map_.at(client).last_seen;
  std::vector<std::uint64_t> counts;
  for (auto at = map_.lower_bound(first); at != map_.end(); ++at) {
    if (!at->first.SameService(client) || at->first.asker != client.asker) break;
    if (at->first == client || now - at->second.last_seen > Duration::Seconds(3600)) continue;
    counts.push_back(at->second.hour.longest().Ids().estimate);
  }
  if (counts.empty()) return 0;
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  return *middle;
}

}  // namespace gander::detect
