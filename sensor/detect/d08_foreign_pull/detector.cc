// SPDX-License-Identifier: Apache-2.0
// D08 Foreign pull: somebody in another State fetches people's data from a service of a declared zone, or copies out
// of a record store by way of remote administration; seen by client, by network and by State. Customers who each read
// their own record are no pull.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/account/network_of.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/d08_foreign_pull/admin_pulls.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);
constexpr std::uint64_t kStateFactor = 10;  // a State has many clients without one will behind them
constexpr double kExplains = 0.8;

const Topic& TheTopic() {
  static const Topic topic{"D08", "foreign_pull", 8, "Records fetched from another State", {"T1213", "T1530"}};
  return topic;
}

enum class Reach : std::uint8_t { kClient, kNetwork, kState };  // from narrow to wide
constexpr Reach LastOf(Reach) noexcept { return Reach::kState; }

struct Key {
  Reach reach = Reach::kClient;
  bool every = true;            // false: only what record stores gave; judged first, since it takes less
  IpPrefix net;                 // kClient, kNetwork
  policy::Jurisdiction state;
  auto operator<=>(const Key&) const = default;

  static auto Saved(auto& k) { return Fields(k.reach, k.every, k.net, k.state); }

  std::string ToString() const {
    if (reach == Reach::kState) return "jurisdiction " + std::string(state.text());
    return reach == Reach::kClient ? net.address.ToString() : net.ToString();
  }
  bool Holds(const Key& narrow) const {
    if (narrow.reach >= reach || narrow.state != state || (narrow.every && !every)) return false;
    return reach == Reach::kState || net.Contains(narrow.net.address);
  }
};

class ForeignPull final : public Detector {
 public:
  explicit ForeignPull(const Options& options)
      : options_(options), sums_(kDay, KeysWithin(options, 15)), admin_(options), gate_(options, kDay) {}

