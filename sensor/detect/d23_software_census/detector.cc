// SPDX-License-Identifier: Apache-2.0
// D23 Version and update census. Information, no accusation: how many hosts still talk with versions that the
// operator's advisories name, which fleets turn to one update server within a day, and who turns clients away for their
// version (HTTP 426; TLS alerts about versions do not reach detectors). Hosts of a version are counted over a day.
#include <algorithm>
#include <map>

#include "detect/account/traffic_meter.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d23_software_census/software_meter.h"
#include "detect/d23_software_census/update_waves.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {
namespace {

constexpr Duration kWindow = UpdateWaves::kWindow;
constexpr Duration kMinute = Duration::Seconds(60);

const Topic& TheTopic() {
  static const Topic topic{"D23", "software_census", 23, "Versions and updates of software", {"T1195.002"}};
  return topic;
}

std::uint64_t TagOf(const IpAddress& host) noexcept {
  return SipHash24({}, std::as_bytes(std::span(host.octets)));  // counts hosts, says none
}

class SoftwareCensus final : public Detector {
 public:
  explicit SoftwareCensus(const Options& options)
      : options_(options), gate_(options, kWindow), key_(MeterKey(options, 23)),
        waves_(options.census.fleet, options.census.wave_share, options.max_keys) {}

  std::unique_ptr<Meter> NewMeter() const override {
    return std::make_unique<SoftwareMeter>(options_.census.epoch_names, key_);
  }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, versions_, refusals_, waves_, judged_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, versions_, refusals_, waves_, judged_); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    if (merged != nullptr) AddNames(static_cast<const SoftwareMeter&>(*merged), epoch);
    if (epoch.traffic != nullptr) AddVisits(*epoch.traffic, epoch);
    if (epoch.final || epoch.end - judged_ >= kMinute) {
      judged_ = epoch.end;
      JudgeVersions(epoch, alerts);
      JudgeRefusals(epoch, alerts);
      for (const UpdateWaves::Wave& wave : waves_.Take(epoch.end)) SayWave(wave, epoch, alerts);
    }
    gate_.Expire(epoch.end);
    Forget(epoch.begin);
  }

 private:
  // Hosts with one thing in common.
  struct Census {
    StaggeredWindows<sketch::DistinctSet> hosts{kWindow};
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
    bool touched = false;

    static auto Saved(auto& c) { return Fields(c.hosts, AsSet(c.first_seen), AsSet(c.last_seen), c.sample, c.touched); }
  };
  struct Refusal {
    Census clients;
    IpAddress server;
    policy::Party to;

    static auto Saved(auto& r) { return Fields(r.clients, r.server, r.to); }
  };

  static void Add(Census& census, const SoftwareMeter::Entry& entry, Timestamp epoch_begin) {
    census.hosts.Advance(epoch_begin);
    census.hosts.ForEach([&](sketch::DistinctSet& hosts) { hosts.Insert(TagOf(entry.host)); });
    census.first_seen = std::min(census.first_seen, entry.first_seen);
    census.last_seen = std::max(census.last_seen, entry.first_seen);
    census.sample.KeepEarlier(entry.sample);
    census.touched = true;
  }

  void AddNames(const SoftwareMeter& meter, const EpochView& epoch) {
    for (const SoftwareMeter::Entry* e : meter.Sorted()) {
      if (e->refused) {
        const auto name = epoch.host_names.find(e->peer_name);
        Refusal& r = refusals_[name == epoch.host_names.end() ? e->peer.ToString() : name->second];
        Add(r.clients, *e, epoch.begin);
        r.server = e->peer;
        r.to = epoch.policy.Locate(e->peer);
        continue;
      }
      Add(versions_[e->name], *e, epoch.begin);
      waves_.AddMember(e->host, e->name.product(), e->first_seen);
    }
  }

  void AddVisits(const TrafficMeter& traffic, const EpochView& epoch) {
    for (const TrafficPath* p : traffic.Sorted()) {
      const auto name = epoch.host_names.find(p->key.host);
      if (name == epoch.host_names.end() || !IsUpdateHost(name->second)) continue;
      waves_.AddVisit(p->key.client, name->second, p->key.server, p->client, p->server, p->sample, p->last_seen);
    }
  }

  // All versions that one advisory names are one count: hosts, not versions, have to be mended.
  void JudgeVersions(const EpochView& epoch, AlertSink& alerts) {
    for (const policy::Advisory& advisory : epoch.policy.advisories()) {
      Census sum;
      std::string versions;
      for (auto& [name, census] : versions_) {
        if (!policy::Concerns(advisory, name.product(), name.version())) continue;
        census.hosts.Advance(epoch.begin);
        sum.touched = sum.touched || census.touched;
        hosts_of_.Merge(census.hosts.longest());
        if (!census.hosts.longest().empty()) versions += (versions.empty() ? "" : ", ") + std::string(name.version());
        sum.first_seen = std::min(sum.first_seen, census.first_seen);
        sum.last_seen = std::max(sum.last_seen, census.last_seen);
        sum.sample.KeepEarlier(census.sample);
      }
      const SubjectCount hosts = CountOf(hosts_of_);
      hosts_of_.Clear();
      if (sum.touched && hosts.estimate > 0) SayVersions(advisory, sum, hosts, versions, epoch, alerts);
    }
    for (auto& [name, census] : versions_) census.touched = false;
  }

  void SayVersions(const policy::Advisory& advisory, const Census& sum, const SubjectCount& hosts,
                   const std::string& versions, const EpochView& epoch, AlertSink& alerts) {
    const std::string dedup = "D23|advisory|" + advisory.id;
    if (!gate_.Offer(dedup, sum.last_seen, hosts.low, 1, Severity::kInfo).raise) return;
    const std::int64_t days = advisory.published == kDistantPast
                                  ? -1
                                  : (sum.last_seen - advisory.published).ns / (86'400 * kNanosPerSecond);
    std::string since;
    if (days >= 0) since = ", " + Figure(static_cast<std::uint64_t>(days)) + " days after the advisory";
    Alert alert = NewAlert(TheTopic(), Severity::kInfo, sum.sample, dedup);
    alert.signature = "GANDER Software with a known flaw still in use: " + Hosts(hosts) + " with " + advisory.product +
                      " (" + advisory.id + ")" + since;
    const std::string why = Hosts(hosts) + " named " + advisory.product + " " + versions + " within a day" + since +
                            ". Threshold: one host with a version that advisory " + advisory.id +
                            " of the policy names. A distribution may have mended it without a new version.";
    const std::string todo = advisory.remedy.empty()
                                 ? "update these hosts, or withdraw the advisory where it does not apply"
                                 : advisory.remedy;
    alert.context.BeginObject("census").String("advisory", advisory.id).String("product", advisory.product);
    AppendHosts(hosts, alert.context);
    if (days >= 0) alert.context.Integer("days_since_advisory", days);
    alert.context.EndObject();
    Finish(std::move(alert), why, todo, sum.first_seen, sum.last_seen, epoch, alerts);
  }

  void JudgeRefusals(const EpochView& epoch, AlertSink& alerts) {
    for (auto& [server, refusal] : refusals_) {
      if (!std::exchange(refusal.clients.touched, false)) continue;
      refusal.clients.hosts.Advance(epoch.begin);
      const SubjectCount clients = CountOf(refusal.clients.hosts.longest());
      const std::string dedup = "D23|refused|" + server;
      const Census& c = refusal.clients;
      if (!gate_.Offer(dedup, c.last_seen, clients.low, options_.census.refused_clients, Severity::kInfo).raise)
        continue;
      Alert alert = NewAlert(TheTopic(), Severity::kInfo, c.sample, dedup);
      alert.app_proto = "http";
      alert.signature = "GANDER Clients turned away for their version: " + Hosts(clients) + " by " + server;
      const std::string why = Hosts(clients) + " were told by " + server + " (" + StateWords(refusal.to.jurisdiction) +
                              ") to come back with another version (HTTP 426) within a day. Threshold: " +
                              Figure(options_.census.refused_clients) + " clients.";
      alert.context.BeginObject("census").String("server", server);
      AppendHosts(clients, alert.context);
      alert.context.EndObject();
      Finish(std::move(alert), why, "ask whether these clients have a way to the version that is asked for",
             c.first_seen, c.last_seen, epoch, alerts);
    }
  }

  void SayWave(const UpdateWaves::Wave& wave, const EpochView& epoch, AlertSink& alerts) {
    const std::string dedup = "D23|wave|" + wave.product + "|" + wave.host;
    if (!gate_.Offer(dedup, wave.last_seen, wave.devices, 1, Severity::kInfo).raise) return;
    Alert alert = NewAlert(TheTopic(), Severity::kInfo, wave.sample, dedup);
    const double share = static_cast<double>(wave.devices) / static_cast<double>(wave.fleet);
    alert.signature = "GANDER Update wave: " + Figure(wave.devices) + " of " + Figure(wave.fleet) + " hosts with " +
                      wave.product + " turned to " + wave.host;
    const std::string why = Figure(wave.devices) + " of " + Figure(wave.fleet) + " hosts that name " + wave.product +
                            " (" + Percent(share) + ") turned to " +
                            PartyWords(wave.server, wave.host, wave.to, epoch.policy) +
                            " within a day. Threshold: " + Percent(options_.census.wave_share) +
                            " of a fleet of at least " + Figure(options_.census.fleet) + ".";
    alert.context.BeginObject("census").String("product", wave.product).String("server", wave.host);
    alert.context.Integer("hosts", static_cast<std::int64_t>(wave.devices));
    alert.context.Integer("fleet", static_cast<std::int64_t>(wave.fleet)).EndObject();
    Finish(std::move(alert), why, "check with who runs this fleet that the update was meant, and by whom",
           wave.first_seen, wave.last_seen, epoch, alerts);
  }

  static std::string Hosts(const SubjectCount& c) {
    std::string text = Figure(c.estimate) + (c.estimate == 1 ? " host" : " hosts");
    if (!c.exact()) text += " (" + Figure(c.low) + " to " + Figure(c.high) + ")";
    return text;
  }
  static void AppendHosts(const SubjectCount& c, Record& out) {
    out.Integer("hosts", static_cast<std::int64_t>(c.estimate)).Integer("low", static_cast<std::int64_t>(c.low));
    out.Integer("high", static_cast<std::int64_t>(c.high));
  }

  static void Finish(Alert alert, const std::string& why, const std::string& todo, Timestamp first, Timestamp last,
                     const EpochView& epoch, AlertSink& alerts) {
    alert.time = alert.last_seen = last;
    alert.first_seen = first;
    alert.explanation = why + " Severity info: it says what is there, and nothing about whose fault it is. " +
                        CoverageWords(epoch.ledger) + " What to do: " + todo + ".";
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  // Names are chosen by whoever sends them: those with fewest hosts go first.
  void Forget(Timestamp now) {
    const auto old = [&](const Census& c) { return now - c.last_seen > Duration{2 * kWindow.ns}; };
    std::erase_if(versions_, [&](const auto& v) { return old(v.second); });
    std::erase_if(refusals_, [&](const auto& r) { return old(r.second.clients); });
    const auto weight = [](const Census& c) { return std::pair(c.hosts.longest().Count().low, c.last_seen); };
    KeepWithin(versions_, options_.census.versions, weight, [](const SoftwareName&, const Census&) {});
    KeepWithin(refusals_, options_.census.versions, [&](const Refusal& r) { return weight(r.clients); },
               [](const std::string&, const Refusal&) {});
  }

  Options options_;
  AlertGate gate_;
  HashKey key_;  // of the meters' tables
  std::map<SoftwareName, Census> versions_;
  std::map<std::string, Refusal> refusals_;
  UpdateWaves waves_;
  sketch::DistinctSet hosts_of_;  // scratch
  Timestamp judged_;
};

}  // namespace

std::unique_ptr<Detector> MakeSoftwareCensus(const Options& options) {
  return std::make_unique<SoftwareCensus>(options);
}

}  // namespace gander::detect
