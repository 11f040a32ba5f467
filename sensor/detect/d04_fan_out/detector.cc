// SPDX-License-Identifier: Apache-2.0
// D04 Fan-out: one holder scatters people's data over many recipients, none of which gets enough for D02. People are
// counted on the sender. A newsletter is no scatter: each recipient gets what is about itself.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/moved_sums.h"
#include "detect/account/registrable_domain.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kHour = Duration::Seconds(3600);
// Shares are kept of so many recipients a source; the earliest, later ones are only counted. Far above what it takes
// to fire.
constexpr std::size_t kMostShares = 128, kSharesOnAverage = 4;

const Topic& TheTopic() {
  static const Topic topic{"D04", "fan_out", 4, "One holder scatters people's data", {"T1048", "T1030"}};
  return topic;
}

struct Scatter {
  MovedSums sums;
  sketch::DistinctSet parties;  // recipients (PartyOf)
  // People of each recipient, by kind of identifier.
  std::map<std::string, std::map<TypeIndex, sketch::DistinctSet>> shares;
  bool mail = true;             // nothing but mail

  static auto Saved(auto& s) { return Fields(s.sums, s.parties, s.shares, s.mail); }
  std::uint64_t LargestShare() const {
    std::uint64_t largest = 0;
    for (const auto& [party, kinds] : shares) {
      for (const auto& [type, people] : kinds) largest = std::max(largest, people.Count().estimate);
    }
    return largest;
  }
};

struct Source {
  StaggeredWindows<Scatter> hour{kHour};
  Timestamp last_seen = kDistantPast;

  static auto Saved(auto& s) { return Fields(s.hour, AsSet(s.last_seen)); }
};

bool IsMail(const Moved& m) noexcept { return std::string_view(m.app_proto) == "smtp"; }

// A recipient: the name it is called by; of mail, whose domain it is; without a name its address.
std::string PartyOf(const Moved& m) {
  const std::string name = IsMail(m) ? RegistrableDomain(m.domain) : m.domain;
  return name.empty() ? m.key.recipient.ToString() : name;
}

