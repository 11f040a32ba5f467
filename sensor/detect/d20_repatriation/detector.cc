// SPDX-License-Identifier: Apache-2.0
// D20 Repatriation of overseas data: over 30 days most of what leaves a site goes to one other State, and it is data
// of the people of the State in which the site stands. A copy made once is D02's; this is a flow that lasts.
#include <algorithm>
#include <map>

#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/d20_repatriation/site_flows.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

const Topic& TheTopic() {
  static const Topic topic{"D20", "repatriation", 20, "Data of a site abroad flows to one State", {"T1537"}};
  return topic;
}

// People of the site's own State among those whose identifiers name one.
struct Origins {
  std::uint64_t own = 0, named = 0;
};
Origins OriginsOf(const Outflow& flow, const SiteFlows& flows, policy::Jurisdiction own) {
  std::map<policy::Jurisdiction, SubjectCount> states;
  for (const auto& [kind, people] : flow.kinds) {
    if (kind.country.known()) states[kind.country] = Larger(states[kind.country], flows.Count(people));
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
  explicit Repatriation(const Options& options)
      : options_(options),
        gate_(Weekly(options), kSiteWindow),
        flows_(options.repeatable ? RingKeys::Origin::kRepeatable : RingKeys::Origin::kRandom) {}

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, flows_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, flows_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    for (policy::ZoneId site : flows_.Add(epoch)) Judge(site, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // What lasts for a month is not said again every day.
  static Options Weekly(Options options) {
    options.reraise_s = std::max<std::uint32_t>(options.reraise_s, 7 * 86'400);
    return options;
  }

  void Judge(policy::ZoneId zone, const EpochView& epoch, AlertSink& alerts) {
    const Site& site = flows_.at(zone);
    std::uint64_t all_bytes = 0;
    for (const auto& [state, flow] : site.states) {
      const Outflow::Sums* const sums = flows_.SumsOf(flow);
      all_bytes += sums == nullptr ? 0 : sums->bytes;
    }
    for (const auto& [state, flow] : site.states) {
      const Outflow::Sums* const sums = flows_.SumsOf(flow);
      const bool abroad = state.known() && state != epoch.policy.zones()[zone].jurisdiction;
      if (!abroad || sums == nullptr || sums->days.empty()) continue;
      JudgeState(zone, state, flow, *sums, flows_.Count(site.people), all_bytes, site.last_seen, epoch, alerts);
    }
  }

  // By people, or by bytes where people were seen but not all could be.
  void JudgeState(policy::ZoneId zone, policy::Jurisdiction state, const Outflow& flow, const Outflow::Sums& sums,
                  const SubjectCount& all_people, std::uint64_t all_bytes, Timestamp last_seen,
                  const EpochView& epoch, AlertSink& alerts) {
    const Options::Repatriation& o = options_.repatriation;
    const Bundle& bundle = sums.moved.bundle;
    const policy::Jurisdiction own = epoch.policy.zones()[zone].jurisdiction;
    PeopleFigures figures = flows_.FiguresOf(flow, epoch.book->types());
    const double people_share = ShareOf(flows_.Count(flow.unregistered).estimate, all_people.estimate);
    const double bytes_share = ShareOf(sums.bytes, all_bytes);
    const bool by_people = figures.subjects.low >= o.people && people_share >= o.share;
    const bool by_bytes = sums.bytes >= o.bytes && bytes_share >= o.share &&
                          figures.subjects.low >= o.people_with_bytes;
    const Origins origins = OriginsOf(flow, flows_, own);
    const bool holds = (by_people || by_bytes) && sums.days.size() >= o.days && 2 * origins.own > origins.named;
    const std::string dedup = "D20|" + epoch.policy.ZoneName(zone) + "|" + std::string(state.text());
    Saying s;
    s.ends = EndsOf(sums.moved);
    s.ends.to.jurisdiction = state;
    s.ends.bytes = sums.bytes;
    s.ends.judgement = sums.judgement;
    s.weighed = Weigh(Severity::kLow, figures.sensitive(), s.ends, LostShare(epoch.ledger));
    // Offered in people, or in bytes where only they hold.
    const std::uint64_t count = by_people || !by_bytes ? figures.subjects.low : sums.bytes;
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
    s.what = "On " + Figure(sums.days.size()) + " days within " + Span(figures.window) + " data of " +
             People(figures.subjects) + " (" + figures.TypeWords() + ") and " + ByteWords(sums.bytes) + " went from " +
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
    s.extra.BeginObject("repatriation").Integer("days", static_cast<std::int64_t>(sums.days.size()));
    s.extra.Real("people_share", people_share).Real("bytes_share", bytes_share);
    s.extra.Integer("own_people", static_cast<std::int64_t>(origins.own)).EndObject();
    s.sample = bundle.sample;
    s.app_proto = sums.moved.app_proto;
    s.first_seen = bundle.first_seen;
    s.last_seen = last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  static double ShareOf(std::uint64_t part, std::uint64_t all) noexcept {
    return all == 0 ? 0.0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(all));
  }

  Options options_;
  AlertGate gate_;
  SiteFlows flows_;
};

}  // namespace

std::unique_ptr<Detector> MakeRepatriation(const Options& options) { return std::make_unique<Repatriation>(options); }

}  // namespace gander::detect
