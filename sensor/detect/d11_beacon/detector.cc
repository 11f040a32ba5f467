// SPDX-License-Identifier: Apache-2.0
// D11 Beacon and phone-home. A program that reports to somebody keeps a rhythm, whatever jitter hides it; so do
// harmless ones, so that a rhythm alone never speaks: it must be a recipient that few others have, that nobody declared
// and that is new here, or the reports must carry more out than comes in. Each name is looked at by itself and, lest a
// new name for each report hide the rhythm, all names below one domain together (account/recipient_domain.h).
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "detect/account/recipient_domain.h"
#include "detect/account/registrable_domain.h"
#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d11_beacon/known_services.h"
#include "detect/d11_beacon/rhythm.h"
#include "detect/detectors.h"
#include "detect/state/baseline.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_sum.h"
#include "sketch/distinct_set.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);
constexpr Duration kBetweenBursts = Duration::Seconds(10);  // a shorter silence does not part two
constexpr std::uint64_t kKeepAlive = 128;                   // octets; what only keeps a connection open carries less
constexpr std::size_t kCallBytes = 1024, kRecipientBytes = 1024;  // of one key, names included

const Topic& TheTopic() {
  static const Topic topic{"D11", "beacon", 11, "Beacon and phone-home", {"T1071.001", "T1041", "T1008"}};
  return topic;
}

struct CallKey {
  IpAddress client;
  std::string recipient;  // host name, or address where none is known; "*.example.com" = names below it together
  auto operator<=>(const CallKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.client, k.recipient); }
};

struct Call {
  Rhythm rhythm;
  StaggeredSum out, in;   // a day
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast, last_start = kDistantPast;
  FlowSample sample;
  IpAddress address;      // of the latest
  std::string domain;
  policy::Party from, to;
  std::string app_proto;
  bool encrypted = false;
  bool findings = false;  // data about people went the same way
  // Of names together.
  std::uint64_t names = 0;         // that followed another one
  Timestamp spoken = kDistantPast;  // when one of them had a rhythm of its own

  static auto Saved(auto& c) {
    return Fields(c.rhythm, c.out, c.in, AsSet(c.first_seen), AsSet(c.last_seen), c.last_start, c.sample, c.address,
                  c.domain, c.from, c.to, c.app_proto, c.encrypted, c.findings, c.names, c.spoken);
  }
};

// Of a path, for each key it counts to.
struct Ends {
  policy::Party from, to;
  std::string domain;
  bool findings = false;
};

struct RecipientFacts {
  sketch::DistinctSet clients;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;

  static auto Saved(auto& r) { return Fields(r.clients, AsSet(r.first_seen), AsSet(r.last_seen)); }
};

