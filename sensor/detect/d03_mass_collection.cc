// SPDX-License-Identifier: Apache-2.0
// D03 Mass collection (fan-in): many people's data from many sources converging on one receiver, seen at the level of
// address, network, registrable domain and jurisdiction; and the same for the people of one foreign State. Receivers
// that the register permits never get here.
#include <algorithm>
#include <map>

#include "detect/alert_gate.h"
#include "detect/alert_parts.h"
#include "detect/collectors.h"
#include "detect/detectors.h"
#include "detect/words.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kJurisdictionFactor = 10;  // a State receives from many without one collector behind it
constexpr double kExplains = 0.8;                  // a narrow level that holds so much speaks for the wide one

const Topic& TheTopic() {
  static const Topic topic{"D03", "mass_collection", 3, "Mass collection of personal data", {"T1119", "T1020"}};
  return topic;
}

// A condition that held for a collector.
struct Firing {
  CollectorKey key;
  const Collector* facts = nullptr;
  const Collector::Sums* sums = nullptr;
  policy::Jurisdiction country;  // unknown: people of all States
  CollectorCount count;
  std::uint64_t people_needed = 0, sources_needed = 0;
  Duration window;
  Timestamp begun;               // of the window that counted
  Timestamp judged;              // begin of the epoch in which it held last; `sums` is good in that epoch only
};

class MassCollection final : public Detector {
 public:
  explicit MassCollection(const Options& options)
      : options_(options), collectors_(options.max_keys), gate_(options, Duration::Seconds(3600)) {}

  std::uint64_t keys_lost() const noexcept override { return collectors_.keys_lost(); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    const std::vector<CollectorKey> touched = collectors_.Add(*epoch.book, epoch.begin);
    ForgetFiring(epoch.begin);
    for (const CollectorKey& key : touched) Judge(key, epoch.begin);
    // From narrow to wide; a wide one that a narrow one explains keeps silent.
    for (const auto& [key, firing] : firing_) {
      if (firing.judged == epoch.begin && !Explained(firing)) Say(firing, epoch, alerts);
    }
    gate_.Expire(epoch.end);
  }

 private:
  using FiringKey = std::pair<CollectorKey, policy::Jurisdiction>;

