// SPDX-License-Identifier: Apache-2.0
// D15 Device-identifier telemetry at scale: identifiers or positions of many devices reaching one receiver that the
// register does not list, seen at the level of address, network, registrable domain and jurisdiction. Values that look
// like hashes under the key of an identifier are said apart, as information.
#include <algorithm>
#include <map>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d15_device_telemetry/device_fleets.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kJurisdictionFactor = 10;  // a State receives from many without one collector behind it
constexpr double kExplains = 0.8;                  // a narrow level that holds so much speaks for the wide one

const Topic& TheTopic() {
  static const Topic topic{"D15", "device_telemetry", 15, "Identifiers of many devices collected", {"T1430", "T1426"}};
  return topic;
}

// The condition that held, the gravest first.
enum class Ground : std::uint8_t { kLocated, kProfiles, kDevices, kOpaque, kNone };
constexpr Ground LastOf(Ground) noexcept { return Ground::kNone; }

struct Firing {
  Ground ground = Ground::kNone;
  std::uint64_t count = 0, needed = 0;
  FleetCount figures;

  static auto Saved(auto& f) { return Fields(f.ground, f.count, f.needed, f.figures); }
};

class DeviceTelemetry final : public Detector {
 public:
  explicit DeviceTelemetry(const Options& options)
      : options_(options), fleets_(options.max_keys), gate_(options, kFleetWindow) {}

  std::uint64_t keys_lost() const noexcept override { return fleets_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, fleets_, firing_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, fleets_, firing_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    const std::set<CollectorKey> touched = fleets_.Add(*epoch.book, epoch.begin);
    std::erase_if(firing_, [&](const auto& f) { return !fleets_.all().contains(f.first); });
    // From narrow to wide; a wide one that a narrow one explains keeps silent.
    for (const CollectorKey& key : touched) {
      const auto at = fleets_.all().find(key);
      const Firing firing = Judge(key, CountOf(at->second, epoch.book->types()));
      firing_.erase(key);
      if (firing.ground == Ground::kNone) continue;
      firing_[key] = firing;
      if (!Explained(key, firing)) Say(key, at->second, firing, epoch, alerts);
    }
    gate_.Expire(epoch.end);
  }

 private:
  Firing Judge(const CollectorKey& key, const FleetCount& figures) const {
    const std::uint64_t factor = key.level == Level::kJurisdiction ? kJurisdictionFactor : 1;
    const auto& o = options_.devices;
    const std::pair<std::uint64_t, std::uint64_t> grounds[] = {{figures.located, o.located * factor},
                                                               {figures.profiles, o.profiles * factor},
                                                               {figures.devices.low, o.devices_24h * factor},
                                                               {figures.opaque.low, o.devices_24h * factor}};
    for (std::size_t i = 0; i < std::size(grounds); ++i) {
      if (grounds[i].first >= grounds[i].second) {
        return {static_cast<Ground>(i), grounds[i].first, grounds[i].second, figures};
      }
    }
    return {};
  }

  static bool Within(const CollectorKey& narrow, const DeviceFleet& fleet, const CollectorKey& wide) {
    if (narrow.level >= wide.level) return false;
    if (wide.level == Level::kJurisdiction) return fleet.ends.to.jurisdiction == wide.jurisdiction;
    if (wide.level == Level::kNetwork) return wide.net.Contains(narrow.net.address);
    return narrow.level != Level::kDomain && !fleet.ends.recipient_domain.empty() &&
           (fleet.ends.recipient_domain == wide.domain || fleet.ends.recipient_domain.ends_with("." + wide.domain));
  }

  bool Explained(const CollectorKey& wide, const Firing& firing) const {
    return std::any_of(firing_.begin(), firing_.end(), [&](const auto& entry) {
      const auto& [narrow, held] = entry;
      return held.ground <= firing.ground && Within(narrow, fleets_.all().at(narrow), wide) &&
             static_cast<double>(held.count) >= kExplains * static_cast<double>(firing.count);
    });
  }

  static Severity BaseOf(const Firing& f) {
    if (f.ground == Ground::kOpaque) return Severity::kInfo;
    return f.count >= 10 * f.needed ? Severity::kHigh : Severity::kMedium;
  }

