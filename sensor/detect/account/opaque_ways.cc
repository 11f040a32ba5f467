// SPDX-License-Identifier: Apache-2.0
#include "detect/account/opaque_ways.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "detect/account/registrable_domain.h"
#include "detect/account/traffic_meter.h"
#include "detect/alerting/alert_parts.h"
#include "detect/state/keep_within.h"

namespace gander::detect {

bool AnyClassPermitted(const policy::Policy& policy, policy::Movement movement) {
  std::set<std::string_view> classes{""};
  for (const policy::TransferEntry& e : policy.transfers()) {
    if (!e.retired) classes.insert(e.classes.begin(), e.classes.end());
  }
  return std::any_of(classes.begin(), classes.end(), [&](std::string_view data_class) {
    movement.data_class = data_class;
    if (!identify::ParseSensitivity(data_class, movement.sensitivity)) {
      movement.sensitivity = identify::Sensitivity::kPersonal;
    }
    return policy::Permits(policy.Judge(movement).verdict);
  });
}

double ProducerConsumerRatio(std::uint64_t out, std::uint64_t in) noexcept {
  const double all = static_cast<double>(out) + static_cast<double>(in);
  return all == 0 ? 0.0 : (static_cast<double>(out) - static_cast<double>(in)) / all;
}

std::vector<OpaqueWays::Key> OpaqueWays::Add(const EpochView& epoch) {
  std::set<Key> touched;
  for (const TrafficPath& path : epoch.traffic->paths()) {
    const TrafficKey& k = path.key;
    if ((!k.encrypted && k.app_proto[0] != '\0') || path.payload[0] == 0) continue;
    const policy::Party& sender = path.client;
    if (sender.zone == policy::kOutside || !sender.jurisdiction.known()) continue;
    const auto name = epoch.host_names.find(k.host);
    const std::string host = k.host != 0 && name != epoch.host_names.end() ? name->second : std::string();
    const policy::Party server = epoch.policy.Locate(path.server, host);
    if (!CrossesJurisdiction(sender, server)) continue;
    Key key{sender.zone, server.jurisdiction, RegistrableDomain(host)};
    if (key.recipient.empty()) key.recipient = k.server.ToString();
    Way& way = map_[key];
    way.hour.Advance(epoch.begin);
    way.hour.ForEach([&](Sums& sums) {
      sums.out += path.payload[0];
      sums.in += path.payload[1];
      sums.flows += path.flows_opened;
      sums.first_seen = std::min(sums.first_seen, path.first_seen);
      if (!(path.sample < sums.sample)) return;
      sums.sample = path.sample;
      sums.sender = sender;
      sums.server = server;
      sums.host = host;
      sums.app_proto = k.app_proto;
      sums.encrypted = k.encrypted;
    });
    way.last_seen = std::max(way.last_seen, path.last_seen);
    touched.insert(std::move(key));
  }
  std::erase_if(map_, [&](const auto& w) { return epoch.begin - w.second.last_seen > Duration::Seconds(5400); });
  KeepWithin(map_, max_keys_, [](const Way& w) { return std::pair(w.hour.longest().out, w.last_seen); },
             [&](const Key& key, const Way&) { touched.erase(key); });
  return {touched.begin(), touched.end()};
}

}  // namespace gander::detect