  // Notes what holds for one collector: people of all States, else people of single foreign ones.
  void Judge(const CollectorKey& key, Timestamp epoch) {
    firing_.erase(firing_.lower_bound({key, {{'\0', '\0'}}}), firing_.upper_bound({key, {{'\x7f', '\x7f'}}}));
    const auto at = collectors_.all().find(key);
    if (at == collectors_.all().end()) return;
    const Collector& c = at->second;
    const std::uint64_t factor = key.level == Level::kJurisdiction ? kJurisdictionFactor : 1;
    Firing f;
    f.key = key;
    f.facts = &c;
    f.judged = epoch;
    const auto holds = [&](const auto& window, Duration length, const CollectorCount& count, std::uint64_t people,
                           std::uint64_t sources) {
      f.sums = &window.longest();
      f.count = count;
      f.people_needed = people * factor;
      f.sources_needed = sources;
      f.window = length;
      f.begun = std::max(window.longest_begun(), window.longest().first_seen);
      return count.people.low >= f.people_needed && count.sources.low >= sources;
    };
    if (holds(c.hour, Duration::Seconds(3600), CountAll(c.hour.longest()), options_.collection_subjects_1h,
              options_.collection_sources_1h) ||
        holds(c.day, Duration::Seconds(86'400), CountAll(c.day.longest()), options_.collection_subjects_24h,
              options_.collection_sources_24h)) {
      firing_[{key, {}}] = f;
      return;
    }
    for (policy::Jurisdiction country : ForeignStates(c)) {
      f.country = country;
      if (holds(c.day, Duration::Seconds(86'400), CountOf(c.day.longest(), country),
                options_.collection_foreign_subjects, options_.collection_foreign_sources)) {
        firing_[{key, country}] = f;
      }
    }
  }

  // States of people other than the receiver's own.
  static std::vector<policy::Jurisdiction> ForeignStates(const Collector& c) {
    std::vector<policy::Jurisdiction> out;
    for (const auto& [key, unit] : c.day.longest().units) {
      const policy::Jurisdiction j = key.second;
      if (j.known() && j != c.to.jurisdiction && std::find(out.begin(), out.end(), j) == out.end()) out.push_back(j);
    }
    return out;
  }

  // A narrow one speaks for a wide one of the same people, and, since it names all States, for a wide one of one.
  bool Explained(const Firing& wide) const {
    return std::any_of(firing_.begin(), firing_.end(), [&](const auto& entry) {
      const Firing& narrow = entry.second;
      const bool same = narrow.country == wide.country;
      if (!(same || !narrow.country.known()) || !Within(narrow.key, *narrow.facts, wide.key)) return false;
      const CollectorCount held = same ? narrow.count : CountOf(narrow.facts->day.longest(), wide.country);
      return static_cast<double>(held.people.estimate) >= kExplains * static_cast<double>(wide.count.people.estimate);
    });
  }

  // A condition stays noted for an hour of silence, so that it can explain wider ones in epochs in which it was not
  // touched. Behind each Add, since that may give up the collectors that `facts` points to.
  void ForgetFiring(Timestamp now) {
    std::erase_if(firing_, [&](auto& entry) {
      const auto at = collectors_.all().find(entry.second.key);
      return at == collectors_.all().end() || now - at->second.last_seen > Duration::Seconds(3600);
    });
  }

  void Say(const Firing& f, const EpochView& epoch, AlertSink& alerts) {
    const Collector& c = *f.facts;
    PeopleFigures figures = FiguresFrom(f, epoch.book->types());
    EndFigures ends;
    ends.recipient = f.key.level == Level::kDomain ? c.sample.tuple.destination.ToString() : f.key.ToString();
    ends.recipient_domain = f.key.level == Level::kDomain ? f.key.domain : c.domain;
    ends.from = c.from;
    ends.to = c.to;
    ends.sources = f.count.sources.estimate;
    ends.app_proto = c.app_proto;
    ends.encrypted = c.encrypted;
    ends.judgement = c.judgement;
    const Severity base = f.count.people.low >= 10 * f.people_needed ? Severity::kCritical : Severity::kHigh;
    const Weighed weighed = Weigh(base, figures.sensitive(), ends, LostShare(epoch.ledger));
    const std::string of_state = f.country.known() ? "|" + std::string(f.country.text()) : "";
    const std::string dedup = "D03|" + f.key.ToString() + of_state;
    const AlertGate::Answer answer =
        gate_.Offer(dedup, c.last_seen, f.count.people.low, f.people_needed, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, c.sample, dedup);
    alert.app_proto = c.app_proto;
    alert.time = alert.last_seen = c.last_seen;
    alert.first_seen = f.sums->first_seen;
    const std::string whose = f.country.known() ? " of " + StateWords(f.country) : "";
    const std::string to = f.key.ToString() + " (" + epoch.policy.ZoneName(c.to.zone) + ", " +
                           StateWords(c.to.jurisdiction) + ")";
    alert.signature = std::string("GANDER Mass collection") + (f.country.known() ? " of foreign people's data: " : ": ") +
                      People(f.count.people) + whose + ", " + figures.ClassWords() + ", from " +
                      Figure(f.count.sources.estimate) + " sources to " + to;
    alert.explanation = Explain(f, figures, to, whose) + " " + VerdictWords(c.judgement) + " " + weighed.words + " " +
                        CoverageWords(epoch.ledger) +
                        (answer.again ? " Said again because it has grown or lasts." : "") +
                        " What to do: find out what on these sources reports to the receiver and on whose behalf; if "
                        "it is meant, list it under `collectors` with its basis and end date.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static PeopleFigures FiguresFrom(const Firing& f, const std::vector<identify::RuleInfo>& types) {
    Bundle sums;
    for (const auto& [key, unit] : f.sums->units) {
      if (f.country.known() && key.second != f.country) continue;
      Strand& strand = sums.At(key.first, key.second);
      strand.people.Merge(unit.people);
      strand.findings += unit.findings;
    }
    PeopleFigures figures = FiguresOf(sums, types);
    figures.window = f.facts->last_seen - f.begun;
    figures.samples = f.facts->samples;
    return figures;
  }

  static std::string Explain(const Firing& f, const PeopleFigures& figures, const std::string& to,
                             const std::string& whose) {
    return "Data of " + People(f.count.people) + whose + " (" + figures.TypeWords() + ") from " +
           Figure(f.count.sources.estimate) + " sources reached " + to + " within " + Span(figures.window) +
           ": a pattern consistent with collection at scale. Threshold: " + Figure(f.people_needed) +
           " people and " + Figure(f.sources_needed) + " sources in " + Span(f.window) +
           "; both are compared with lower bounds, " + Figure(f.count.people.low) + " and " +
           Figure(f.count.sources.low) + ".";
  }

  Options options_;
  Collectors collectors_;
  AlertGate gate_;
  std::map<FiringKey, Firing> firing_;  // CollectorKey orders by level first
};

}  // namespace

std::unique_ptr<Detector> MakeMassCollection(const Options& options) {
  return std::make_unique<MassCollection>(options);
}

}  // namespace gander::detect
