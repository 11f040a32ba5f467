// SPDX-License-Identifier: Apache-2.0
// D08's other kind: bytes that go out of record stores to another State by remote administration, database and file
// protocols, whether or not they can be read.
#ifndef GANDER_DETECT_D08_FOREIGN_PULL_ADMIN_PULLS_H_
#define GANDER_DETECT_D08_FOREIGN_PULL_ADMIN_PULLS_H_

#include <map>
#include <string>

#include "detect/account/samples.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

// A store that the policy declares to hold records.
bool IsRecordStore(const policy::Policy& policy, const IpAddress& address, std::uint16_t port) noexcept;
// The word for it ("SSH", "a database"), or null when the protocol is of another kind; where none was recognised, or it
// is inside TLS, the port tells.
const char* AdminProtocol(const char* app_proto, std::uint16_t port) noexcept;

class AdminPulls {
 public:
  explicit AdminPulls(const Options& options)
      : options_(options), gate_(options, Duration::Seconds(86'400)) {}

  // Precondition: epoch.traffic != nullptr.
  void OnEpoch(const EpochView& epoch, const Topic& topic, AlertSink& alerts);
  static auto Saved(auto& p) { return Fields(p.gate_, p.pulls_); }

 private:
  struct Key {
    IpAddress client, server;
    std::string kind;
    auto operator<=>(const Key&) const = default;
    static auto Saved(auto& k) { return Fields(k.client, k.server, k.kind); }
  };
  struct Sums {
    std::uint64_t out = 0, in = 0, flows = 0;  // out of the store
    Timestamp first_seen = kDistantFuture;

    static auto Saved(auto& s) { return Fields(s.out, s.in, s.flows, s.first_seen); }
  };
  struct Pull {
    StaggeredWindows<Sums> day{Duration::Seconds(86'400)};
    Timestamp last_seen = kDistantPast;
    FlowSample sample;
    policy::Party client, server;
    const char* app_proto = "";
    bool encrypted = false;

    static auto Saved(auto& p) {
      return Fields(p.day, AsSet(p.last_seen), p.sample, p.client, p.server, p.app_proto, p.encrypted);
    }
  };

  void Judge(const Key& key, const EpochView& epoch, const Topic& topic, AlertSink& alerts);

  Options options_;
  AlertGate gate_;
  std::map<Key, Pull> pulls_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D08_FOREIGN_PULL_ADMIN_PULLS_H_
