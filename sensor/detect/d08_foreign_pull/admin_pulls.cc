// SPDX-License-Identifier: Apache-2.0
#include "detect/d08_foreign_pull/admin_pulls.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "detect/account/moved_sums.h"
#include "detect/account/opaque_ways.h"
#include "detect/account/traffic_meter.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/state/keep_within.h"

namespace gander::detect {

bool IsRecordStore(const policy::Policy& policy, const IpAddress& address, std::uint16_t port) noexcept {
  const int at = policy.AssetAt(address, port);
  return at >= 0 && !policy.assets()[static_cast<std::size_t>(at)].records.empty();
}

const char* AdminProtocol(const char* app_proto, std::uint16_t port) noexcept {
  struct Row {
    std::string_view name;  // of the protocol as recognised
    std::uint16_t port;     // where it is not
    const char* word;
  };
  static constexpr Row kRows[] = {
      {"ssh", 22, "SSH"},           {"rdp", 3389, "remote desktop"}, {"smb", 445, "file sharing"},
      {"smb", 139, "file sharing"}, {"nfs", 2049, "file sharing"},   {"telnet", 23, "Telnet"},
      {"vnc", 5900, "remote desktop"}, {"mysql", 3306, "a database"}, {"pgsql", 5432, "a database"},
      {"tds", 1433, "a database"},  {"oracle", 1521, "a database"},  {"mongodb", 27017, "a database"},
      {"redis", 6379, "a database"}, {"cassandra", 9042, "a database"}, {"ldap", 389, "a directory"}};
  const std::string_view name = app_proto;
  for (const Row& row : kRows) {
    // TLS on such a port is that protocol in TLS.
    if (name.empty() || name == "tls" ? row.port == port : name == row.name) return row.word;
  }
  return nullptr;
}

void AdminPulls::OnEpoch(const EpochView& epoch, const Topic& topic, AlertSink& alerts) {
  std::set<Key> touched;
  for (const TrafficPath& path : epoch.traffic->paths()) {
    const TrafficKey& k = path.key;
    const char* kind = path.payload[1] == 0 ? nullptr : AdminProtocol(k.app_proto, k.server_port);
    if (kind == nullptr || !IsRecordStore(epoch.policy, k.server, k.server_port)) continue;
    const policy::Party &server = path.server, &client = path.client;
    if (!server.jurisdiction.known() || !CrossesJurisdiction(server, client) ||
        policy::HasRole(client, policy::Role::kRemoteExit)) {
      continue;
    }
    const Key key{k.client, k.server, kind};
    Pull& pull = pulls_[key];
    pull.day.Advance(epoch.begin);
    pull.day.ForEach([&](Sums& sums) {
      sums.out += path.payload[1];
      sums.in += path.payload[0];
      sums.flows += path.flows_opened;
      sums.first_seen = std::min(sums.first_seen, path.first_seen);
    });
    pull.last_seen = std::max(pull.last_seen, path.last_seen);
    if (path.sample < pull.sample) {
      pull.sample = path.sample;
      pull.client = client;
      pull.server = server;
      pull.app_proto = k.app_proto;
      pull.encrypted = k.encrypted;
    }
    touched.insert(key);
  }
  std::erase_if(pulls_, [&](const auto& p) { return epoch.begin - p.second.last_seen > Duration::Seconds(129'600); });
  KeepWithin(pulls_, KeysWithin(options_, 2), [](const Pull& p) { return std::pair(p.day.longest().out, p.last_seen); },
             [&](const Key& key, const Pull&) { touched.erase(key); });
  for (const Key& key : touched) Judge(key, epoch, topic, alerts);
  gate_.Expire(epoch.end);
}

void AdminPulls::Judge(const Key& key, const EpochView& epoch, const Topic& topic, AlertSink& alerts) {
  const Pull& pull = pulls_.at(key);
  const Sums& sums = pull.day.longest();
  const std::uint64_t needed = options_.foreign_pull.admin_bytes;
  if (sums.out < needed) return;
  policy::Movement movement;  // out of the store
  movement.sender = key.server;
  movement.recipient = key.client;
  movement.from = pull.server;
  movement.to = pull.client;
  movement.time = pull.last_seen;
  movement.encrypted = pull.encrypted;
  movement.opened = policy::Movement::Opened::kByRecipient;
  movement.sender_port = pull.sample.tuple.destination_port;
  if (AnyClassPermitted(epoch.policy, movement)) return;
  Saying s;
  s.ends.sender = key.server.ToString();
  s.ends.recipient = key.client.ToString();
  s.ends.from = pull.server;
  s.ends.to = pull.client;
  s.ends.bytes = sums.out;
  s.ends.flows = sums.flows;
  s.ends.app_proto = pull.app_proto;
  s.ends.encrypted = pull.encrypted;
  s.ends.judgement = epoch.policy.Judge(movement);
  s.weighed = Weigh(Severity::kMedium, false, s.ends, LostShare(epoch.ledger));
  s.dedup = "D08|admin|" + s.ends.recipient + "|" + s.ends.sender + "|" + key.kind;
  s.answer = gate_.Offer(s.dedup, pull.last_seen, sums.out, needed, s.weighed.severity);
  if (!s.answer.raise) return;
  const int asset = epoch.policy.AssetAt(key.server, pull.sample.tuple.destination_port);
  const std::string name = asset < 0 ? "a record store" : "asset " +
                           epoch.policy.assets()[static_cast<std::size_t>(asset)].id;
  const std::string who = PartyWords(key.client, {}, pull.client, epoch.policy);
  const std::string store = name + " at " + PartyWords(key.server, {}, pull.server, epoch.policy);
  s.signature = "Foreign pull out of a record store by " + key.kind + ": " + ByteWords(sums.out) + ", " + store +
                " to " + who;
  s.what = who + " took " + ByteWords(sums.out) + " out of " + store + " over " + key.kind + " within " +
           Span(pull.last_seen - sums.first_seen) + ", in " + Figure(sums.flows) +
           (sums.flows == 1 ? " connection" : " connections") +
           ": a pattern consistent with a copy of the store fetched from abroad; what it held was not judged here. "
           "Threshold: " + ByteWords(needed) + " in 24 h.";
  s.remedy = "ask the owner of the store who works on it from there; if it is meant, register the access, or give the "
             "exit of one's own travelling staff the role `remote_exit`";
  s.sample = pull.sample;
  s.app_proto = pull.app_proto;
  s.first_seen = sums.first_seen;
  s.last_seen = pull.last_seen;
  alerts.OnAlert(Compose(topic, s, epoch));
}

}  // namespace gander::detect
