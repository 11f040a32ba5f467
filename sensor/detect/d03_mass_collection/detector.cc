// SPDX-License-Identifier: Apache-2.0
// D03 Mass collection (fan-in): many people's data from many sources converging on one receiver, seen at the level of
// address, network, registrable domain, autonomous system and jurisdiction, over an hour to a year; and the same for
// the people of one foreign State. Receivers that the register permits never get here.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "detect/account/collectors.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d03_mass_collection/overlap_book.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kSmallestCoat = 20;  // part of the people needed in an hour that a coat must hold
constexpr double kExplains = 0.8;  // a narrow level that holds so much speaks for the wide one

// A system or a State receives from many without one collector behind it.
std::uint64_t FactorOf(Level level) noexcept {
  if (level == Level::kJurisdiction) return 10;
  return level == Level::kSystem ? 3 : 1;
}

const Topic& TheTopic() {
  static const Topic topic{"D03", "mass_collection", 3, "Mass collection of personal data", {"T1119", "T1020"}};
  return topic;
}

// A condition that held for a collector.
struct Firing {
  CollectorKey key;
  const Collector* facts = nullptr;
  Ring ring = Ring::kHour;
  policy::Jurisdiction country;  // unknown: people of all States
  CollectorCount count;
  std::uint64_t people_needed = 0, sources_needed = 0;
  const char* window = "";
  Timestamp begun;               // of the accumulator that counted
  Timestamp judged;              // begin of the epoch in which it held last

  // Whose facts they are is looked up in every epoch.
  static auto Saved(auto& f) {
    return Fields(f.key, f.ring, f.country, f.count, f.people_needed, f.sources_needed, f.window, f.begun, f.judged);
  }
};

class MassCollection final : public Detector {
 public:
  explicit MassCollection(const Options& options)
      : options_(options), collectors_(options), gate_(options, Duration::Seconds(3600)) {}

  std::uint64_t keys_lost() const noexcept override { return collectors_.keys_lost(); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    const std::vector<CollectorKey> touched = collectors_.Add(*epoch.book, epoch.begin);
    overlaps_.Add(collectors_, touched, *epoch.book);
    ForgetFiring(epoch.begin);
    for (const CollectorKey& key : touched) Judge(key, epoch.begin);
    // From narrow to wide; a wide one that a narrow one explains keeps silent.
    for (const auto& [key, firing] : firing_) {
      if (firing.judged == epoch.begin && !Explained(firing)) Say(firing, epoch, alerts);
    }
    CompareCoats(epoch, alerts);
    gate_.Expire(epoch.end);
  }

  StateUse use() const noexcept override {
    const Collectors::Use u = collectors_.use();
    return {u.bytes, u.keys, u.refused, u.flood_keys};
  }
  void Save(SnapshotWriter& out) const override { SaveAll(out, collectors_, overlaps_, gate_, compared_, firing_); }
  bool Load(StateReader& in) override { return LoadAll(in, collectors_, overlaps_, gate_, compared_, firing_); }

 private:
  using FiringKey = std::pair<CollectorKey, policy::Jurisdiction>;
  struct Rule {
    Ring ring;
    std::uint32_t people, sources;
    const char* window;
    bool roll_ups_only;
  };

  std::array<Rule, 5> Rules() const noexcept {
    const Options& o = options_;
    return {{{Ring::kHour, o.collection_subjects_1h, o.collection_sources_1h, "60 min", false},
             {Ring::kDay, o.collection_subjects_24h, o.collection_sources_24h, "24 h", false},
             {Ring::kMonth, o.collection_subjects_30d, o.collection_sources_30d, "30 days", false},
             {Ring::kCalendarYear, o.collection_subjects_year, o.collection_sources_30d, "a calendar year", true},
             {Ring::kYear, o.collection_subjects_year, o.collection_sources_30d, "12 months", true}}};
  }

  // Notes what holds for one collector: people of all States, else people of single foreign ones.
  void Judge(const CollectorKey& key, Timestamp epoch) {
    firing_.erase(firing_.lower_bound({key, {{'\0', '\0'}}}), firing_.upper_bound({key, {{'\x7f', '\x7f'}}}));
    const Collector* const c = collectors_.Find(key);
    if (c == nullptr || c->facts == nullptr) return;
    Firing f;
    f.key = key;
    f.facts = c;
    f.judged = epoch;
    const auto holds = [&](const Rule& rule, policy::Jurisdiction country) {
      f.country = country;
      f.ring = rule.ring;
      f.count = collectors_.CountOf(*c, rule.ring, country);
      f.people_needed = rule.people * FactorOf(key.level);
      f.sources_needed = rule.sources;
      f.window = rule.window;
      f.begun = rule.ring == Ring::kCalendarYear ? c->first_seen
                                                 : std::max(c->first_seen, collectors_.keys().Since(rule.ring));
      return f.count.people.low >= f.people_needed && f.count.sources.low >= f.sources_needed;
    };
    for (const Rule& rule : Rules()) {
      if (rule.roll_ups_only && key.level < Level::kDomain) continue;
      if (!holds(rule, {})) continue;
      firing_[{key, {}}] = f;
      return;
    }
    const Rule foreign{Ring::kDay, options_.collection_foreign_subjects, options_.collection_foreign_sources, "24 h",
                       false};
    for (policy::Jurisdiction country : Collectors::ForeignStates(*c)) {
      if (holds(foreign, country)) firing_[{key, country}] = f;
    }
  }