class FanOut final : public Detector {
 public:
  explicit FanOut(const Options& options) : options_(options), gate_(options, kHour) {}

  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, sources_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, sources_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<IpAddress> touched;
    for (const Moved& m : epoch.book->moved()) {
      if (!Concerns(m, epoch.book->types()[m.type])) continue;
      Add(m, epoch.begin);
      touched.insert(m.key.sender);
    }
    Prune(epoch.begin);
    for (const IpAddress& sender : touched) Judge(sender, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // Sent by the holder; what others fetch from it is a service's trade (D06, D08). In mail the addresses of those
  // written to are no data about others.
  static bool Concerns(const Moved& m, const identify::RuleInfo& rule) {
    if (policy::Permits(m.judgement.verdict) || !rule.identifies_person || IsPull(m)) return false;
    return !IsMail(m) || rule.sensitivity >= identify::Sensitivity::kPersonal;
  }

  void Add(const Moved& m, Timestamp epoch_begin) {
    Source& source = sources_[m.key.sender];
    source.hour.Advance(epoch_begin);
    const std::string party = PartyOf(m);
    const std::uint64_t tag = SipHash24({}, std::as_bytes(std::span(party)));
    source.hour.ForEach([&](Scatter& s) {
      s.sums.Add(m, epoch_begin);
      s.parties.Insert(tag);
      s.mail = s.mail && IsMail(m);
      if (s.shares.size() < kMostShares || s.shares.contains(party)) s.shares[party][m.type].Merge(m.people);
    });
    source.last_seen = std::max(source.last_seen, m.last_seen);
  }

  void Prune(Timestamp now) {
    std::erase_if(sources_, [&](const auto& s) { return now - s.second.last_seen > Duration::Seconds(5400); });
    const auto people = [](const Source& s) { return s.hour.longest().sums.PeopleAtMost(); };
    KeepWithin(sources_, std::max<std::size_t>(16, KeysWithin(options_, 6) / kSharesOnAverage),
               [&](const Source& s) { return std::pair(people(s), s.last_seen); },
               [&](const IpAddress&, const Source& s) { keys_lost_ += people(s) >= MovedWindows<int>::kProvenPeople; });
  }

  void Judge(const IpAddress& sender, const EpochView& epoch, AlertSink& alerts) {
    const auto at = sources_.find(sender);
    if (at == sources_.end()) return;
    const Scatter& scatter = at->second.hour.longest();
    const Options::FanOut& o = options_.fan_out;
    PeopleFigures figures = FiguresOf(scatter.sums.bundle, epoch.book->types());
    const SubjectCount parties = CountOf(scatter.parties);
    const bool relay = scatter.mail || policy::HasRole(scatter.sums.bundle.from, policy::Role::kRelay);
    const std::uint64_t needed = relay ? o.relay_recipients : o.recipients;
    const std::uint64_t largest = scatter.LargestShare();
    const bool scattered = parties.low >= needed &&
                           figures.subjects.low >= o.people_a_recipient * parties.estimate &&
                           static_cast<double>(largest) <
                               o.largest_share * static_cast<double>(figures.subjects.estimate);
    Saying s;
    s.ends = EndsOf(scatter.sums);
    for (const Strand& strand : scatter.sums.bundle.strands) {
      if (s.ends.judgement.why.empty() || Badness(strand.judgement.verdict) > Badness(s.ends.judgement.verdict)) {
        s.ends.judgement = strand.judgement;
      }
    }
    s.weighed = Weigh(figures.subjects.low >= 10 * o.people ? Severity::kHigh : Severity::kMedium,
                      figures.sensitive(), s.ends,
                      LostShare(epoch.ledger));
    s.dedup = "D04|" + sender.ToString();
    s.answer = gate_.Offer(s.dedup, at->second.last_seen, scattered ? figures.subjects.low : 0, o.people,
                           s.weighed.severity);
    if (!s.answer.raise) return;
    AddVolume(*epoch.book, scatter.sums, s.ends);
    figures.window = at->second.last_seen - scatter.sums.bundle.first_seen;
    s.people = &figures;
    const std::string from = PartyWords(sender, {}, scatter.sums.bundle.from, epoch.policy);
    const std::string such = Such(scatter);
    s.signature = "People's data scattered over many recipients: " + People(figures.subjects) + ", " +
                  figures.ClassWords() +
                  ", " + from + " to " + Figure(parties.estimate) + " recipients";
    s.what = from + " sent data of " + People(figures.subjects) + " (" + figures.TypeWords() + ") to " +
             Figure(parties.estimate) + " recipients such as " + such + " within " + Span(figures.window) +
             "; the largest share of one of them was " + Figure(largest) +
             ": a pattern consistent with a copy split over many receivers. Threshold: " + Figure(o.people) +
                 " people and " +
             Figure(needed) + " recipients in an hour, at least " + Figure(o.people_a_recipient) +
             " people a recipient on average and none with " + Percent(o.largest_share) +
             "; compared with lower bounds, " + Figure(figures.subjects.low) + " and " + Figure(parties.low) + ".";
    s.remedy = "find what on the sender distributes these records and why to so many; if it is meant (a mail merge, "
               "webhooks), register the recipients or give the sender the role `relay`";
    s.extra.BeginObject("fan_out").Integer("recipients", static_cast<std::int64_t>(parties.estimate));
    s.extra.Integer("largest_share", static_cast<std::int64_t>(largest)).EndObject();
    s.sample = scatter.sums.bundle.sample;
    s.app_proto = scatter.sums.app_proto;
    s.first_seen = scatter.sums.bundle.first_seen;
    s.last_seen = at->second.last_seen;
    alerts.OnAlert(Compose(TheTopic(), s, epoch));
  }

  static std::string Such(const Scatter& scatter) {
    std::string text;
    std::size_t shown = 0;
    for (const auto& [party, kinds] : scatter.shares) {
      if (++shown > 3) break;
      text += (text.empty() ? "" : ", ") + party;
    }
    return text;
  }

  Options options_;
  AlertGate gate_;
  std::map<IpAddress, Source> sources_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeFanOut(const Options& options) { return std::make_unique<FanOut>(options); }

}  // namespace gander::detect
