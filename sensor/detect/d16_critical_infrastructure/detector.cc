// SPDX-License-Identifier: Apache-2.0
// D16 Critical-infrastructure data leaving. Plants lie in zones of kind `ot`; four things are said of what crosses
// their edge without an entry in the register:
//   control   a control protocol with a peer that is in no such zone, worse when it writes, starts, stops or loads
//   volume    bytes that leave for one outside party within a day, whatever they are
//   peer      an outside peer that was never there while peers were learned
//   document  models and programs of plants that leave: the operator's network, found by their text; a plant, found by
//             the names and first bytes of files (engineering_files.cc)
// One alert for zone, peer and thing. Polling inside a zone is a plant at work.
#include <set>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d16_critical_infrastructure/plant_cases.h"
#include "detect/detectors.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

using Thing = PlantThing;
using Case = PlantCase;

const Topic& TheTopic() {
  static const Topic topic{"D16", "critical_infrastructure", 16, "Critical infrastructure reached or read from outside",
                           {"T0882", "T0811", "T0855"}};
  return topic;
}

class CriticalInfrastructure final : public Detector {
 public:
  explicit CriticalInfrastructure(const Options& options)
      : options_(options), gate_(options, kPlantWindow), key_(MeterKey(options, 16)), cases_(options) {}