  void Say(const CollectorKey& key, const DeviceFleet& fleet, const Firing& firing, const EpochView& epoch,
           AlertSink& alerts) {
    PeopleFigures figures = FiguresOfFleet(fleet, epoch.book->types());
    EndFigures ends = fleet.ends;
    ends.sources = firing.figures.senders.estimate;
    if (key.level == Level::kNetwork) ends.recipient = key.ToString();
    // What looks like a hash proves no crossing of anybody's data: it stays information.
    const Weighed weighed =
        firing.ground == Ground::kOpaque
            ? Weighed{Severity::kInfo, "Severity info: what these values are is not known."}
            : Weigh(BaseOf(firing), firing.ground == Ground::kLocated, ends, LostShare(epoch.ledger));
    const std::string dedup = "D15|" + key.ToString() + (firing.ground == Ground::kOpaque ? "|opaque" : "");
    const AlertGate::Answer answer =
        gate_.Offer(dedup, fleet.last_seen, firing.count, firing.needed, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, fleet.sample, dedup);
    alert.app_proto = fleet.app_proto;
    alert.time = alert.last_seen = fleet.last_seen;
    alert.first_seen = fleet.day.longest().first_seen;
    const std::string to = key.ToString() + " (" + epoch.policy.ZoneName(ends.to.zone) + ", " +
                           StateWords(ends.to.jurisdiction) + ")";
    alert.signature = "GANDER Device telemetry: " + Headline(firing) + ", from " +
                      Figure(firing.figures.senders.estimate) +
                      (firing.figures.senders.estimate == 1 ? " sender to " : " senders to ") + to;
    alert.explanation =
        Explain(firing, figures, to) + " " + VerdictWords(ends.judgement) + " " + weighed.words + " " +
        CoverageWords(epoch.ledger) + (answer.again ? " Said again because it has grown or lasts." : "") +
        " What to do: find out which program on these devices reports to the receiver and who asked for "
        "it; asset management that is meant is listed under `collectors` with its basis and end date.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendDevices(firing.figures, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static PeopleFigures FiguresOfFleet(const DeviceFleet& fleet, const std::vector<identify::RuleInfo>& types) {
    Bundle sums;
    for (const auto& [key, unit] : fleet.day.longest().units) {
      Strand& strand = sums.At(key.type, key.country);
      strand.people.Merge(unit.values);
      strand.findings += unit.findings;
    }
    PeopleFigures figures = FiguresOf(sums, types);
    figures.window = kFleetWindow;
    figures.samples = fleet.samples;
    return figures;
  }

  static std::string Devices(const SubjectCount& c) {
    return c.exact() ? Figure(c.estimate) + " devices"
                     : Figure(c.estimate) + " devices (" + Figure(c.low) + " to " + Figure(c.high) + ")";
  }

  static std::string Headline(const Firing& f) {
    switch (f.ground) {
      case Ground::kLocated: return "positions of " + Figure(f.count) + " devices or more";
      case Ground::kProfiles: return "three kinds of identifiers of " + Figure(f.count) + " devices or more";
      case Ground::kDevices: return Devices(f.figures.devices);
      case Ground::kOpaque:
      case Ground::kNone: break;
    }
    return Figure(f.figures.opaque.estimate) + " stable values that look like hashed device identifiers";
  }

  static std::string Explain(const Firing& f, const PeopleFigures& figures, const std::string& to) {
    static constexpr const char* kNeeds[] = {" devices with their positions",
                                             " devices with three kinds of identifiers", " devices", " such values"};
    std::string text = "What reached " + to + " within a day: " + Headline(f) + " (" + figures.TypeWords() +
                       "), a pattern consistent with telemetry at scale. Threshold: " + Figure(f.needed) +
                       kNeeds[static_cast<std::size_t>(f.ground)] +
                       " in 24 h at a receiver that is not listed, compared "
                       "with the lower bound, " +
                       Figure(f.count) + ".";
    if (f.figures.foreign_devices > 0) {
      text += " At least " + Figure(f.figures.foreign_devices) + " identifiers name " + StateWords(f.figures.foreign) +
              ", not the receiver's State.";
    }
    return text + " Hardware addresses chosen at random are not counted.";
  }

  static void AppendDevices(const FleetCount& c, Record& out) {
    out.BeginObject("devices").Integer("distinct", static_cast<std::int64_t>(c.devices.estimate));
    out.Integer("profiles", static_cast<std::int64_t>(c.profiles));
    out.Integer("located", static_cast<std::int64_t>(c.located));
    out.Integer("opaque", static_cast<std::int64_t>(c.opaque.estimate));
    if (c.foreign_devices > 0) {
      out.String("foreign_jurisdiction", c.foreign.text());
      out.Integer("foreign", static_cast<std::int64_t>(c.foreign_devices));
    }
    out.EndObject();
  }

  Options options_;
  DeviceFleets fleets_;
  AlertGate gate_;
  std::map<CollectorKey, Firing> firing_;
};

}  // namespace

std::unique_ptr<Detector> MakeDeviceTelemetry(const Options& options) {
  return std::make_unique<DeviceTelemetry>(options);
}

}  // namespace gander::detect