  // A narrow one speaks for a wide one of the same people, and, since it names all States, for a wide one of one.
  bool Explained(const Firing& wide) const {
    return std::any_of(firing_.begin(), firing_.end(), [&](const auto& entry) {
      const Firing& narrow = entry.second;
      const bool same = narrow.country == wide.country;
      if (!(same || !narrow.country.known()) || !Within(narrow.key, *narrow.facts, wide.key)) return false;
      const CollectorCount held = same ? narrow.count : collectors_.CountOf(*narrow.facts, wide.ring, wide.country);
      return static_cast<double>(held.people.estimate) >= kExplains * static_cast<double>(wide.count.people.estimate);
    });
  }

  // A condition stays noted for an hour of silence, so that it can explain wider ones in epochs in which it was not
  // touched. Behind each Add, since that may give up the collectors that `facts` points to.
  void ForgetFiring(Timestamp now) {
    for (auto it = firing_.begin(); it != firing_.end();) {
      Firing& f = it->second;
      f.facts = collectors_.Find(f.key);
      const bool silent =
          f.facts == nullptr || f.facts->facts == nullptr || now - f.facts->last_seen > Duration::Seconds(3600);
      it = silent ? firing_.erase(it) : std::next(it);
    }
  }

  // `coats`: the receivers of whom `f` is the largest, or null.
  void Say(const Firing& f, const EpochView& epoch, AlertSink& alerts, const OverlapBook::Coats* coats = nullptr) {
    const Collector::Facts& c = *f.facts->facts;
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
    const std::string dedup =
        "D03|" + (coats != nullptr ? "coats|" + coats->keys.front().ToString() : f.key.ToString()) + of_state;
    const AlertGate::Answer answer =
        gate_.Offer(dedup, f.facts->last_seen, f.count.people.low, f.people_needed, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, c.sample, dedup);
    alert.app_proto = c.app_proto;
    alert.time = alert.last_seen = f.facts->last_seen;
    alert.first_seen = f.begun;
    const std::string whose = f.country.known() ? " of " + StateWords(f.country) : "";
    const std::string others = coats != nullptr ? " and " + Figure(coats->keys.size() - 1) + " others" : "";
    const std::string to = f.key.ToString() + others + " (" + epoch.policy.ZoneName(c.to.zone) + ", " +
                           StateWords(c.to.jurisdiction) + ")";
    alert.signature = std::string("GANDER Mass collection") +
                      (f.country.known() ? " of foreign people's data: " : ": ") + People(f.count.people) + whose +
                      ", " + figures.ClassWords() + ", from " + Figure(f.count.sources.estimate) + " sources to " + to;
    alert.explanation = Explain(f, figures, to, whose) + FreshWords(*f.facts) +
                        (coats != nullptr ? CoatWords(*coats) : TwinWords(f.key)) + " " +
                        VerdictWords(c.judgement) + " " + weighed.words + " " + CoverageWords(epoch.ledger) +
                        (answer.again ? " Said again because it has grown or lasts." : "") +
                        " What to do: find out what on these sources reports to the receiver and on whose behalf; if "
                        "it is meant, list it under `collectors` with its basis and end date.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  // Once an hour: collectors none of which holds enough, and that hold the same people.
  void CompareCoats(const EpochView& epoch, AlertSink& alerts) {
    if (compared_ == kDistantPast) compared_ = epoch.begin;
    if (epoch.end - compared_ < Duration::Seconds(3600)) return;
    const Timestamp before = std::exchange(compared_, epoch.end);
    for (const Level level : {Level::kDomain, Level::kAddress}) {
      for (const OverlapBook::Coats& coats :
           overlaps_.Groups(level, options_.collection_subjects_1h / kSmallestCoat, collectors_.keys())) {
        JudgeCoats(coats, before, epoch, alerts);
      }
    }
  }

  // The shortest window that holds all they received decides what is needed. `before`: when they were compared last.
  void JudgeCoats(const OverlapBook::Coats& coats, Timestamp before, const EpochView& epoch, AlertSink& alerts) {
    Firing f;
    Timestamp last = kDistantPast;
    f.begun = kDistantFuture;
    for (const CollectorKey& key : coats.keys) {
      const Collector* const c = collectors_.Find(key);
      const bool spoke = std::any_of(firing_.begin(), firing_.end(), [&](const auto& e) {
        return e.first.first == key || (key.level == Level::kAddress && c != nullptr && c->facts != nullptr &&
                                        Within(key, *c, e.first.first));
      });
      if (spoke || c == nullptr || c->facts == nullptr) return;
      if (key.level == Level::kAddress && !c->facts->domain.empty()) return;  // compared by its domain
      const CollectorCount count = collectors_.CountOf(*c, Ring::kMonth);
      if (f.facts == nullptr || count.people.low > f.count.people.low) {
        f.key = key;
        f.facts = c;
        f.count.people = count.people;
      }
      if (count.sources.low > f.count.sources.low) f.count.sources = count.sources;
      f.begun = std::min(f.begun, c->first_seen);
      last = std::max(last, c->last_seen);
    }
    if (last < before) return;
    const auto rules = Rules();
    const Duration age = last - f.begun;
    const std::size_t which = age <= Duration::Seconds(5400) ? 0 : age <= Duration::Seconds(36 * 3600) ? 1 : 2;
    f.ring = Ring::kMonth;
    f.window = rules[which].window;
    f.people_needed = rules[which].people;
    f.sources_needed = rules[which].sources;
    f.count.people = coats.people;
    if (f.count.people.low < f.people_needed || f.count.sources.low < f.sources_needed) return;
    Say(f, epoch, alerts, &coats);
  }

  static std::string CoatWords(const OverlapBook::Coats& coats) {
    constexpr std::size_t kNamed = 5;
    std::string names;
    for (std::size_t i = 0; i < std::min(coats.keys.size(), kNamed); ++i)
      names += (i > 0 ? ", " : "") + coats.keys[i].ToString();
    if (coats.keys.size() > kNamed) names += " and " + Figure(coats.keys.size() - kNamed) + " more";
    return " The people are those of " + Figure(coats.keys.size()) + " receivers together (" + names +
           "), each of which has " + Percent(coats.share) + " or more in common with another (threshold " +
           Percent(OverlapBook::kOneCollector) + "): a pattern consistent with one collector in several coats.";
  }

  PeopleFigures FiguresFrom(const Firing& f, const std::vector<identify::RuleInfo>& types) const {
    PeopleFigures figures;
    for (const Collector::Unit& unit : f.facts->units) {
      if (unit.country != f.country) continue;
      const sketch::Estimate e = unit.people.Count(collectors_.keys(), f.ring);
      if (e.estimate == 0 || unit.type >= types.size()) continue;
      figures.types.push_back({&types[unit.type], {e.estimate, e.low, e.high}, unit.findings});
      figures.subjects = Larger(figures.subjects, figures.types.back().distinct);
    }
    std::sort(figures.types.begin(), figures.types.end(), [](const auto& a, const auto& b) {
      if (a.distinct.estimate != b.distinct.estimate) return a.distinct.estimate > b.distinct.estimate;
      return a.rule->id < b.rule->id;
    });
    figures.window = f.facts->last_seen - f.begun;
    figures.samples = f.facts->facts->samples;
    return figures;
  }

  // A service that one's own people use sees the same ones again: the figure falls from day to day.
  static std::string FreshWords(const Collector& c) {
    const auto [day, week] = Collectors::FreshPeople(c);
    return " New here within 7 days: about " + Figure(week) + " people, " + Figure(day) + " of them on the latest day.";
  }

  std::string TwinWords(const CollectorKey& key) const {
    const OverlapBook::Twin twin = overlaps_.Closest(key, collectors_.keys());
    if (twin.share < OverlapBook::kOneCollector) return "";
    return " It has " + Percent(twin.share) + " of its people in common with " + twin.key.ToString() +
           " (of those of either): a pattern consistent with one collector in two coats.";
  }

  static std::string Explain(const Firing& f, const PeopleFigures& figures, const std::string& to,
                             const std::string& whose) {
    return "Data of " + People(f.count.people) + whose + " (" + figures.TypeWords() + ") from " +
           Figure(f.count.sources.estimate) + " sources reached " + to + " within " + Span(figures.window) +
           ": a pattern consistent with collection at scale. Threshold: " + Figure(f.people_needed) +
           " people and " + Figure(f.sources_needed) + " sources in " + f.window +
           "; both are compared with lower bounds, " + Figure(f.count.people.low) + " and " +
           Figure(f.count.sources.low) + ".";
  }

  Options options_;
  Collectors collectors_;
  OverlapBook overlaps_;
  AlertGate gate_;
  Timestamp compared_ = kDistantPast;
  std::map<FiringKey, Firing> firing_;  // CollectorKey orders by level first
};

}  // namespace

std::unique_ptr<Detector> MakeMassCollection(const Options& options) {
  return std::make_unique<MassCollection>(options);
}

}  // namespace gander::detect
