// SPDX-License-Identifier: Apache-2.0
// D07 Cross-border transfer without basis: people's data sent to a party of another State that no register entry
// covers. How many are copied in one go is D02's to say, what an entry says against it D21's; this one speaks of the
// border, once a recipient, and of several recipients together when they are many. What nobody can read is judged by
// its volume.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/mail.h"
#include "detect/account/moved_sums.h"
#include "detect/account/registrable_domain.h"
#include "detect/alerting/compose.h"
#include "detect/alerting/words.h"
#include "detect/d07_cross_border/opaque_border.h"
#include "detect/d07_cross_border/relays.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);
constexpr Duration kHour = Duration::Seconds(3600);

const Topic& TheTopic() {
  static const Topic topic{
      "D07", "cross_border", 7, "Cross-border transfer without a registered basis", {"T1567", "T1537"}};
  return topic;
}

struct Key {
  policy::ZoneId from = policy::kOutside;
  policy::Jurisdiction from_state, to;
  std::string recipient;  // registrable domain, else address; "" = all recipients of the zone
  auto operator<=>(const Key&) const = default;

  Key OfZone() const { return {from, from_state, {}, {}}; }
  static auto Saved(auto& k) { return Fields(AsZone(k.from), k.from_state, k.to, k.recipient); }
};

// What of a window decides, by how grave the classes are.
struct Decision {
  std::uint64_t people = 0, needed = 0;
  Severity base = Severity::kInfo;
  std::string words;

  bool holds() const noexcept { return needed > 0 && people >= needed; }
};

class CrossBorder final : public Detector {
 public:
  explicit CrossBorder(const Options& options)
      : options_(options),
        sums_(kDay, KeysWithin(options, 20)),
        relays_(KeysWithin(options, 6)),
        opaque_(options),
        gate_(options, kDay) {}

  std::uint64_t keys_lost() const noexcept override { return sums_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, sums_, relays_, opaque_, zones_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, sums_, relays_, opaque_, zones_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    relays_.Add(*epoch.book, epoch.begin);
    std::set<Key> touched;
    for (const Moved& m : epoch.book->moved()) {
      if (!Concerns(m, epoch.book->types()[m.type])) continue;
      const Key key = KeyOf(m);
      sums_.Add(key, m, epoch.begin);
      sums_.Add(key.OfZone(), m, epoch.begin);
      touched.insert(key);
    }
    sums_.Prune(epoch.begin);
    for (const Key& key : touched) Judge(key, epoch, alerts);
    if (epoch.traffic != nullptr) {
      // Where people were seen, their alert says more than a volume could.
      opaque_.OnEpoch(epoch, TheTopic(), alerts, [&](const OpaqueWays::Key& way) {
        const policy::Jurisdiction from = epoch.policy.zones()[way.from].jurisdiction;
        return gate_.active(DedupOf({way.from, from, way.to, {}}, epoch.policy) + way.recipient);
      });
    }
    gate_.Expire(epoch.end);
    std::erase_if(zones_, [&](const auto& z) { return epoch.begin - z.second.last > kDay; });
  }

 private:
  using Entry = MovedWindows<Key>::Entry;
  static constexpr std::size_t kMostOthers = 1000;
  // What was said of the recipients of one zone.
  struct Zone {
    std::vector<Timestamp> named;  // that got a notice of their own within the hour
    std::set<Key> others;
    Timestamp last = kDistantPast;

    static auto Saved(auto& z) { return Fields(z.named, z.others, AsSet(z.last)); }
  };

  // Sent, not fetched (D08), and neither known to the register (D21) nor planted (D17). Where the State of neither
  // end is known there is no border to speak of.
  static bool Concerns(const Moved& m, const identify::RuleInfo& rule) {
    const policy::Verdict v = m.judgement.verdict;
    return rule.identifies_person && !rule.canary && m.judgement.entry < 0 && !IsAddressOfMail(m, rule) &&
           (v == policy::Verdict::kUnregistered || v == policy::Verdict::kUnknownParty) &&
           CrossesJurisdiction(m.from, m.to) && (m.from.jurisdiction.known() || m.to.jurisdiction.known()) &&
               !IsPull(m);
  }

  static Key KeyOf(const Moved& m) {
    Key key{m.from.zone, m.from.jurisdiction, m.to.jurisdiction, RegistrableDomain(m.domain)};
    if (key.recipient.empty()) key.recipient = m.key.recipient.ToString();
    return key;
  }

