// SPDX-License-Identifier: Apache-2.0
// The aggregator's account of names asked for: how much each client could have told each domain, and who else asks it.
#ifndef GANDER_DETECT_D09_DNS_TUNNEL_DNS_BOOK_H_
#define GANDER_DETECT_D09_DNS_TUNNEL_DNS_BOOK_H_

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/account/samples.h"
#include "detect/d09_dns_tunnel/dns_meter.h"
#include "detect/options.h"
#include "detect/state/baseline.h"
#include "detect/state/fields.h"
#include "detect/state/random_key.h"
#include "detect/state/staggered_sum.h"
#include "detect/state/staggered_windows.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

// Ten minutes, an hour, a day, thirty days.
inline constexpr std::array<Duration, 4> kDnsWindows = {Duration::Seconds(600), Duration::Seconds(3600),
                                                        Duration::Seconds(86'400), Duration::Seconds(30 * 86'400)};
using DnsSums = std::array<StaggeredSum, kDnsWindows.size()>;  // octets of information

struct DnsTalkKey {
  IpAddress client;
  std::uint64_t domain = 0;
  auto operator<=>(const DnsTalkKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.client, k.domain); }
};
// What a client asked of one domain. Only names it never asked for before count.
struct DnsTalk {
  sketch::DistinctSet contents;
  std::uint64_t names = 0;          // new ones so far
  double total = 0, held_back = 0;  // octets; of answers, until there are names enough
  DnsSums sums;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  IpAddress server;                 // of the earliest
  FlowSample sample;

  static auto Saved(auto& t) {
    return Fields(t.contents, t.names, t.total, t.held_back, t.sums, AsSet(t.first_seen), AsSet(t.last_seen),
                  t.server, t.sample);
  }
};

struct DnsDomainFacts {
  std::string name;
  sketch::DistinctSet clients;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;  // unset while its name alone is known

  static auto Saved(auto& d) { return Fields(d.name, d.clients, d.first_seen, d.last_seen); }
};

struct DnsClient {
  DnsSums young;                                     // of domains that this network did not know before
  StaggeredWindows<sketch::DistinctSet> domains{kDnsWindows[2]};
  FlowSample sample;                                 // of a young domain
  IpAddress server;
  Timestamp first_young = kDistantFuture, last_seen = kDistantPast;

  static auto Saved(auto& c) {
    return Fields(c.young, c.domains, c.sample, c.server, c.first_young, AsSet(c.last_seen));
  }
};

struct DnsPairKey {
  IpAddress client, server;
  auto operator<=>(const DnsPairKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.client, k.server); }
};
// Names of which the root of the DNS knows nothing, among all that a client asks of one server.
struct DnsPair {
  struct Window {
    sketch::DistinctSet names, unknown, tops;
    Timestamp first_seen = kDistantFuture;

    static auto Saved(auto& w) { return Fields(w.names, w.unknown, w.tops, w.first_seen); }
  };
  StaggeredWindows<Window> window{kDnsWindows[0]};
  Timestamp last_seen = kDistantPast;
  FlowSample sample;                                 // of an unknown name

  static auto Saved(auto& p) { return Fields(p.window, AsSet(p.last_seen), p.sample); }
};

class DnsBook {
 public:
  explicit DnsBook(const Options& options) : options_(options), key_(MeterKey(options, 9)) {}

  // Folds an epoch in; afterwards `touched_*` name what it changed.
  void Add(const DnsMeter& meter, Timestamp now);
  void Expire(Timestamp now);

  std::map<DnsTalkKey, DnsTalk>& talks() noexcept { return talks_; }
  std::map<IpAddress, DnsClient>& clients() noexcept { return clients_; }
  std::map<DnsPairKey, DnsPair>& pairs() noexcept { return pairs_; }
  const DnsDomainFacts* FactsOf(std::uint64_t domain) const;

  // Sorted, each once.
  const std::vector<DnsTalkKey>& touched_talks() const noexcept { return touched_talks_; }
  const std::vector<IpAddress>& touched_clients() const noexcept { return touched_clients_; }
  const std::vector<DnsPairKey>& touched_pairs() const noexcept { return touched_pairs_; }

  // Asked by so many that it is nobody's own channel.
  bool Prevalent(const DnsDomainFacts& facts) const;
  // Asks for so many domains that it asks for others: a resolver or a gateway.
  bool AsksForOthers(const IpAddress& client) const;
  Timestamp began() const noexcept { return began_; }
  // Whether the network's domains are still being learned.
  bool Learning(Timestamp now) const noexcept { return !newness_.frozen() && now - began_ <= LearningTime(); }
  Duration LearningTime() const noexcept { return Duration::Seconds(86'400LL * options_.dns_tunnel.learning_days); }
  std::vector<Baseline> Baselines(Timestamp now) const;
  std::size_t Obey(const BaselineRequest& request, Timestamp now);
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }
  static auto Saved(auto& b) {
    return Fields(b.began_, b.newness_, b.talks_, b.domains_, b.clients_, b.pairs_, b.all_clients_);
  }

 private:
  struct Entries;  // where the names at hand belong
  void AddUnknown(const DnsUse& use, Entries& entries);
  void AddKnown(const DnsUse& use, Entries& entries);
  bool Young(const DnsDomainFacts& facts, Timestamp now) const;

  Options options_;
  HashKey key_;  // of clients
  Timestamp began_ = kDistantFuture;
  Newness newness_;
  std::map<DnsTalkKey, DnsTalk> talks_;
  std::map<std::uint64_t, DnsDomainFacts> domains_;
  std::map<IpAddress, DnsClient> clients_;
  std::map<DnsPairKey, DnsPair> pairs_;
  sketch::DistinctSet all_clients_;
  Timestamp swept_ = kDistantPast;
  std::vector<DnsTalkKey> touched_talks_;
  std::vector<IpAddress> touched_clients_;
  std::vector<DnsPairKey> touched_pairs_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D09_DNS_TUNNEL_DNS_BOOK_H_
