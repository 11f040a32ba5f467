// SPDX-License-Identifier: Apache-2.0
// D21 Register compliance: movements that an entry of the register speaks against (over quota, ended, wrong basis,
// people of a third State, forbidden), one alert for each entry, verdict and sending zone; a week before, that an entry
// ends; and that people who left under a meter of law are near one of its tiers, or have reached it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "detect/account/moved_sums.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/d21_register/legal_alert.h"
#include "detect/d21_register/legal_counts.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);

const Topic& TheTopic() {
  static const Topic topic{"D21", "register", 21, "Movement against the transfer register", {"T1020"}};
  return topic;
}

struct Key {
  std::string entry;
  policy::Verdict verdict = policy::Verdict::kUnregistered;
  policy::ZoneId from = policy::kOutside;
  auto operator<=>(const Key&) const = default;
  static auto Saved(auto& k) { return Fields(k.entry, k.verdict, AsZone(k.from)); }
};

// The headline of a verdict, and what its owner should do.
struct Words {
  const char* headline;
  const char* pattern;
  const char* remedy;
};
Words WordsOf(policy::Verdict verdict) {
  switch (verdict) {
    case policy::Verdict::kOverQuota:
      return {"Registered transfer beyond its quota", "a registered transfer that has outgrown what was agreed",
              "ask why more moved than was agreed; if the need is real, amend the entry's quota or hours"};
    case policy::Verdict::kExpired:
      return {"Transfer outside the life of its register entry",
              "a transfer that went on after, or began before, its basis",
              "stop the transfer or renew the entry with a basis that still holds"};
    case policy::Verdict::kWrongBasis:
      return {"Transfer without the basis its entry demands", "a transfer that does not meet what its entry rests on",
              "complete the entry's basis (a judicial one needs its reference), or have the transfer meet its demands"};
    case policy::Verdict::kThirdState:
      return {"People of a third State in a transfer", "a transfer that carries people whose State has no part in it",
              "find out whose data was added; take those people out, or obtain a basis that names their State"};
    default:
      return {"Transfer that the register forbids", "a transfer in spite of a prohibition",
              "stop the transfer, or remove the prohibition if it no longer holds"};
  }
}

class RegisterCompliance final : public Detector, public ReadsLaw {
 public:
  explicit RegisterCompliance(const Options& options)
      : options_(options), sums_(kDay, KeysWithin(options, 4)), gate_(options, kDay), legal_(options) {}

