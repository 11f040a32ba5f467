// SPDX-License-Identifier: Apache-2.0
// D01 Exposed personal data in clear text. One certain finding that crosses a zone edge readably is enough; inside
// one zone, and for findings that are only probable, it takes ten people in an hour. Counted by class; what is to be
// said of one service (server, protocol, direction between zones) in an epoch is one alert, since that is what somebody
// has to mend.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {
namespace {

constexpr Duration kWindow = Duration::Seconds(3600);

const Topic& TheTopic() {
  static const Topic topic{"D01", "exposed_clear", 1, "Personal data readable on the wire", {"T1040", "T1048.003"}};
  return topic;
}

bool CrossesZoneEdge(const Moved& m) noexcept { return m.from.zone != m.to.zone || m.from.zone == policy::kOutside; }

class ExposedClear final : public Detector {
 public:
  explicit ExposedClear(const Options& options) : options_(options), gate_(options, kWindow) {}

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, services_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, services_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::map<Key, std::vector<const Moved*>> touched;
    for (const Moved& m : epoch.book->moved()) {
      const identify::RuleInfo& rule = epoch.book->types()[m.type];
      // Secrets are D14's: one sighting, one alert.
      const bool personal =
          rule.sensitivity >= identify::Sensitivity::kPersonal && rule.identifies_person && !rule.secret;
      if (!personal || m.encrypted || ClearTextAccepted(m.judgement, epoch.policy)) continue;
      touched[KeyOf(m, rule)].push_back(&m);
    }
    std::vector<Exposure> raised;  // the classes of one service lie side by side
    for (const auto& [key, moved] : touched) {
      Add(key, moved, epoch);
      Judge(key, moved, epoch, raised);
    }
    for (std::size_t begin = 0, end = 0; begin < raised.size(); begin = end) {
      while (end < raised.size() && Together(raised[begin], raised[end])) ++end;
      for (std::size_t i = begin + 1; i < end; ++i) raised[begin].Join(raised[i]);
      Say(raised[begin], epoch, alerts);
    }
    gate_.Expire(epoch.end);
    KeepWithin(
        services_, options_.max_keys, [](const Service& s) { return s.last_seen; }, [](const Key&, const Service&) {});
  }

 private:
  struct Key {
    IpAddress server;
    policy::ZoneId from, to;
    std::string app_proto, data_class;
    auto operator<=>(const Key&) const = default;

    static auto Saved(auto& k) { return Fields(k.server, AsZone(k.from), AsZone(k.to), k.app_proto, k.data_class); }
  };
  using Window = StaggeredWindows<Bundle>;
  struct Service {
    Window window{kWindow};
    Timestamp last_seen = kDistantPast;
    bool certain = false;  // at least one finding that chance cannot explain

    static auto Saved(auto& s) { return Fields(s.window, AsSet(s.last_seen), s.certain); }
  };

  static Key KeyOf(const Moved& m, const identify::RuleInfo& rule) {
    return {m.sample.tuple.destination, m.from.zone, m.to.zone, m.app_proto, rule.data_class};
  }

  void Add(const Key& key, const std::vector<const Moved*>& moved, const EpochView& epoch) {
    Service& service = services_[key];
    service.window.Advance(epoch.begin);
    for (const Moved* m : moved) {
      service.window.ForEach([&](Bundle& bundle) {
        Strand& strand = bundle.At(m->type, {});
        strand.people.Merge(m->people);
        strand.findings += m->findings;
        strand.samples.Merge(m->samples);
        bundle.first_seen = std::min(bundle.first_seen, m->first_seen);
      });
      service.last_seen = std::max(service.last_seen, m->last_seen);
      service.certain = service.certain || m->certain > 0;
    }
  }

  // What is to be said of one class, or of several.
  struct Exposure {
    Key key;  // of the first class
    std::vector<const Moved*> moved;
    PeopleFigures figures;
    Timestamp first_seen, last_seen;
    std::uint64_t threshold = 0, suppressed = 0;
    bool registered = false;
    Weighed weighed;

    void Join(const Exposure& other) {
      moved.insert(moved.end(), other.moved.begin(), other.moved.end());
      figures.types.insert(figures.types.end(), other.figures.types.begin(), other.figures.types.end());
      figures.subjects = Larger(figures.subjects, other.figures.subjects);
      figures.samples.Merge(other.figures.samples);
      first_seen = std::min(first_seen, other.first_seen);
      last_seen = std::max(last_seen, other.last_seen);
      threshold = std::min(threshold, other.threshold);
      suppressed += other.suppressed;
      if (other.weighed.severity > weighed.severity) weighed = other.weighed;
    }
  };

  static bool Together(const Exposure& a, const Exposure& b) {
    return a.key.server == b.key.server && a.key.from == b.key.from && a.key.to == b.key.to &&
           a.key.app_proto == b.key.app_proto && a.registered == b.registered;
  }

  static const Moved& Earliest(const std::vector<const Moved*>& moved) {
    return **std::min_element(moved.begin(), moved.end(), [](const Moved* a, const Moved* b) {
      return std::tie(a->sample, a->key) < std::tie(b->sample, b->key);
    });
  }