  Decision Decide(const Bundle& bundle, const std::vector<identify::RuleInfo>& types) const {
    Bundle sensitive, personal, contact;
    bool certain = false;
    for (const Strand& s : bundle.strands) {
      const identify::Sensitivity how = types[s.type].sensitivity;
      if (how >= identify::Sensitivity::kSensitive) {
        sensitive.At(s.type, {}).people.Merge(s.people);
        certain = certain || s.certain > 0;
      }
      (how >= identify::Sensitivity::kPersonal ? personal : contact).At(s.type, {}).people.Merge(s.people);
    }
    const auto most = [&](const Bundle& b) { return FiguresOf(b, types).subjects.low; };
    const Options::CrossBorder& o = options_.cross_border;
    const std::uint64_t of_sensitive = most(sensitive), of_personal = most(personal), of_contact = most(contact);
    if (of_personal >= o.personal_people) {
      return {of_personal, o.personal_people, Severity::kMedium, Figure(o.personal_people) + " people in 24 h"};
    }
    if (certain && of_sensitive >= o.sensitive_people) {
      return {of_sensitive, o.sensitive_people, Severity::kInfo,
              Figure(o.sensitive_people) + " whose data is of a sensitive class, beyond chance, in 24 h"};
    }
    return {of_contact, o.contact_people, Severity::kLow,
            Figure(o.contact_people) + " people of whom only ways to reach them or devices are named, in 24 h"};
  }

  void Judge(const Key& key, const EpochView& epoch, AlertSink& alerts) {
    const Entry* entry = sums_.Find(key);
    if (entry == nullptr) return;
    const Decision decision = Decide(entry->sums().bundle, epoch.book->types());
    const std::string dedup = DedupOf(key, epoch.policy) + key.recipient;
    Zone& zone = zones_[key.OfZone()];
    zone.last = std::max(zone.last, entry->last_seen);
    std::erase_if(zone.named, [&](Timestamp t) { return epoch.begin - t > kHour; });
    if (decision.holds() && !gate_.active(dedup) && zone.named.size() >= options_.cross_border.recipients_named) {
      if (zone.others.size() < kMostOthers) zone.others.insert(key);
      return SayOthers(key, zone, decision, epoch, alerts);
    }
    Saying saying = SayingOf(key, *entry, decision, epoch);
    saying.dedup = dedup;
    saying.answer = gate_.Offer(dedup, entry->last_seen, decision.people, decision.needed, saying.weighed.severity);
    if (!saying.answer.raise) return;
    AddVolume(*epoch.book, entry->sums(), saying.ends);
    zone.named.push_back(entry->last_seen);
    PeopleFigures figures = FiguresOf(entry->sums().bundle, epoch.book->types());
    figures.window = entry->last_seen - entry->sums().bundle.first_seen;
    saying.people = &figures;
    const std::string who = SenderWords(entry->sums(), epoch.policy) + " to " +
                            PartyWords(entry->sums().recipient, entry->sums().bundle.domain, entry->sums().bundle.to,
                                       epoch.policy);
    saying.signature = "Personal data crossed a border without a registered basis: " + People(figures.subjects) + ", " +
                       figures.ClassWords() + ", " + who;
    saying.what = "Data of " + People(figures.subjects) + " (" + figures.TypeWords() + ") was sent from " + who +
                  " within " +
                  Span(figures.window) + ": a pattern consistent with a transfer from " +
                  StateWords(key.from_state) + " to " + StateWords(key.to) + " that nobody registered. Threshold: " +
                  decision.words + "; it is compared with the lower bound, " + Figure(decision.people) + "." +
                  ChainWords(*entry, epoch, saying);
    alerts.OnAlert(Compose(TheTopic(), saying, epoch));
  }

