// SPDX-License-Identifier: Apache-2.0
// The state of D06: distinct records asked of one service by a client, a credential, a group of like clients and all
// clients together, over an hour and 30 days.
#ifndef GANDER_DETECT_D06_SCRAPING_SCRAPING_BOOK_H_
#define GANDER_DETECT_D06_SCRAPING_SCRAPING_BOOK_H_

#include <compare>
#include <map>
#include <vector>

#include "detect/d06_scraping/request_meter.h"
#include "detect/state/fields.h"
#include "detect/state/ring_counter.h"
#include "detect/state/staggered_windows.h"
#include "detect/transfer_summary.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

// From narrow to wide.
enum class Asker : std::uint8_t {
  kClient,      // an address
  kCredential,  // whoever proves himself with the same, from whatever address
  kGroup,       // clients of one /24 or /48 whose programs call themselves alike
  kEveryone,
};
constexpr Asker LastOf(Asker) noexcept { return Asker::kEveryone; }

struct AskerKey {
  IpAddress server;
  std::uint16_t port = 0;
  std::uint64_t shape = 0;   // of the requests
  Asker asker = Asker::kClient;
  IpAddress address;         // kClient; kGroup: of the network
  std::uint64_t tag = 0;     // kCredential, kGroup: of the program's name
  auto operator<=>(const AskerKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.server, k.port, k.shape, k.asker, k.address, k.tag); }

  bool SameService(const AskerKey& o) const noexcept { return server == o.server && port == o.port &&
                                                      shape == o.shape; }
};

struct Asking {
  struct Sums {
    sketch::DistinctSet numbers, words, blocks;  // ids that are numbers, others, and the blocks of 64 of the numbers
    sketch::DistinctSet clients, credentials;
    std::uint64_t requests = 0, answers = 0, failed = 0;
    Timestamp first_seen = kDistantFuture;

    SubjectCount Ids() const noexcept;
    // Ids for each block of 64 that was touched, as low as the sketches allow: 64 for a walk, about 1 for ids at
    // random; 0 without numbers.
    double Locality() const noexcept;

    static auto Saved(auto& s) {
      return Fields(s.numbers, s.words, s.blocks, s.clients, s.credentials, s.requests, s.answers, s.failed,
                    s.first_seen);
    }
  };
  StaggeredWindows<Sums> hour{Duration::Seconds(3600)};
  RingCounter month{RingBit(Ring::kMonth)};  // ids; of clients and credentials
  Timestamp last_seen = kDistantPast;
  // Of the earliest request seen by this key.
  FlowSample sample;
  IpAddress client;
  policy::Party client_party, server_party;
  HostTag host = 0;
  const char* app_proto = "";

  static auto Saved(auto& a) {
    return Fields(a.hour, a.month, AsSet(a.last_seen), a.sample, a.client, a.client_party, a.server_party, a.host,
                  a.app_proto);
  }
};

class ScrapingBook {
 public:
  using Map = std::map<AskerKey, Asking>;

  ScrapingBook(std::size_t max_keys, RingKeys::Origin keys) : max_keys_(max_keys), keys_(keys) {}

  // The keys touched, sorted. `wanted(stream)` says which requests count.
  template <class Wanted>
  std::vector<AskerKey> Add(const RequestMeter& meter, Timestamp epoch_begin, Wanted&& wanted) {
    std::vector<bool> counts;
    for (const RequestMeter::Stream& s : meter.streams()) counts.push_back(wanted(s));
    return AddWanted(meter, epoch_begin, counts);
  }
  const Map& all() const noexcept { return map_; }
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }
  // Distinct records in 30 days.
  SubjectCount IdsOfMonth(const Asking& asking) const;
  static auto Saved(auto& b) { return Fields(b.keys_, b.map_); }

  // Of the distinct records that the other clients of the same service asked for within the hour: the median, 0
  // without.
  std::uint64_t MedianOfOthers(const AskerKey& client) const;
  // Calls f(key, ids) for each narrower asker of the same service within the hour.
  template <class F>
  void ForNarrower(const AskerKey& key, F&& f) const {
    const Timestamp now = map_.at(key).last_seen;
    const AskerKey first{key.server, key.port, key.shape, Asker::kClient, {}, 0};
    for (auto at = map_.lower_bound(first); at != map_.end(); ++at) {
      if (!at->first.SameService(key) || at->first.asker >= key.asker) break;
      if (now - at->second.last_seen <= Duration::Seconds(3600)) f(at->first, at->second.hour.longest().Ids().estimate);
    }
  }

 private:
  std::vector<AskerKey> AddWanted(const RequestMeter& meter, Timestamp epoch_begin, const std::vector<bool>& counts);
  void AddStream(const AskerKey& key, const RequestMeter::Stream& s, Timestamp epoch_begin,
                 const std::vector<const RequestMeter::Asked*>& asked);
  void Prune(Timestamp now);

  std::size_t max_keys_;
  std::uint64_t keys_lost_ = 0;
  RingKeys keys_;
  Map map_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D06_SCRAPING_SCRAPING_BOOK_H_
