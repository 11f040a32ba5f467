// SPDX-License-Identifier: Apache-2.0
// D05 Low and slow: a few people's data a day from one sender to one collector, unseen by every rule with a window of
// hours, many people in a month. What D02 has spoken of in that month is left to it. Who answers people one by one
// sends to about as many addresses as there are people, and is no collector.
#include <algorithm>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d05_low_and_slow/slow_pairs.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr std::uint64_t kPeopleARecipient = 2;  // up to so many, everybody is told of himself

const Topic& TheTopic() {
  static const Topic topic{"D05", "low_and_slow", 5, "Slow transfer of personal data", {"T1030", "T1029"}};
  return topic;
}

// The largest kind of identifier that holds its threshold by the greatest factor.
struct Firing {
  SubjectCount people;
  std::uint64_t needed = 0;
};

class LowAndSlow final : public Detector {
 public:
  explicit LowAndSlow(const Options& options)
      : options_(options), pairs_(options), gate_(options, LengthOf(Ring::kMonth)) {}

  std::uint64_t keys_lost() const noexcept override { return pairs_.map().counters().evicted_proven; }

  StateUse use() const noexcept override {
    const SlowPairs::Map& map = pairs_.map();
    return {map.bytes(), map.size(), map.counters().refused, static_cast<std::uint64_t>(map.KeysOfLoudestOrigin())};
  }
  void Save(SnapshotWriter& out) const override { SaveAll(out, pairs_, gate_); }
  bool Load(StateReader& in) override { return LoadAll(in, pairs_, gate_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    for (const SlowPairs::Touched& t : pairs_.Add(*epoch.book, epoch.begin)) Judge(t, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // Figures of every kind of identifier, most people first.
  PeopleFigures FiguresOf(const SlowPair& pair, const std::vector<identify::RuleInfo>& types) const {
    PeopleFigures figures;
    for (const SlowPair::Kind& k : pair.kinds) {
      const sketch::Estimate e = k.people.Count(pairs_.keys(), Ring::kMonth);
      if (e.estimate == 0 || k.type >= types.size()) continue;
      figures.types.push_back({&types[k.type], {e.estimate, e.low, e.high}, k.findings});
      figures.subjects = Larger(figures.subjects, figures.types.back().distinct);
    }
    std::sort(figures.types.begin(), figures.types.end(), [](const auto& a, const auto& b) {
      if (a.distinct.estimate != b.distinct.estimate) return a.distinct.estimate > b.distinct.estimate;
      return a.rule->id < b.rule->id;
    });
    return figures;
  }

  Firing Fires(const PeopleFigures& figures) const {
    Firing best;
    for (const PeopleFigures::Type& t : figures.types) {
      const bool sensitive = t.rule->sensitivity >= identify::Sensitivity::kSensitive;
      const std::uint64_t needed = sensitive ? options_.slow.sensitive_subjects : options_.slow.subjects;
      if (best.needed == 0 || t.distinct.low * best.needed > best.people.low * needed) best = {t.distinct, needed};
    }
    return best;
  }

  void Judge(const SlowPairs::Touched& touched, const EpochView& epoch, AlertSink& alerts) {
    const SlowPair& pair = touched.entry->value;
    const Timestamp since = pairs_.keys().Since(Ring::kMonth);
    if (pair.bulk_day >= SlowPairs::DayOf(since)) return;
    PeopleFigures figures = FiguresOf(pair, epoch.book->types());
    const Firing firing = Fires(figures);
    const std::uint64_t recipients = pair.recipients.Count(pairs_.keys(), Ring::kMonth).estimate;
    const std::uint32_t days = pair.ActiveDays(since);
    const bool holds = firing.people.low >= firing.needed && days >= options_.slow.active_days &&
                       firing.people.low > kPeopleARecipient * recipients;
    const Moved& moved = *touched.moved;
    figures.samples = moved.samples;
    figures.window = moved.last_seen - std::max(since, pair.first_seen);
    const EndFigures ends = EndsOf(moved, touched.collector);
    const Weighed weighed = Weigh(Severity::kHigh, figures.sensitive(), ends, LostShare(epoch.ledger));
    const std::string dedup = "D05|" + ends.sender + "|" + touched.collector;
    const AlertGate::Answer answer =
        gate_.Offer(dedup, moved.last_seen, holds ? firing.people.low : 0, firing.needed, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, moved.sample, dedup);
    alert.time = alert.last_seen = moved.last_seen;
    alert.first_seen = std::max(since, pair.first_seen);
    alert.app_proto = moved.app_proto;
    const std::string to = touched.collector + " (" + epoch.policy.ZoneName(moved.to.zone) + ", " +
                           StateWords(moved.to.jurisdiction) + ")";
    alert.signature = "GANDER Low and slow transfer: " + People(firing.people) + ", " + figures.ClassWords() + ", " +
                      ends.sender + " to " + to + " on " + Figure(days) + " days, " +
                      policy::NameOf(moved.judgement.verdict);
    alert.explanation = "Data of " + People(firing.people) + " (" + figures.TypeWords() + ") went from " +
                        PartyWords(moved.key.sender, {}, moved.from, epoch.policy) + " to " + to + " on " +
                        Figure(days) + " different days within " + Span(figures.window) +
                        ", none of them enough for a bulk transfer: a pattern consistent with a slow copy. " +
                        "Threshold: " +
                        Figure(firing.needed) + " people in 30 days on " + Figure(options_.slow.active_days) +
                        " days; it is compared with the lower bound, " + Figure(firing.people.low) + ". They went to " +
                        Figure(recipients) + (recipients == 1 ? " address. " : " addresses. ") +
                        VerdictWords(moved.judgement) + " " + weighed.words + " " + CoverageWords(epoch.ledger) +
                        (answer.again ? " Said again because it has grown or lasts." : "") +
                        " What to do: ask the owner of the sender which job sends these; if it is meant, register it "
                        "with its basis, quota and end date.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static EndFigures EndsOf(const Moved& moved, const std::string& collector) {
    EndFigures ends;
    ends.sender = moved.key.sender.ToString();
    ends.recipient = moved.domain.empty() ? collector : moved.key.recipient.ToString();
    ends.recipient_domain = moved.domain.empty() ? "" : collector;
    ends.from = moved.from;
    ends.to = moved.to;
    ends.app_proto = moved.app_proto;
    ends.encrypted = moved.encrypted;
    ends.judgement = moved.judgement;
    return ends;
  }

  Options options_;
  SlowPairs pairs_;
  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeLowAndSlow(const Options& options) { return std::make_unique<LowAndSlow>(options); }

}  // namespace gander::detect
