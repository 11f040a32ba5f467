// SPDX-License-Identifier: Apache-2.0
// D06 Scraping and enumeration: one who asks a record store for many different records, in the order in which they are
// numbered, by guessing, or far more than others do; also when the work is shared among clients or credentials. What
// tells a walk from work is locality: how many ids of each block of 64 were asked for.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/account/opaque_ways.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/d06_scraping/scraping_book.h"
#include "detect/detectors.h"
#include "detect/state/memory_share.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);
constexpr double kExplains = 0.8;  // a narrow asker with so much of the ids speaks for the wide one
// From so many people on whose data a service answered with, it is a record store though nobody declared it: a public
// page with a few names on it is none.
constexpr std::uint64_t kStorePeople = 20, kStoreContacts = 200;
constexpr std::size_t kBytesAnAsker = 2560;    // on average: three hours and three months of sets
constexpr std::uint64_t kSharedCredentials = 4;  // an address with so many is many clients

const Topic& TheTopic() {
  static const Topic topic{"D06", "scraping", 6, "Records asked for one by one", {"T1213", "T1119"}};
  return topic;
}

struct Service {
  IpAddress server;
  std::uint16_t port = 0;
  auto operator<=>(const Service&) const = default;

  static auto Saved(auto& s) { return Fields(s.server, s.port); }
};

// Why a key fires.
struct Ground {
  std::uint64_t ids = 0, needed = 0;
  bool grave = false;
  std::string words;    // what was seen, a clause
  std::string needs;    // the threshold
  bool slow = false;    // over 30 days: not said again every day
};