  std::uint64_t keys_lost() const noexcept override { return sums_.keys_lost() + legal_.refused(); }
  StateUse use() const noexcept override { return legal_.use(); }
  std::vector<LegalReading> Readings() const override {
    std::vector<LegalReading> out;
    for (const auto& [key, readings] : readings_) out.insert(out.end(), readings.begin(), readings.end());
    return out;
  }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, sums_, used_, reminded_, looked_, legal_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, sums_, used_, reminded_, looked_, legal_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<Key> touched;
    for (const Moved& m : epoch.book->moved()) {
      const identify::RuleInfo& rule = epoch.book->types()[m.type];
      if (m.judgement.entry < 0) continue;
      const policy::TransferEntry& entry = epoch.policy.transfers()[static_cast<std::size_t>(m.judgement.entry)];
      used_[entry.id] = std::max(used_[entry.id], m.last_seen);
      if (policy::Permits(m.judgement.verdict) || !rule.identifies_person || rule.canary) continue;
      const Key key{entry.id, m.judgement.verdict, m.from.zone};
      sums_.Add(key, m, epoch.begin);
      touched.insert(key);
    }
    sums_.Prune(epoch.begin);
    for (const Key& key : touched) Judge(key, epoch, alerts);
    RemindOfEnds(epoch, alerts);
    for (const LegalKey& key : legal_.Add(epoch)) JudgeTiers(key, epoch, alerts);
    ReadTiers(epoch);
    gate_.Expire(epoch.end);
  }

 private:
  // One is enough where an entry forbids, has ended or is exceeded, if chance cannot explain it; else, and where only
  // the people's State speaks, it takes a few.
  std::uint64_t NeededFor(const Key& key, const Bundle& bundle) const {
    const bool certain = std::any_of(bundle.strands.begin(), bundle.strands.end(),
                                     [](const Strand& s) { return s.certain > 0; });
    if (key.verdict == policy::Verdict::kThirdState) return options_.compliance.third_state_people;
    return certain ? 1 : options_.compliance.uncertain_people;
  }

  Weighed SeverityOf(const Key& key, const PeopleFigures& figures, const EndFigures& ends, double lost) const {
    const bool third = key.verdict == policy::Verdict::kThirdState;
    if (third && figures.subjects.low < options_.compliance.third_state_high) {
      return Plainly(Severity::kMedium, "people of another State may live here; from " +
                                            Figure(options_.compliance.third_state_high) + " people on it is high");
    }
    const bool grave = key.verdict == policy::Verdict::kDenied;
    return Weigh(grave || third ? Severity::kHigh : Severity::kMedium, figures.sensitive(), ends, lost);
  }

  void Judge(const Key& key, const EpochView& epoch, AlertSink& alerts) {
    const auto* entry = sums_.Find(key);
    if (entry == nullptr) return;
    const MovedSums& sums = entry->sums();
    PeopleFigures figures = FiguresOf(sums.bundle, epoch.book->types());
    figures.window = entry->last_seen - sums.bundle.first_seen;
    Saying s;
    s.ends = EndsOf(sums);
    s.ends.judgement = LatestOf(sums.bundle);
    s.people = &figures;
    s.weighed = SeverityOf(key, figures, s.ends, LostShare(epoch.ledger));
    s.dedup = std::string("D21|") + key.entry + "|" + policy::NameOf(key.verdict) + "|" +
              epoch.policy.ZoneName(key.from);
    const std::uint64_t needed = NeededFor(key, sums.bundle);
    s.answer = gate_.Offer(s.dedup, entry->last_seen, figures.subjects.low, needed, s.weighed.severity);
    if (!s.answer.raise) return;
    AddVolume(*epoch.book, sums, s.ends);
    const Words words = WordsOf(key.verdict);
    const std::string who = PartyWords(sums.sender, {}, sums.bundle.from, epoch.policy) + " to " +
                            PartyWords(sums.recipient, sums.bundle.domain, sums.bundle.to, epoch.policy);
    const std::string whose = StatesOf(key, sums.bundle);
    s.signature = std::string(words.headline) + ": entry " + key.entry + ", " + People(figures.subjects) + whose +
                  ", " +
                  figures.ClassWords() + ", " + who;
    s.what = "Data of " + People(figures.subjects) + whose + " (" + figures.TypeWords() + ") went from " + who +
             " within " +
             Span(figures.window) + ": a pattern consistent with " + words.pattern + ". Threshold: " + Figure(needed) +
             (needed == 1 ? " person" : " people") + " in 24 h; it is compared with the lower bound, " +
             Figure(figures.subjects.low) + ".";
    s.remedy = words.remedy;
    s.sample = sums.bundle.sample;
    s.app_proto = sums.app_proto;
    s.first_seen = sums.bundle.first_seen;
    s.last_seen = entry->last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  static policy::Judgement LatestOf(const Bundle& bundle) {
    return std::max_element(bundle.strands.begin(), bundle.strands.end(), [](const Strand& a, const Strand& b) {
             return a.judged < b.judged;
           })->judgement;
  }

  // " of FR, SE" for third States.
  static std::string StatesOf(const Key& key, const Bundle& bundle) {
    if (key.verdict != policy::Verdict::kThirdState) return {};
    std::set<policy::Jurisdiction> states;
    for (const Strand& s : bundle.strands) states.insert(s.country);
    std::string text;
    for (policy::Jurisdiction j : states) text += (text.empty() ? " of " : ", ") + StateWords(j);
    return text;
  }

  void JudgeTiers(const LegalKey& key, const EpochView& epoch, AlertSink& alerts) {
    const auto& meters = epoch.policy.meters();
    const auto meter = std::find_if(meters.begin(), meters.end(), [&](const auto& m) { return m.id == key.meter; });
    for (const policy::LegalTier& tier : meter->tiers) {
      const PeopleFigures figures = legal_.CountOf(key, tier, epoch);
      const std::uint64_t near = NearOf(tier, options_.compliance.meter_share);
      const bool reached = figures.subjects.low >= tier.people;
      Keep(key, ReadingOfTier({*meter, tier, key, reached, near}, figures, legal_));
      if (figures.subjects.low < near) continue;
      if (!legal_.Say(key, tier, reached)) continue;
      const Saying saying = SayingOfTier({*meter, tier, key, reached, near}, figures, legal_);
      alerts.OnAlert(Compose(TheTopic(), saying, epoch));
    }
  }

  void Keep(const LegalKey& key, LegalReading reading) {
    std::vector<LegalReading>& kept = readings_[key];
    const auto same = std::find_if(kept.begin(), kept.end(), [&](const LegalReading& r) {
      return r.tier == reading.tier && r.classes == reading.classes;
    });
    if (same == kept.end()) {
      kept.push_back(std::move(reading));
    } else {
      *same = std::move(reading);
    }
  }

  // Of what an earlier run has counted, once; and gives up what no window holds any more.
  void ReadTiers(const EpochView& epoch) {
    std::erase_if(readings_, [&](const auto& r) { return !legal_.all().contains(r.first); });
    if (std::exchange(read_, true)) return;
    for (const auto& [key, count] : legal_.all()) {
      for (const policy::LegalMeter& meter : epoch.policy.meters()) {
        if (meter.id != key.meter) continue;
        for (const policy::LegalTier& tier : meter.tiers) {
          const PeopleFigures figures = legal_.CountOf(key, tier, epoch);
          const std::uint64_t near = NearOf(tier, options_.compliance.meter_share);
          Keep(key, ReadingOfTier({meter, tier, key, figures.subjects.low >= tier.people, near}, figures, legal_));
        }
      }
    }
  }

  // Once for each entry and end, looked for once a minute of packet time.
  void RemindOfEnds(const EpochView& epoch, AlertSink& alerts) {
    if (looked_ != kDistantPast && epoch.end - looked_ < Duration::Seconds(60)) return;
    looked_ = epoch.end;
    const Timestamp limit = epoch.end + Duration::Seconds(std::int64_t{options_.compliance.remind_days} * 86'400);
    std::erase_if(reminded_, [&](const auto& r) { return r.second < epoch.begin; });
    std::vector<const policy::TransferEntry*> ending;
    for (const policy::TransferEntry& e : epoch.policy.transfers()) {
      if (e.retired) continue;
      if (!e.deny && e.until > epoch.end && e.until <= limit) ending.push_back(&e);
    }
    std::sort(ending.begin(), ending.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    for (const policy::TransferEntry* e : ending) {
      if (reminded_.size() < options_.max_keys && reminded_.emplace(e->id, e->until).second) Remind(*e, epoch, alerts);
    }
  }

  void Remind(const policy::TransferEntry& e, const EpochView& epoch, AlertSink& alerts) {
    const auto used = used_.find(e.id);
    const bool in_use = used != used_.end();
    Alert alert = NewAlert(TheTopic(), in_use ? Severity::kLow : Severity::kInfo, {}, "D21|ends|" + e.id);
    const std::string end = FormatEveTime(e.until).substr(0, 16) + " UTC";
    alert.time = alert.first_seen = alert.last_seen = epoch.end;
    alert.signature = "GANDER Register entry ends soon: " + e.id + " on " + end;
    alert.explanation = "Register entry " + e.id + " ends on " + end + ". " +
                        (in_use ? "Data moved under it as late as " + FormatEveTime(used->second).substr(0, 16) +
                                      " UTC; from that minute on the same movement will be judged expired."
                                : "Nothing was seen to move under it in this run.") +
                        " Threshold: " + Figure(options_.compliance.remind_days) + " days before the end. Severity " +
                        NameOf(alert.severity) + ": a reminder. " + CoverageWords(epoch.ledger) +
                        " What to do: renew the entry if its basis still holds, or end the transfer.";
    alert.context.BeginObject("register").String("entry", e.id).String("until", FormatEveTime(e.until));
    alert.context.Boolean("in_use", in_use).EndObject();
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  Options options_;
  MovedWindows<Key> sums_;
  AlertGate gate_;
  LegalCounts legal_;
  std::map<LegalKey, std::vector<LegalReading>> readings_;  // by tier, as the policy has them
  bool read_ = false;
  std::map<std::string,
      Timestamp> used_;                      // latest movement by entry id: as many as the register has
  std::set<std::pair<std::string, Timestamp>> reminded_;
  Timestamp looked_ = kDistantPast;
};

}  // namespace

std::unique_ptr<Detector> MakeRegisterCompliance(const Options& options) {
  return std::make_unique<RegisterCompliance>(options);
}

}  // namespace gander::detect
