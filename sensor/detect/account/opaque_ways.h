// SPDX-License-Identifier: Apache-2.0
// Bytes that go to a party of another State in flows nobody can read: what is left to judge of a transfer when neither
// people nor classes can be seen.
#ifndef GANDER_DETECT_ACCOUNT_OPAQUE_WAYS_H_
#define GANDER_DETECT_ACCOUNT_OPAQUE_WAYS_H_

#include <map>
#include <string>
#include <vector>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

// Whether an entry of the register covers a way for any class of data: all that can be asked of an opaque flow.
bool AnyClassPermitted(const policy::Policy& policy, policy::Movement movement);
// (out - in) / (out + in): 1 where all goes out, 0 where as much comes back. The producer-consumer ratio.
double ProducerConsumerRatio(std::uint64_t out, std::uint64_t in) noexcept;

class OpaqueWays {
 public:
  struct Key {
    policy::ZoneId from = policy::kOutside;
    policy::Jurisdiction to;
    std::string recipient;  // registrable domain, else address
    auto operator<=>(const Key&) const = default;
    static auto Saved(auto& k) { return Fields(AsZone(k.from), k.to, k.recipient); }
  };
  struct Sums {
    std::uint64_t out = 0, in = 0, flows = 0;
    Timestamp first_seen = kDistantFuture;
    FlowSample sample;
    // Of the earliest flow.
    policy::Party sender, server;
    std::string host;
    const char* app_proto = "";
    bool encrypted = false;

    static auto Saved(auto& s) {
      return Fields(s.out, s.in, s.flows, s.first_seen, s.sample, s.sender, s.server, s.host, s.app_proto, s.encrypted);
    }
  };
  struct Way {
    StaggeredWindows<Sums> hour{Duration::Seconds(3600)};
    Timestamp last_seen = kDistantPast;

    static auto Saved(auto& w) { return Fields(w.hour, AsSet(w.last_seen)); }
  };

  explicit OpaqueWays(std::size_t max_keys) : max_keys_(max_keys) {}

  // Flows opened from a declared zone to another State, encrypted or of no known protocol. The keys touched, sorted.
  std::vector<Key> Add(const EpochView& epoch);
  const Way& at(const Key& key) const { return map_.at(key); }
  static auto Saved(auto& w) { return Fields(w.map_); }

 private:
  std::size_t max_keys_;
  std::map<Key, Way> map_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_OPAQUE_WAYS_H_