  // Many recipients at once are one matter, the zone's.
  void SayOthers(const Key& key, const Zone& zone, const Decision& decision, const EpochView& epoch,
                 AlertSink& alerts) {
    const Entry* entry = sums_.Find(key.OfZone());
    if (entry == nullptr) return;
    Saying saying = SayingOf(key, *entry, decision, epoch);
    saying.dedup = DedupOf(key.OfZone(), epoch.policy) + "several";
    saying.answer = gate_.Offer(saying.dedup, entry->last_seen, zone.others.size(), 1, saying.weighed.severity);
    if (!saying.answer.raise) return;
    PeopleFigures figures = FiguresOf(entry->sums().bundle, epoch.book->types());
    figures.window = entry->last_seen - entry->sums().bundle.first_seen;
    saying.people = &figures;
    std::string such;
    for (auto at = zone.others.begin(); at != zone.others.end() && such.size() < 120; ++at) {
      such += (such.empty() ? "" : ", ") + at->recipient + " (" + StateWords(at->to) + ")";
    }
    const std::string count = Figure(zone.others.size());
    saying.signature = "Personal data crossed borders to many recipients without a registered basis: " +
                       People(figures.subjects) + ", " + figures.ClassWords() + ", from " +
                       epoch.policy.ZoneName(key.from) + " to " + count + " more than were named";
    saying.what = "Within a day data of " + People(figures.subjects) + " (" + figures.TypeWords() + ") left zone " +
                  epoch.policy.ZoneName(key.from) + " (" + StateWords(key.from_state) +
                      ") for recipients in other States. " +
                  Figure(zone.named.size()) + " of them had a notice of their own within the hour; " + count +
                  " more are told together, such as " + such + ". Threshold of each: " + decision.words + ".";
    alerts.OnAlert(Compose(TheTopic(), saying, epoch));
  }

  // What both kinds of notices share. Ends say who sent and received, if it was one.
  Saying SayingOf(const Key& key, const Entry& entry, const Decision& decision, const EpochView& epoch) const {
    const MovedSums& sums = entry.sums();
    Saying s;
    s.ends = EndsOf(sums);
    s.ends.to.jurisdiction = key.to;
    for (const Strand& strand : sums.bundle.strands) {
      if (s.ends.judgement.why.empty() || Badness(strand.judgement.verdict) > Badness(s.ends.judgement.verdict)) {
        s.ends.judgement = strand.judgement;
      }
    }
    const bool sensitive = FiguresOf(sums.bundle, epoch.book->types()).sensitive();
    s.weighed = Weigh(decision.base, sensitive, s.ends, LostShare(epoch.ledger));
    s.remedy = "ask the owner of the sender on what basis the data leaves; if it is meant, register it with its basis, "
               "quota and end date, and if the country database is wrong about the recipient, add an override";
    s.sample = sums.bundle.sample;
    s.app_proto = sums.app_proto;
    s.first_seen = sums.bundle.first_seen;
    s.last_seen = entry.last_seen;
    return s;
  }

  std::string ChainWords(const Entry& entry, const EpochView& epoch, Saying& saying) const {
    Relays::Chain chain;
    if (!relays_.Find(entry.sums().sender, entry.sums().recipient, chain)) return {};
    const policy::Party origin = epoch.policy.Locate(chain.origin);
    saying.extra.BeginObject("chain").String("origin", chain.origin.ToString());
    saying.extra.String("origin_zone", epoch.policy.ZoneName(origin.zone));
    saying.extra.String("via", entry.sums().sender.ToString());
    saying.extra.Integer("shared", static_cast<std::int64_t>(chain.shared.estimate));
    saying.extra.Real("share", chain.share).EndObject();
    return " Chain through a relay: " + Percent(chain.share) + " of the identifiers it sent had reached " +
           entry.sums().sender.ToString() +
           " from " + PartyWords(chain.origin, {}, origin, epoch.policy) +
               " within the hour before, so it may have passed "
           "them on.";
  }

  static std::string SenderWords(const MovedSums& sums, const policy::Policy& policy) {
    const std::uint64_t senders = sums.senders.Count().estimate;
    const std::string one = PartyWords(sums.sender, {}, sums.bundle.from, policy);
    return senders <= 1 ? one : Figure(senders) + " senders such as " + one;
  }

  static std::string DedupOf(const Key& key, const policy::Policy& policy) {
    return "D07|" + policy.ZoneName(key.from) + "|" + std::string(key.from_state.text()) + "|" +
           std::string(key.to.text()) + "|";
  }

  Options options_;
  MovedWindows<Key> sums_;
  Relays relays_;
  OpaqueBorder opaque_;
  AlertGate gate_;
  std::map<Key, Zone> zones_;
};

}  // namespace

std::unique_ptr<Detector> MakeCrossBorder(const Options& options) { return std::make_unique<CrossBorder>(options); }

}  // namespace gander::detect