  std::uint64_t keys_lost() const noexcept override { return sums_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, sums_, admin_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, sums_, admin_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<Key> touched;
    for (const Moved& m : epoch.book->moved()) {
      if (!Concerns(m, epoch)) continue;
      const bool store = IsRecordStore(epoch.policy, m.key.sender, m.sample.tuple.destination_port);
      for (const Key& key : KeysOf(m, store)) {
        sums_.Add(key, m, epoch.begin);
        touched.insert(key);
      }
    }
    sums_.Prune(epoch.begin);
    // From narrow to wide.
    for (const Key& key : touched) Judge(key, epoch, alerts);
    if (epoch.traffic != nullptr) admin_.OnEpoch(epoch, TheTopic(), alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // Fetched by a client of another State, out of what the policy declares; fetched by one's own people from abroad is
  // what they do all day.
  static bool Concerns(const Moved& m, const EpochView& epoch) {
    const identify::RuleInfo& rule = epoch.book->types()[m.type];
    const bool declared = m.from.zone != policy::kOutside || !epoch.policy.Own(m.to.zone);
    return IsPull(m) && rule.identifies_person && !rule.canary && !policy::Permits(m.judgement.verdict) &&
           m.judgement.entry < 0 && CrossesJurisdiction(m.from, m.to) && m.from.jurisdiction.known() && declared &&
           !policy::HasRole(m.to, policy::Role::kRemoteExit);
  }

  static std::vector<Key> KeysOf(const Moved& m, bool store) {
    const policy::Jurisdiction state = m.to.jurisdiction;
    const Key client{Reach::kClient, true, {m.key.recipient, 128}, state};
    const Key network{Reach::kNetwork, true, NetworkOf(m.key.recipient), state};
    std::vector<Key> keys{client, network, {Reach::kState, true, {}, state}};
    if (store) {
      for (std::size_t i = 0; i < 3; ++i) {
        keys.push_back(keys[i]);
        keys.back().every = false;
      }
    }
    return keys;
  }

  std::uint64_t NeededFor(const Key& key) const noexcept {
    const std::uint64_t people = key.every ? options_.foreign_pull.people : options_.foreign_pull.store_people;
    return key.reach == Reach::kState ? kStateFactor * people : people;
  }

  struct Count {
    SubjectCount people, clients;
  };
  Count CountAt(const MovedSums& sums, const EpochView& epoch) const {
    return {FiguresOf(sums.bundle, epoch.book->types()).subjects, CountOf(sums.recipients)};
  }

  // Many clients with a record or two each are customers.
  bool Holds(const Key& key, const Count& count) const noexcept {
    return count.people.low >= NeededFor(key) &&
           count.people.low > options_.foreign_pull.own_records * count.clients.estimate;
  }

  void Judge(const Key& key, const EpochView& epoch, AlertSink& alerts) {
    const auto* entry = sums_.Find(key);
    if (entry == nullptr) return;
    const MovedSums& sums = entry->sums();
    const Count count = CountAt(sums, epoch);
    const bool holds = Holds(key, count);
    const std::uint64_t needed = NeededFor(key);
    if (holds && Explained(key, count, epoch)) return;
    PeopleFigures figures = FiguresOf(sums.bundle, epoch.book->types());
    figures.window = entry->last_seen - sums.bundle.first_seen;
    Saying s;
    s.ends = EndsOf(sums);
    if (key.reach != Reach::kClient) s.ends.recipient = key.ToString();
    s.ends.judgement = sums.bundle.strands.front().judgement;
    s.weighed = SeverityOf(key, count, figures, s.ends, LostShare(epoch.ledger));
    s.dedup = DedupOf(key);
    s.answer = gate_.Offer(s.dedup, entry->last_seen, holds ? count.people.low : 0, needed, s.weighed.severity);
    if (!s.answer.raise) return;
    AddVolume(*epoch.book, sums, s.ends);
    const std::string who = key.reach == Reach::kClient
                                ? PartyWords(sums.recipient, {}, sums.bundle.to, epoch.policy)
                                : Figure(count.clients.estimate) + " clients of " + key.ToString() + " (" +
                                      StateWords(key.state) + ")";
    const std::string from = StoreWords(key, sums, epoch.policy);
    s.people = &figures;
    s.signature = "Foreign pull of records: " + People(figures.subjects) + ", " + figures.ClassWords() + ", by " +
                  who + " from " + from;
    s.what = who + " fetched data of " + People(figures.subjects) + " (" + figures.TypeWords() + ") from " + from +
             " within " + Span(figures.window) +
             ": a pattern consistent with fetching data that lies in another State. Threshold: " + Figure(needed) +
             (key.every ? " people in 24 h" : " people of a record store in 24 h") + ", and more than " +
             Figure(options_.foreign_pull.own_records) + " a client; it is compared with the lower bound, " +
             Figure(count.people.low) + ".";
    s.remedy = "ask the owner of the service who the client is; if the access is meant, register it with its basis, or "
               "give the exit of one's own travelling staff the role `remote_exit`; requests of authorities go through "
               "judicial assistance";
    s.sample = sums.bundle.sample;
    s.app_proto = sums.app_proto;
    s.first_seen = sums.bundle.first_seen;
    s.last_seen = entry->last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  // An address may stand for several customers: with few people of a store it is only noted.
  Weighed SeverityOf(const Key& key, const Count& count, const PeopleFigures& figures, const EndFigures& ends,
                     double lost) const {
    if (!key.every && key.reach == Reach::kClient && count.people.low <= options_.foreign_pull.shared_client) {
      return Plainly(Severity::kLow, "so few people may be customers behind one address; from " +
                                         Figure(options_.foreign_pull.shared_client + 1) + " on it weighs in full");
    }
    return Weigh(Severity::kMedium, figures.sensitive(), ends, lost);
  }

  // Whoever holds most of it within a wider circle speaks for it, and what stores gave for what all gave.
  bool Explained(const Key& key, const Count& count, const EpochView& epoch) const {
    return std::any_of(sums_.all().begin(), sums_.all().end(), [&](const auto& other) {
      const bool narrower = key.Holds(other.first) ||
                            (!other.first.every && key.every && other.first.reach == key.reach &&
                             other.first.net == key.net && other.first.state == key.state);
      if (!narrower || !gate_.active(DedupOf(other.first))) return false;
      const Count held = CountAt(other.second.sums(), epoch);
      return static_cast<double>(held.people.estimate) >= kExplains * static_cast<double>(count.people.estimate);
    });
  }

  static std::string DedupOf(const Key& key) { return "D08|" + key.ToString() + (key.every ? "" : "|store"); }

  static std::string StoreWords(const Key& key, const MovedSums& sums, const policy::Policy& policy) {
    const std::uint64_t servers = sums.senders.Count().estimate;
    std::string text = servers > 1 ? Figure(servers) + " services such as " : "";
    const int asset = policy.AssetAt(sums.sender, sums.bundle.sample.tuple.destination_port);
    if (!key.every && asset >= 0) text += "asset " + policy.assets()[static_cast<std::size_t>(asset)].id + " at ";
    return text + PartyWords(sums.sender, {}, sums.bundle.from, policy);
  }

  Options options_;
  MovedWindows<Key> sums_;
  AdminPulls admin_;
  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeForeignPull(const Options& options) { return std::make_unique<ForeignPull>(options); }

}  // namespace gander::detect