class Scraping final : public Detector {
 public:
  explicit Scraping(const Options& options)
      : options_(options),
        book_(std::min<std::size_t>(options.max_keys, CeilingOf(options, Table::kScraping) / kBytesAnAsker),
              options.repeatable ? RingKeys::Origin::kRepeatable : RingKeys::Origin::kRandom),
        services_(kDay, KeysWithin(options, 3)),
        gate_(options, Duration::Seconds(3600)),
        slow_gate_(Weekly(options), Duration::Seconds(30 * 86'400)) {}

  std::unique_ptr<Meter> NewMeter() const override { return std::make_unique<RequestMeter>(options_); }
  std::uint64_t keys_lost() const noexcept override { return keys_lost_ + book_.keys_lost() + services_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, slow_gate_, services_, book_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, slow_gate_, services_, book_); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    const auto& meter = static_cast<const RequestMeter&>(*merged);
    keys_lost_ += meter.overflow();
    if (epoch.book != nullptr) LearnServices(epoch);
    // What is asked of a store before it is known to be one is lost but for the first epoch.
    const auto keys = book_.Add(meter, epoch.begin,
                                [&](const RequestMeter::Stream& s) { return Counts(s, epoch.policy); });
    for (const AskerKey& key : keys) Judge(key, epoch, alerts);
    gate_.Expire(epoch.end);
    slow_gate_.Expire(epoch.end);
  }

 private:
  static Options Weekly(Options options) {
    options.reraise_s = std::max<std::uint32_t>(options.reraise_s, 7 * 86'400);
    return options;
  }

  // Services that answer with people's data, permitted or not.
  void LearnServices(const EpochView& epoch) {
    for (const Moved& m : epoch.book->moved()) {
      if (!IsPull(m) || !epoch.book->types()[m.type].identifies_person) continue;
      services_.Add({m.key.sender, m.sample.tuple.destination_port}, m, epoch.begin);
    }
    services_.Prune(epoch.begin);
    types_ = &epoch.book->types();
  }

  bool Counts(const RequestMeter::Stream& s, const policy::Policy& policy) const {
    if (policy::HasRole(s.client_party, policy::Role::kMonitor) ||
        policy::HasRole(s.client_party, policy::Role::kBackup)) {
      return false;
    }
    if (const int asset = policy.AssetAt(s.server, s.server_port); asset >= 0) {
      const policy::Asset& a = policy.assets()[static_cast<std::size_t>(asset)];
      if (!a.records.empty() || !a.id_paths.empty()) return true;
    }
    const auto* service = services_.Find({s.server, s.server_port});
    if (service == nullptr) return false;
    for (const Strand& strand : service->sums().bundle.strands) {
      const bool personal = (*types_)[strand.type].sensitivity >= identify::Sensitivity::kPersonal;
      if (strand.people.Count().low >= (personal ? kStorePeople : kStoreContacts)) return true;
    }
    return false;
  }

  // One client or credential: the order of what it asks for, the share of failures, or sheer volume.
  Ground GroundOfOne(const AskerKey& key, const Asking& asking) const {
    const Options::Scraping& o = options_.scraping;
    const Asking::Sums& hour = asking.hour.longest();
    const SubjectCount ids = hour.Ids();
    const double locality = hour.Locality();
    const std::string per_block = "locality " + Tenths(locality) + " (ids asked for of each block of 64)";
    if (ids.low >= o.ids_1h && locality >= o.locality) {
      return {ids.low, o.ids_1h, ids.low >= 10 * o.ids_1h, "a walk along the numbers, " + per_block,
              Figure(o.ids_1h) + " records in an hour with at least " + Figure(o.locality) + " of each block"};
    }
    if (ids.low >= o.ids_dense_1h && locality >= o.locality_dense) {
      return {ids.low, o.ids_dense_1h, ids.low >= 10 * o.ids_dense_1h, "a thin walk along the numbers, " + per_block,
              Figure(o.ids_dense_1h) + " records in an hour with at least " + Figure(o.locality_dense) +
                  " of each block"};
    }
    const double failed = ShareOf(hour.failed, hour.answers);
    if (ids.low >= o.failed_ids && failed >= o.failed_share) {
      return {ids.low, o.failed_ids, false, "guessing, " + Percent(failed) +
              " of the answers said that there is no such record",
              Figure(o.failed_ids) + " records in an hour and " + Percent(o.failed_share) + " failures"};
    }
    if (ids.low >= o.ids_volume_1h) {
      const std::uint64_t median = key.asker == Asker::kClient ? book_.MedianOfOthers(key) : 0;
      if (ids.low > o.volume_ratio * median) {
        return {ids.low, o.ids_volume_1h, ids.low >= 10 * o.ids_volume_1h,
                "far more than others ask for, of whom half asked for at most " + Figure(median),
                Figure(o.ids_volume_1h) + " records in an hour and " + Figure(o.volume_ratio) + " times the median"};
      }
    }
    const SubjectCount month = book_.IdsOfMonth(asking);
    if (month.low >= o.ids_30d) {
      return {month.low, o.ids_30d, true, "a slow copy, " + Figure(month.estimate) + " within 30 days",
              Figure(o.ids_30d) + " records in 30 days", true};
    }
    return {ids.low, o.ids_1h, false, {}, {}};
  }

  // A walk that many share: dense, and hardly anything asked for twice. People at work on recent cases come back to
  // them.
  Ground GroundOfMany(const AskerKey& key, const Asking& asking) const {
    const Options::Scraping& o = options_.scraping;
    const Asking::Sums& hour = asking.hour.longest();
    const SubjectCount ids = hour.Ids();
    const std::uint64_t needed = key.asker == Asker::kEveryone ? o.shared_ids_1h : o.ids_1h;
    const double locality = hour.Locality();
    const double again = ShareOf(hour.requests, ids.estimate);
    if (hour.clients.Count().low < 2 && hour.credentials.Count().low < kSharedCredentials) return {};
    if (ids.low < needed || locality < o.locality || again > o.requests_an_id) return {ids.low, needed, false, {}, {}};
    return {ids.low, needed, ids.low >= 10 * needed,
            "one walk shared among " + Figure(hour.clients.Count().estimate) + " clients, locality " +
                Tenths(locality) +
                " (ids asked for of each block of 64), each asked for " + Tenths(again) + " times",
            Figure(needed) + " records in an hour with at least " + Figure(o.locality) +
                " of each block, asked for at most " + Tenths(o.requests_an_id) + " times"};
  }

  void Judge(const AskerKey& key, const EpochView& epoch, AlertSink& alerts) {
    const auto at = book_.all().find(key);
    if (at == book_.all().end()) return;
    const Asking& asking = at->second;
    const Asking::Sums& hour = asking.hour.longest();
    const bool many = key.asker >= Asker::kGroup ||
                      (key.asker == Asker::kClient && hour.credentials.Count().low >= kSharedCredentials);
    const Ground ground = many ? GroundOfMany(key, asking) : GroundOfOne(key, asking);
    const std::string gate_key = GateKey(key);
    if (ground.words.empty()) {
      if (ground.needed == 0) return;
      gate_.Offer(gate_key, asking.last_seen, std::min(ground.ids, ground.needed - 1), ground.needed, {});
      return;
    }
    if (Explained(key, ground) || Registered(asking, key, epoch.policy)) return;
    Say(key, asking, ground, gate_key, epoch, alerts);
  }

  // One whose work most of it is has, or will have, a notice of its own; several that have one speak for all.
  bool Explained(const AskerKey& key, const Ground& ground) const {
    double most = 0, told = 0;
    book_.ForNarrower(key, [&](const AskerKey& narrower, std::uint64_t ids) {
      most = std::max(most, static_cast<double>(ids));
      if (gate_.active(GateKey(narrower)) || slow_gate_.active(GateKey(narrower))) told += static_cast<double>(ids);
    });
    return std::max(most, told) >= kExplains * static_cast<double>(ground.ids);
  }

  // The data goes from server to client.
  static policy::Movement MovementOf(const Asking& asking, const AskerKey& key) {
    policy::Movement m;
    m.sender = key.server;
    m.recipient = asking.client;
    m.from = asking.server_party;
    m.to = asking.client_party;
    m.time = asking.last_seen;
    m.encrypted = true;
    m.opened = policy::Movement::Opened::kByRecipient;
    m.sender_port = key.port;
    return m;
  }

  static bool Registered(const Asking& asking, const AskerKey& key, const policy::Policy& policy) {
    const policy::Movement m = MovementOf(asking, key);
    return policy.Judge(m).verdict != policy::Verdict::kInternal && AnyClassPermitted(policy, m);
  }

  void Say(const AskerKey& key, const Asking& asking, const Ground& ground, const std::string& gate_key,
           const EpochView& epoch, AlertSink& alerts) {
    const Asking::Sums& hour = asking.hour.longest();
    Saying s;
    s.ends.sender = key.server.ToString();
    if (hour.clients.Count().estimate == 1) s.ends.recipient = asking.client.ToString();
    s.ends.from = asking.server_party;
    s.ends.to = asking.client_party;
    s.ends.app_proto = asking.app_proto;
    s.ends.judgement = epoch.policy.Judge(MovementOf(asking, key));
    const auto* service = services_.Find({key.server, key.port});
    const bool sensitive = service != nullptr && types_ != nullptr &&
                           FiguresOf(service->sums().bundle, *types_).sensitive();
    s.weighed = Weigh(ground.grave ? Severity::kHigh : Severity::kMedium, sensitive, s.ends, LostShare(epoch.ledger));
    AlertGate& gate = ground.slow ? slow_gate_ : gate_;
    s.answer = gate.Offer(gate_key, asking.last_seen, ground.ids, ground.needed, s.weighed.severity);
    if (!s.answer.raise) return;
    const SubjectCount ids = hour.Ids();
    const std::string store = StoreWords(key, asking, epoch);
    const std::string who = AskerWords(key, asking, hour, epoch.policy);
    s.dedup = "D06|" + (key.asker == Asker::kCredential ? std::string("credential") : who.substr(0, who.find(" ("))) +
              "|" +
              key.server.ToString() + ":" + std::to_string(key.port);
    s.signature = "Records asked for one by one: " + Figure(ground.ids) + " records of " + store + " by " + who;
    s.what = who + " asked " + store + " for " + Figure(ids.estimate) + " different records (" + Figure(ids.low) +
             " to " +
             Figure(ids.high) + ") in " + Span(asking.last_seen - hour.first_seen) + ", in " + Figure(hour.requests) +
             " requests: " + ground.words + ", a pattern consistent with collecting the store. Threshold: " +
                 ground.needs +
             "; it is compared with the lower bound, " + Figure(ground.ids) + ".";
    s.remedy = "ask who stands behind the client; if it is a job of one's own, give it the role `monitor` or `backup` "
               "or register it; else limit how many records one client may read";
    s.extra.BeginObject("scraping").Integer("ids", static_cast<std::int64_t>(ids.estimate));
    s.extra.Integer("ids_low", static_cast<std::int64_t>(ids.low));
    s.extra.Integer("ids_high", static_cast<std::int64_t>(ids.high));
    s.extra.Real("locality", hour.Locality()).Integer("requests", static_cast<std::int64_t>(hour.requests));
    s.extra.Real("failed_share", ShareOf(hour.failed, hour.answers));
    s.extra.Integer("clients", static_cast<std::int64_t>(hour.clients.Count().estimate)).EndObject();
    s.sample = asking.sample;
    s.app_proto = asking.app_proto;
    s.first_seen = hour.first_seen;
    s.last_seen = asking.last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  static std::string StoreWords(const AskerKey& key, const Asking& asking, const EpochView& epoch) {
    std::string name;
    if (const int asset = epoch.policy.AssetAt(key.server, key.port); asset >= 0) {
      name = "asset " + epoch.policy.assets()[static_cast<std::size_t>(asset)].id + " at ";
    }
    const auto host = epoch.host_names.find(asking.host);
    return name + PartyWords(key.server, asking.host != 0 && host != epoch.host_names.end() ? host->second : "",
                             asking.server_party, epoch.policy);
  }

  static std::string AskerWords(const AskerKey& key, const Asking& asking, const Asking::Sums& hour,
                                const policy::Policy& policy) {
    const std::string clients = Figure(hour.clients.Count().estimate);
    switch (key.asker) {
      case Asker::kClient: return PartyWords(asking.client, {}, asking.client_party, policy);
      case Asker::kCredential: return "one credential from " + clients + " addresses";
      case Asker::kGroup:
        return IpPrefix{key.address, static_cast<std::uint8_t>(key.address.v4 ? 120 : 48)}.ToString() + " (" + clients +
               " clients whose programs call themselves alike)";
      case Asker::kEveryone: break;
    }
    return "all clients (" + clients + ")";
  }

  // In memory only; the tags of credentials and programs are in no alert.
  static std::string GateKey(const AskerKey& key) {
    return std::to_string(static_cast<int>(key.asker)) + "|" + key.address.ToString() + "|" +
           std::to_string(key.tag) + "|" +
           key.server.ToString() + ":" + std::to_string(key.port);
  }

  static double ShareOf(std::uint64_t part, std::uint64_t all) noexcept {
    return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
  }
  static std::string Tenths(double value) {
    const auto tenths = static_cast<std::uint64_t>(value * 10 + 0.5);
    return Figure(tenths / 10) + "." + std::to_string(tenths % 10);
  }

  Options options_;
  ScrapingBook book_;
  MovedWindows<Service> services_;
  AlertGate gate_, slow_gate_;
  const std::vector<identify::RuleInfo>* types_ = nullptr;  // of the book, which outlives the epoch
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeScraping(const Options& options) { return std::make_unique<Scraping>(options); }

}  // namespace gander::detect