class Beacon final : public Detector {
 public:
  explicit Beacon(const Options& options) : options_(options), key_(MeterKey(options, 11)), gate_(options, kDay) {}

  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override {
    SaveAll(out, gate_, began_, newness_, calls_, recipients_, clients_);
  }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, began_, newness_, calls_, recipients_, clients_); }

  bool learns() const noexcept override { return true; }
  std::vector<Baseline> Baselines(Timestamp now) const override {
    if (began_ == kDistantFuture) return {};
    return {{kWholeNetwork, began_, NewTime(), Learning(now), newness_.since(),
             Figure(recipients_.size()) + " recipients"}};
  }
  std::size_t Obey(const BaselineRequest& request, Timestamp now) override {
    if (request.hosts_only) return 0;
    newness_.Obey(request.action, now);
    if (request.action == BaselineAction::kReset) {
      recipients_.clear();
      began_ = kDistantFuture;
    }
    return 1;
  }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.traffic == nullptr) return;
    began_ = std::min(began_, epoch.begin);
    std::set<CallKey> touched;
    std::set<std::pair<IpAddress, IpAddress>> people_moved;
    if (epoch.book != nullptr) {
      for (const Moved& m : epoch.book->moved()) people_moved.emplace(m.key.sender, m.key.recipient);
    }
    for (const TrafficPath* path : epoch.traffic->Sorted()) {
      Take(*path, people_moved.contains({path->key.client, path->key.server}), epoch, touched);
    }
    for (const bool together : {false, true}) {
      for (const CallKey& key : touched) {
        if (Together(key) == together) Judge(key, epoch, alerts);
      }
    }
    KeepWithin(
        calls_, KeysIn(options_, Table::kBeacons, kCallBytes),
        [](const Call& c) { return std::pair(c.rhythm.intervals(), c.last_seen); },
        [&](const CallKey&, const Call& c) { keys_lost_ += c.rhythm.intervals() >= options_.beacon.intervals; });
    KeepWithin(
        recipients_, KeysIn(options_, Table::kBeacons, kRecipientBytes),
        [](const RecipientFacts& r) { return r.last_seen; }, [](auto&&, auto&&) {});
    gate_.Expire(epoch.end);
  }

 private:
  Duration NewTime() const noexcept { return {kDay.ns * options_.beacon.new_days}; }
  bool Learning(Timestamp now) const noexcept { return !newness_.frozen() && now - began_ < NewTime(); }
  bool Fresh(const RecipientFacts& facts, Timestamp now) const noexcept {
    return newness_.frozen() ? newness_.SinceFrozen(facts.first_seen) : now - facts.first_seen < NewTime();
  }

  static bool Together(const CallKey& key) noexcept { return key.recipient.starts_with("*."); }

  void Take(const TrafficPath& path, bool findings, const EpochView& epoch, std::set<CallKey>& touched) {
    const TrafficKey& k = path.key;
    if (NamesNobody(k.server) || PollsByNature(k)) return;
    if (!Outward(epoch.policy, path.client, path.server)) return;
    const std::string domain = HostOf(epoch, k.host);
    if (IsPlatformDomain(RegistrableDomain(domain))) return;
    clients_.Insert(Tag(k.client));
    const Ends ends{path.client, path.server, domain, findings};
    AddTo({k.client, domain.empty() ? k.server.ToString() : domain}, path, ends, touched);
    const std::string together = DomainOfNames(domain);
    if (!together.empty()) AddTo({k.client, together}, path, ends, touched);
  }

  void AddTo(CallKey key, const TrafficPath& path, const Ends& ends, std::set<CallKey>& touched) {
    const TrafficKey& k = path.key;
    RecipientFacts& facts = recipients_[key.recipient];
    facts.clients.Insert(Tag(k.client));
    facts.first_seen = std::min(facts.first_seen, path.first_seen);
    facts.last_seen = std::max(facts.last_seen, path.last_seen);

    Call& call = calls_[key];
    const bool silence = call.last_seen == kDistantPast || path.first_seen - call.last_seen >= kBetweenBursts;
    const bool burst = path.flows_opened == 0 && path.payload[0] >= kKeepAlive && silence;
    const Timestamp start = path.flows_opened > 0 ? path.first_opened : path.first_seen;
    call.names += !call.domain.empty() && call.domain != ends.domain;
    call.from = ends.from;
    call.to = ends.to;
    call.address = k.server;
    call.domain = ends.domain;
    call.findings = call.findings || ends.findings;
    call.app_proto = k.app_proto;
    call.encrypted = k.encrypted;
    call.sample.KeepEarlier(path.sample);
    call.first_seen = std::min(call.first_seen, path.first_seen);
    call.out.Add(kDay, path.last_seen, static_cast<double>(path.payload[0]));
    call.in.Add(kDay, path.last_seen, static_cast<double>(path.payload[1]));
    if (path.flows_opened > 0 || burst) {
      if (call.last_start == kDistantPast) {
        call.last_start = start;
      } else if (start - call.last_start >= Duration::Seconds(2)) {  // else flows of one call
        call.rhythm.Add(start - call.last_start);
        call.last_start = start;
        touched.insert(std::move(key));
      }
    }
    call.last_seen = std::max(call.last_seen, path.last_seen);
  }

  std::uint64_t Tag(const IpAddress& a) const noexcept {
    return SipHash13(key_, AsBytes({reinterpret_cast<const char*>(a.octets.data()), a.octets.size()}));
  }

  bool Rare(const RecipientFacts& facts) const {
    const auto clients = static_cast<double>(facts.clients.Count().estimate);
    return clients <= options_.beacon.rare_clients ||
           clients <= options_.beacon.rare_share * static_cast<double>(clients_.Count().estimate);
  }

  // A name with a rhythm of its own speaks, and not all names together.
  bool SpeaksFor(const CallKey& key, const Call& call) {
    if (Together(key)) return call.names > 0 && (call.spoken == kDistantPast || call.last_seen - call.spoken >= kDay);
    const auto together = calls_.find({key.client, DomainOfNames(key.recipient)});
    if (together != calls_.end()) together->second.spoken = call.last_seen;
    return true;
  }

  void Judge(const CallKey& key, const EpochView& epoch, AlertSink& alerts) {
    Call& call = calls_.at(key);
    const Options::Beacon& o = options_.beacon;
    const Duration watched = call.last_seen - call.first_seen;
    if (call.rhythm.intervals() < o.intervals || watched < Duration::Seconds(o.span_s)) return;
    const Rhythm::Scores scores = call.rhythm.Score();
    if (scores.a < o.score_a && scores.d < o.score_d) return;
    const RecipientFacts& facts = recipients_.at(key.recipient);
    const bool fresh = Fresh(facts, call.last_seen);
    const double out = call.out.Sum(kDay, call.last_seen), in = call.in.Sum(kDay, call.last_seen);
    const bool uploads = out > in && out >= static_cast<double>(o.upload_bytes_24h);
    if (!(Rare(facts) && fresh) && !uploads) return;
    if (!SpeaksFor(key, call)) return;

    const bool learning = Learning(epoch.end);
    Pattern p;
    p.dedup = key.client.ToString() + "|" + key.recipient;
    p.sender = key.client;
    p.recipient = call.address;
    p.ends.recipient_domain = call.domain;
    p.ends.from = call.from;
    p.ends.to = epoch.policy.Locate(call.to, call.domain);
    p.ends.bytes = static_cast<std::uint64_t>(out);
    p.ends.flows = call.rhythm.intervals() + 1;
    p.ends.app_proto = call.app_proto;
    p.ends.encrypted = call.encrypted;
    p.sample = call.sample;
    p.first_seen = call.first_seen;
    p.last_seen = call.last_seen;
    // While everything is new, being new says little.
    p.base = call.findings ? Severity::kHigh : learning && !uploads ? Severity::kLow : Severity::kMedium;
    p.figure = call.rhythm.intervals();
    p.threshold = o.intervals;
    const std::string who = PartyWords(key.client, {}, call.from, epoch.policy);
    const std::string whom = Together(key) ? "names below " + key.recipient.substr(2) + ", last " +
                                                 PartyWords(call.address, call.domain, p.ends.to, epoch.policy)
                                           : PartyWords(call.address, call.domain, p.ends.to, epoch.policy);
    const std::string period = Span(Duration{static_cast<std::int64_t>(scores.period_s * kNanosPerSecond)});
    const std::uint64_t clients = facts.clients.Count().estimate;
    p.headline = "Beacon: " + who + " calls " + whom + " about every " + period;
    p.account = who + " called " + whom + " " + Figure(p.ends.flows) + " times in " + Span(watched) + ", about every " +
                period + ". Regularity " + Percent(scores.a) + " by the spread of intervals (threshold " +
                Percent(o.score_a) + "), " + Percent(scores.d) + " by the beats that fit (threshold " +
                Percent(o.score_d) + "), over " + Figure(call.rhythm.intervals()) + " intervals (threshold " +
                Figure(o.intervals) + "). " + Figure(clients) + (clients == 1 ? " host calls" : " hosts call") + " it" +
                (fresh ? ", and it is new here" : "") +
                (uploads ? "; more goes out than comes in, " + ByteWords(p.ends.bytes) + " a day" : "") +
                (call.findings ? "; data about people went the same way" : "") +
                ": a regular pattern, consistent with a program that reports home." +
                (learning ? " " + LearningWords(epoch.end - began_, NewTime()) : "");
    p.remedy =
        "find the program on that host that calls; if the recipient is known, register it, else keep the host from it "
        "and look what was installed.";
    p.figures = {{"intervals", static_cast<double>(call.rhythm.intervals())},
                 {"period_s", static_cast<double>(static_cast<std::int64_t>(scores.period_s))},
                 {"score_a", scores.a},
                 {"score_d", scores.d},
                 {"clients", static_cast<double>(clients)},
                 {"bytes_out", out},
                 {"bytes_in", in}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  Options options_;
  HashKey key_;  // of clients
  AlertGate gate_;
  Timestamp began_ = kDistantFuture;
  Newness newness_;
  std::map<CallKey, Call> calls_;
  std::map<std::string, RecipientFacts> recipients_;
  sketch::DistinctSet clients_;  // that talk to anybody outside
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeBeacon(const Options& options) { return std::make_unique<Beacon>(options); }

}  // namespace gander::detect