  void Judge(const Key& key, const std::vector<const Moved*>& moved, const EpochView& epoch,
             std::vector<Exposure>& raised) {
    const Moved& first = Earliest(moved);
    const Service& service = services_[key];
    Exposure e{.key = key, .moved = moved, .figures = FiguresOf(service.window.longest(), epoch.book->types()),
               .first_seen = service.window.longest().first_seen, .last_seen = service.last_seen};
    const bool edge = CrossesZoneEdge(first);
    e.registered = policy::Permits(first.judgement.verdict) && first.judgement.entry >= 0;
    e.threshold = edge && service.certain ? 1 : options_.exposure_internal_subjects;
    const Severity base = edge && !e.registered ? Severity::kMedium : Severity::kLow;
    // Registered or inside one zone it stays low: who may have it is not in question, only who can read it.
    e.weighed = base == Severity::kLow
                    ? Weighed{base, "Severity low: the movement itself is permitted."}
                    : Weigh(base, e.figures.sensitive(), EndsOf(first, moved), LostShare(epoch.ledger));
    const AlertGate::Answer answer = gate_.Offer(Dedup(key, epoch.policy) + "|" + key.data_class, service.last_seen,
                                                 e.figures.subjects.low, e.threshold, e.weighed.severity);
    e.suppressed = answer.suppressed;
    if (answer.raise) raised.push_back(std::move(e));
  }

  void Say(Exposure& e, const EpochView& epoch, AlertSink& alerts) {
    const Moved& first = Earliest(e.moved);
    const EndFigures ends = EndsOf(first, e.moved);
    e.figures.window = kWindow;
    std::stable_sort(e.figures.types.begin(), e.figures.types.end(), [](const auto& a, const auto& b) {
      return a.distinct.estimate > b.distinct.estimate;
    });
    Alert alert = NewAlert(TheTopic(), e.weighed.severity, first.sample, Dedup(e.key, epoch.policy));
    alert.app_proto = first.app_proto;
    alert.time = alert.last_seen = e.last_seen;
    alert.first_seen = e.first_seen;
    const std::string what = People(e.figures.subjects);
    const std::string who = Among(Distinct(e.moved, &BundleKey::sender), "senders",
                                  PartyWords(first.key.sender, {}, first.from, epoch.policy)) +
                            " to " +
                            Among(Distinct(e.moved, &BundleKey::recipient), "recipients",
                                  PartyWords(first.key.recipient, first.domain, first.to, epoch.policy));
    alert.signature =
        "GANDER Exposed personal data in clear text: " + e.figures.ClassWords() + " of " + what + ", " + who;
    alert.explanation = Explain(what, who, e, first) + " " + VerdictWords(first.judgement) + " " + e.weighed.words +
                        " " + CoverageWords(epoch.ledger) +
                        (e.suppressed > 0 ? " " + Figure(e.suppressed) + " notices were held back." : "") +
                        " What to do: have the service use TLS, or, if clear text is accepted here, register the "
                        "transfer with `transport: clear`.";
    AppendPii(e.figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static EndFigures EndsOf(const Moved& first, const std::vector<const Moved*>& moved) {
    EndFigures ends;
    ends.sender = first.key.sender.ToString();
    ends.recipient = first.key.recipient.ToString();
    ends.recipient_domain = first.domain;
    ends.from = first.from;
    ends.to = first.to;
    ends.app_proto = first.app_proto;
    ends.judgement = first.judgement;
    ends.sources = Distinct(moved, &BundleKey::sender);
    return ends;
  }

  // Addresses on one side of what moved in this epoch.
  static std::uint64_t Distinct(const std::vector<const Moved*>& moved, IpAddress BundleKey::*side) {
    sketch::DistinctSet addresses;
    for (const Moved* m : moved) addresses.Insert(SipHash24({}, std::as_bytes(std::span((m->key.*side).octets))));
    return addresses.Count().estimate;
  }

  static std::string Among(std::uint64_t count, const char* what, const std::string& example) {
    return count <= 1 ? example : Figure(count) + " " + what + " such as " + example;
  }

  static std::string Explain(const std::string& what, const std::string& who, const Exposure& e, const Moved& first) {
    const std::string protocol = first.app_proto[0] == '\0' ? "an unnamed protocol" : first.app_proto;
    std::string text = "Anyone on the way could read " + e.figures.TypeWords() + " of " + what + " from " + who +
                       " over " + protocol + " within the last hour. ";
    if (e.threshold == 1) {
      text += "One value that chance cannot explain is enough where data crosses a zone edge.";
    } else {
      text += std::string("Threshold: ") + Figure(e.threshold) + " people in an hour" +
              (CrossesZoneEdge(first) ? ", since no single value is beyond chance." : " inside one zone.");
    }
    if (e.registered) text += " The transfer is registered, but readable by anyone on the way.";
    return text;
  }

  static std::string Dedup(const Key& key, const policy::Policy& policy) {
    return std::string("D01|") + key.server.ToString() + "|" + policy.ZoneName(key.from) + "|" +
           policy.ZoneName(key.to) + "|" + key.app_proto;
  }

  Options options_;
  AlertGate gate_;
  std::map<Key, Service> services_;
};

}  // namespace

std::unique_ptr<Detector> MakeExposedClear(const Options& options) { return std::make_unique<ExposedClear>(options); }

}  // namespace gander::detect
