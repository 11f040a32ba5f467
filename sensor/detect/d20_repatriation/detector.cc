// SPDX-License-Identifier: Apache-2.0
// D20 Repatriation of overseas data: over 30 days most of what leaves a site goes to one other State, and it is data
// of the people of the State in which the site stands. A copy made once is D02's; this is a flow that lasts.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/account/traffic_meter.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/detectors.h"

namespace gander::detect {
namespace {

constexpr Duration kMonth = Duration::Seconds(30 * 86'400);
constexpr std::int64_t kDay = 86'400 * kNanosPerSecond;

const Topic& TheTopic() {
  static const Topic topic{"D20", "repatriation", 20, "Data of a site abroad flows to one State", {"T1537"}};
  return topic;
}

// What left a site for one State within a window.
struct Outflow {
  MovedSums sums;                // unregistered
  sketch::DistinctSet people;    // all of them, registered or not, by whatever identifier
  std::uint64_t bytes = 0;       // of all flows, readable or not
  std::set<std::int64_t> days;   // UTC, on which people moved unregistered; at most those of a window
};

struct Site {
  StaggeredWindows<std::map<policy::Jurisdiction, Outflow>> month{kMonth};
  Timestamp last_seen{INT64_MIN};
};

// People of the site's own State among those whose identifiers name one.
struct Origins {
  std::uint64_t own = 0, named = 0;
};
Origins OriginsOf(const Bundle& bundle, policy::Jurisdiction own) {
  std::map<policy::Jurisdiction, SubjectCount> states;
  for (const Strand& s : bundle.strands) {
    if (s.country.known()) states[s.country] = Larger(states[s.country], CountOf(s.people));
  }
  Origins out;
  for (const auto& [state, people] : states) {
    out.named += people.estimate;
    if (state == own) out.own = people.estimate;
  }
  return out;
}

class Repatriation final : public Detector {
 public:
  explicit Repatriation(const Options& options) : options_(options), gate_(Weekly(options), kMonth) {}

  void Save(SnapshotWriter& out) const override { gate_.Save(out); }
  bool Load(SnapshotReader& in) override {
    gate_.Load(in);
    return !in.failed();
  }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<policy::ZoneId> touched;
    for (const Moved& m : epoch.book->moved()) {
      if (!epoch.book->types()[m.type].identifies_person || !Leaves(m.from, m.to)) continue;
      AddPeople(m, epoch.begin);
      if (!policy::Permits(m.judgement.verdict)) touched.insert(m.from.zone);
    }
    AddBytes(epoch);
    for (policy::ZoneId site : touched) Judge(site, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // What lasts for a month is not said again every day.
  static Options Weekly(Options options) {
    options.reraise_s = std::max<std::uint32_t>(options.reraise_s, 7 * 86'400);
    return options;
  }

  // Sites are declared zones, so that there are as many as the operator named.
  static bool Leaves(const policy::Party& from, const policy::Party& to) noexcept {
    return from.zone != policy::kOutside && from.jurisdiction.known() && from.zone != to.zone;
  }

  void AddPeople(const Moved& m, Timestamp epoch_begin) {
    Site& site = sites_[m.from.zone];
    site.month.Advance(epoch_begin);
    site.month.ForEach([&](auto& states) {
      Outflow& flow = states[m.to.jurisdiction];
      flow.people.Merge(m.people);
      if (policy::Permits(m.judgement.verdict)) return;
      flow.sums.Add(m, epoch_begin);
      flow.days.insert(m.last_seen.ns / kDay);
    });
    site.last_seen = std::max(site.last_seen, m.last_seen);
  }

  void AddBytes(const EpochView& epoch) {
    if (epoch.traffic == nullptr) return;
    for (const TrafficPath& path : epoch.traffic->paths()) {
      if (path.payload[0] + path.payload[1] == 0) continue;
      const policy::Party client = epoch.policy.Locate(path.key.client), server = epoch.policy.Locate(path.key.server);
      if (path.payload[0] > 0 && Leaves(client, server)) AddBytes(client, server, path.payload[0], epoch.begin);
      if (path.payload[1] > 0 && Leaves(server, client)) AddBytes(server, client, path.payload[1], epoch.begin);
    }
  }

  void AddBytes(const policy::Party& from, const policy::Party& to, std::uint64_t bytes, Timestamp epoch_begin) {
    Site& site = sites_[from.zone];
    site.month.Advance(epoch_begin);
    site.month.ForEach([&](auto& states) { states[to.jurisdiction].bytes += bytes; });
  }

  void Judge(policy::ZoneId zone, const EpochView& epoch, AlertSink& alerts) {
    const Site& site = sites_[zone];
    const auto& states = site.month.longest();
    sketch::DistinctSet all_people;
    std::uint64_t all_bytes = 0;
    for (const auto& [state, flow] : states) {
      all_people.Merge(flow.people);
      all_bytes += flow.bytes;
    }
    for (const auto& [state, flow] : states) {
      const bool abroad = state.known() && state != epoch.policy.zones()[zone].jurisdiction;
      if (!abroad || flow.sums.bundle.strands.empty()) continue;
      JudgeState(zone, state, flow, CountOf(all_people), all_bytes, site.last_seen, epoch, alerts);
    }
  }

  // By people, or by bytes where people were seen but not all could be.
  void JudgeState(policy::ZoneId zone, policy::Jurisdiction state, const Outflow& flow, const SubjectCount& all_people,
                  std::uint64_t all_bytes, Timestamp last_seen, const EpochView& epoch, AlertSink& alerts) {
    const Options::Repatriation& o = options_.repatriation;
    const Bundle& bundle = flow.sums.bundle;
    const policy::Jurisdiction own = epoch.policy.zones()[zone].jurisdiction;
    PeopleFigures figures = FiguresOf(bundle, epoch.book->types());
    sketch::DistinctSet unregistered;
    for (const Strand& s : bundle.strands) unregistered.Merge(s.people);
    const double people_share = ShareOf(unregistered.Count().estimate, all_people.estimate);
    const double bytes_share = ShareOf(flow.bytes, all_bytes);
    const bool by_people = figures.subjects.low >= o.people && people_share >= o.share;
    const bool by_bytes = flow.bytes >= o.bytes && bytes_share >= o.share &&
                          figures.subjects.low >= o.people_with_bytes;
    const Origins origins = OriginsOf(bundle, own);
    const bool holds = (by_people || by_bytes) && flow.days.size() >= o.days && 2 * origins.own > origins.named;
    const std::string dedup = "D20|" + epoch.policy.ZoneName(zone) + "|" + std::string(state.text());
    Saying s;
    s.ends = EndsOf(flow.sums);
    s.ends.to.jurisdiction = state;
    s.ends.bytes = flow.bytes;
    s.ends.judgement = bundle.strands.front().judgement;
    s.weighed = Weigh(Severity::kLow, figures.sensitive(), s.ends, LostShare(epoch.ledger));
    // Offered in people, or in bytes where only they hold.
    const std::uint64_t count = by_people || !by_bytes ? figures.subjects.low : flow.bytes;
    const std::uint64_t needed = by_people || !by_bytes ? o.people : o.bytes;
    s.answer = gate_.Offer(dedup, last_seen, holds ? count : 0, needed, s.weighed.severity);
    if (!s.answer.raise) return;
    s.dedup = dedup;
    figures.window = last_seen - bundle.first_seen;
    s.people = &figures;
    const std::string site = "zone " + epoch.policy.ZoneName(zone) + " (" + StateWords(own) + ")";
    s.signature = "Steady flow of a site's data to one State: " + People(figures.subjects) + ", " +
                  figures.ClassWords() +
                  ", " + site + " to " + StateWords(state);
    s.what = "On " + Figure(flow.days.size()) + " days within " + Span(figures.window) + " data of " +
             People(figures.subjects) + " (" + figures.TypeWords() + ") and " + ByteWords(flow.bytes) + " went from " +
                 site +
             " to " + StateWords(state) + ": " + Percent(people_share) + " of the identifiers and " +
                 Percent(bytes_share) +
             " of the bytes that left it. Of the people whose identifiers name a State, " + Figure(origins.own) +
                 " of " +
             Figure(origins.named) + " are of " + StateWords(own) +
             ": a pattern consistent with keeping overseas data at home. Threshold: " + Figure(o.people) +
                 " people, or " +
             ByteWords(o.bytes) + ", in 30 days on at least " + Figure(o.days) + " of them, " + Percent(o.share) +
             " of what leaves the site, most of the people its own State's; compared with the lower bound, " +
             Figure(figures.subjects.low) + ".";
    s.remedy = "ask who keeps this site's data in " + StateWords(state) + " and on what basis; if it is meant (central "
               "personnel or billing), register it";
    s.extra.BeginObject("repatriation").Integer("days", static_cast<std::int64_t>(flow.days.size()));
    s.extra.Real("people_share", people_share).Real("bytes_share", bytes_share);
    s.extra.Integer("own_people", static_cast<std::int64_t>(origins.own)).EndObject();
    s.sample = bundle.sample;
    s.app_proto = flow.sums.app_proto;
    s.first_seen = bundle.first_seen;
    s.last_seen = last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  static double ShareOf(std::uint64_t part, std::uint64_t all) noexcept {
    return all == 0 ? 0.0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(all));
  }

  Options options_;
  AlertGate gate_;
  std::map<policy::ZoneId, Site> sites_;  // as many as declared zones
};

}  // namespace

std::unique_ptr<Detector> MakeRepatriation(const Options& options) { return std::make_unique<Repatriation>(options); }

}  // namespace gander::detect