  std::unique_ptr<Meter> NewMeter() const override {
    return std::make_unique<ControlMeter>(options_.plant.epoch_functions, key_);
  }
  std::uint64_t keys_lost() const noexcept override { return cases_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, cases_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, cases_); }

  bool learns() const noexcept override { return true; }
  std::vector<Baseline> Baselines(Timestamp now) const override { return cases_.Baselines(now); }
  std::size_t Obey(const BaselineRequest& request, Timestamp now) override { return cases_.Obey(request, now); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    const std::set<PlantKey> touched = cases_.Add(static_cast<const ControlMeter*>(merged), epoch);
    for (const PlantKey& key : touched) Judge(key, epoch, alerts);
    gate_.Expire(epoch.end);
    cases_.Forget(epoch.begin);
  }

 private:
  // By the figures: what acts on a process is critical from outside; what stays in the operator's network is a step
  // less.
  Severity BaseOf(const PlantKey& key, const Case& c, const policy::Policy& policy) const {
    const bool outside = !policy.Own(c.ends.from.zone) || !policy.Own(c.ends.to.zone);
    const bool plant = IsPlant(policy, key.zone);
    switch (key.thing) {
      case Thing::kControl:
        if (c.acts) return outside ? Severity::kCritical : Severity::kHigh;
        return outside && plant ? Severity::kHigh : Severity::kMedium;
      case Thing::kVolume: return Severity::kHigh;
      case Thing::kPeer: return Severity::kMedium;
      case Thing::kDocument: return plant ? Severity::kHigh : Severity::kMedium;
    }
    return Severity::kMedium;
  }

  // A control protocol with this peer says what volume and newness would say again.
  bool SaidAlready(const PlantKey& key) const {
    return key.thing == Thing::kPeer && cases_.all().contains({key.zone, key.peer, Thing::kControl});
  }

  void Judge(const PlantKey& key, const EpochView& epoch, AlertSink& alerts) {
    const Case& c = cases_.all().at(key);
    if (SaidAlready(key)) return;
    const Case::Sums& day = c.day.longest();
    const bool volume = key.thing == Thing::kVolume;
    const std::uint64_t count = volume ? day.bytes : 1, threshold = volume ? options_.plant.bytes_24h : 1;
    const Weighed weighed = Weigh(BaseOf(key, c, epoch.policy), false, c.ends, LostShare(epoch.ledger));
    static constexpr const char* kThings[] = {"control", "volume", "peer", "document"};
    const std::string dedup = "D16|" + epoch.policy.ZoneName(key.zone) + "|" + key.peer.ToString() + "|" +
                              kThings[static_cast<std::size_t>(key.thing)];
    const AlertGate::Answer answer = gate_.Offer(dedup, c.last_seen, count, threshold, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, c.sample, dedup);
    alert.app_proto = c.app_proto;
    alert.time = alert.last_seen = c.last_seen;
    alert.first_seen = c.first_seen;
    EndFigures ends = c.ends;
    ends.bytes = day.bytes;
    ends.sources = day.hosts.Count().estimate;
    const std::string who = Who(key, c, epoch.policy);
    alert.signature = "GANDER " + Headline(key, c, day) + ", " + who;
    alert.explanation =
        Explain(key, c, day, who) + " " + VerdictWords(ends.judgement) + " " + weighed.words + " " +
        CoverageWords(epoch.ledger) +
        (answer.suppressed > 0 ? " " + Figure(answer.suppressed) + " notices were held back." : "") +
        " What to do: ask who runs the plant whether this peer is meant to be there, and cut it off if not; "
        "maintenance that is meant has an entry in the register for class infrastructure, with its hours.";
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendCase(key, c, day, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static std::string Who(const PlantKey& key, const Case& c, const policy::Policy& policy) {
    const bool inward = c.acts && key.thing == Thing::kControl;
    const std::string host = PartyWords(c.host, {}, inward ? c.ends.to : c.ends.from, policy);
    const std::string peer = PartyWords(c.peer, c.ends.recipient_domain, inward ? c.ends.from : c.ends.to, policy);
    return inward ? peer + " to " + host : host + " to " + peer;
  }

  static std::string Names(const Case& c) {
    std::string out;
    for (const std::string& name : c.names) out += (out.empty() ? "" : ", ") + name;
    return out;
  }

  static std::string Headline(const PlantKey& key, const Case& c, const Case::Sums& day) {
    switch (key.thing) {
      case Thing::kControl:
        return c.acts ? "Control commands from outside the plant: " + c.protocol + " " + Names(c)
                      : "Control protocol across the plant's edge: " + c.protocol;
      case Thing::kVolume: return "Data leaving the plant: " + ByteWords(day.bytes) + " in a day";
      case Thing::kPeer: return "New outside peer of the plant: " + ByteWords(day.bytes);
      case Thing::kDocument: break;
    }
    return "Engineering data leaving: " + Names(c);
  }

  std::string Explain(const PlantKey& key, const Case& c, const Case::Sums& day, const std::string& who) const {
    const std::string hosts =
        Figure(day.hosts.Count().estimate) + (day.hosts.Count().estimate == 1 ? " host" : " hosts");
    const std::string learning = cases_.Learning(c.last_seen) ? "Peers of the plant are still being learned, " +
                                                             Span(Duration::Seconds(options_.plant.learning_s)) +
                                                             " from the first. "
                                                       : "";
    switch (key.thing) {
      case Thing::kControl:
        if (c.acts) {
          return "Commands that write to a process or control it (" + Names(c) + ") went over " + c.protocol +
                 " from " + who + ", to " + hosts + " within a day: a pattern consistent with control from outside. "
                 "Threshold: one command.";
        }
        return "The control protocol " + c.protocol + " is spoken between " + hosts +
               " of the plant and a peer that is in "
               "no zone of kind ot, " +
               who + (c.names.empty() ? "" : " (" + Names(c) + ")") + ". Threshold: one message. " + learning;
      case Thing::kVolume:
        return ByteWords(day.bytes) + " left " + hosts + " of the plant within a day, " + who +
               ": a pattern consistent with plant data leaving. Threshold: " + ByteWords(options_.plant.bytes_24h) +
               " to one party that is not declared. " + learning;
      case Thing::kPeer:
        return "A peer that was not there in the " + Span(Duration::Seconds(options_.plant.learning_s)) +
               " in which peers were learned exchanges data with the plant, " + who + ". Threshold: one exchange.";
      case Thing::kDocument: break;
    }
    return "Engineering data (" + Names(c) + ") went from " + who + ", " + Figure(day.times) +
           " times within a day. Threshold: one sighting.";
  }

  static void AppendCase(const PlantKey& key, const Case& c, const Case::Sums& day, Record& out) {
    out.BeginObject("plant").Boolean("acts", c.acts && key.thing == Thing::kControl);
    if (!c.protocol.empty()) out.String("protocol", c.protocol);
    out.BeginArray("names");
    for (const std::string& name : c.names) out.String(nullptr, name);
    out.EndArray().Integer("hosts", static_cast<std::int64_t>(day.hosts.Count().estimate));
    out.Integer("times", static_cast<std::int64_t>(day.times)).Integer("window_s", kPlantWindow.ns / kNanosPerSecond);
    out.EndObject();
  }

  Options options_;
  AlertGate gate_;
  HashKey key_;  // of the meters' tables
  PlantCases cases_;
};

}  // namespace

std::unique_ptr<Detector> MakeCriticalInfrastructure(const Options& options) {
  return std::make_unique<CriticalInfrastructure>(options);
}

}  // namespace gander::detect
