// SPDX-License-Identifier: Apache-2.0
// D14 Secret leak. A password, key or token that anyone on the way can read: found by its form in any text, or told by
// a parser as a login. One sighting is enough, since a secret is of no use to its owner once another has it. One alert
// for server, direction between zones and kind; D01 leaves secrets to this detector.
//
// Nothing of a secret is kept but its kind, its length class and a keyed tag that tells it from others for a day.
#include <algorithm>
#include <map>
#include <set>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d14_secret_leak/login_meter.h"
#include "detect/d14_secret_leak/secret_kinds.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {
namespace {

constexpr Duration kWindow = Duration::Seconds(86'400);
constexpr std::size_t kExact = sketch::DistinctSet::kExactTags;  // beyond, the key would show in the count

const Topic& TheTopic() {
  static const Topic topic{"D14", "secret_leak", 14, "A secret readable on the wire", {"T1552", "T1040"}};
  return topic;
}

class SecretLeak final : public Detector {
 public:
  explicit SecretLeak(const Options& options) : options_(options), gate_(options, kWindow), key_(MeterKey(options,
  14)) {}

  std::unique_ptr<Meter> NewMeter() const override {
    return std::make_unique<LoginMeter>(options_.secrets.epoch_logins, key_);
  }
  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, leaks_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, leaks_); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    std::set<Key> touched;
    if (epoch.book != nullptr) AddFindings(epoch, touched);
    if (merged != nullptr) AddLogins(static_cast<const LoginMeter&>(*merged), epoch, touched);
    for (const Key& key : touched) Judge(key, epoch, alerts);
    gate_.Expire(epoch.end);
    std::erase_if(leaks_, [&](const auto& l) { return epoch.begin - l.second.last_seen > Duration{2 * kWindow.ns}; });
    KeepWithin(leaks_, options_.max_keys, [](const Leak& l) { return l.last_seen; },
               [this](const Key&, const Leak&) { ++keys_lost_; });
  }

 private:
  struct Key {
    IpAddress server;
    policy::ZoneId from, to;  // of who sent the secret, and who got it
    std::string kind;
    auto operator<=>(const Key&) const = default;
    static auto Saved(auto& k) { return Fields(k.server, AsZone(k.from), AsZone(k.to), k.kind); }
  };
  // Who told of it: both may see one secret, under different tags.
  enum Source { kScan, kParser, kSources };
  struct Counts {
    sketch::DistinctSet secrets[kSources], senders;

    static auto Saved(auto& c) { return Fields(c.secrets, c.senders); }
  };
  struct Leak {
    StaggeredWindows<Counts> window{kWindow};
    SecretKind kind;
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
    IpAddress sender, recipient;  // of the earliest, as are the next two
    EndFigures ends;
    const char* app_proto = "";
    std::uint8_t lengths = 0;

    static auto Saved(auto& l) {
      return Fields(l.window, l.kind, AsSet(l.first_seen), AsSet(l.last_seen), l.sample, l.sender, l.recipient, l.ends,
                    l.app_proto, l.lengths);
    }
  };
  struct Sighting {
    const sketch::DistinctSet& secrets;
    Source source;
    SecretKind kind;
    Timestamp first, last;
    FlowSample sample;
    const char* app_proto;
    IpAddress sender, recipient;
    std::uint8_t lengths = 0;
  };

  void AddFindings(const EpochView& epoch, std::set<Key>& touched) {
    for (const Moved& m : epoch.book->moved()) {
      const identify::RuleInfo& rule = epoch.book->types()[m.type];
      if (!rule.secret || m.encrypted || ClearTextAccepted(m.judgement, epoch.policy)) continue;
      const Key key{m.sample.tuple.destination, m.from.zone, m.to.zone, KindOfRule(rule).id};
      EndFigures ends = EndsOf(m.key.sender, m.key.recipient, m.domain, m.from, m.to, m.app_proto, m.judgement);
      Add(key,
          {m.people, kScan, KindOfRule(rule), m.first_seen, m.last_seen, m.sample, m.app_proto, m.key.sender,
           m.key.recipient},
          std::move(ends), epoch.begin);
      touched.insert(key);
    }
  }

  void AddLogins(const LoginMeter& meter, const EpochView& epoch, std::set<Key>& touched) {
    std::vector<sketch::DistinctSet> secrets(meter.logins().size());
    for (const LoginMeter::Secret& s : meter.secrets()) {
      if (secrets[s.login].exact()) secrets[s.login].Insert(s.tag);
    }
    for (const std::uint32_t at : Sorted(meter)) {
      const LoginMeter::Login& l = meter.logins()[at];
      const auto name = epoch.host_names.find(l.host);
      const std::string domain = name == epoch.host_names.end() ? "" : name->second;
      policy::Movement way;
      way.sender = l.client;
      way.recipient = l.server;
      way.from = epoch.policy.Locate(l.client);
      way.to = epoch.policy.Locate(epoch.policy.Locate(l.server), domain);
      way.recipient_domain = domain;
      way.data_class = "credentials";
      way.sensitivity = identify::Sensitivity::kCritical;
      way.time = l.first_seen;
      const policy::Judgement judgement = epoch.policy.Judge(way);
      if (ClearTextAccepted(judgement, epoch.policy)) continue;
      const SecretKind kind = KindOfLogin(l.kind, l.well_known);
      const Key key{l.server, way.from.zone, way.to.zone, kind.id};
      Add(key,
          {secrets[at], kParser, kind, l.first_seen, l.last_seen, l.sample, l.app_proto, l.client, l.server, l.lengths},
          EndsOf(l.client, l.server, domain, way.from, way.to, l.app_proto, judgement), epoch.begin);
      touched.insert(key);
    }
  }

  // In an order that depends on the traffic alone.
  static std::vector<std::uint32_t> Sorted(const LoginMeter& meter) {
    std::vector<std::uint32_t> order(meter.logins().size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto rank = [&](std::uint32_t i) {
        const LoginMeter::Login& l = meter.logins()[i];
        return std::tuple(l.sample, l.server, l.client, std::string_view(l.kind), l.well_known);
      };
      return rank(a) < rank(b);
    });
    return order;
  }

  static EndFigures EndsOf(const IpAddress& sender, const IpAddress& recipient, const std::string& domain,
                           const policy::Party& from, const policy::Party& to, const char* app_proto,
                           const policy::Judgement& judgement) {
    EndFigures ends;
    ends.sender = sender.ToString();
    ends.recipient = recipient.ToString();
    ends.recipient_domain = domain;
    ends.from = from;
    ends.to = to;
    ends.app_proto = app_proto;
    ends.judgement = judgement;
    return ends;
  }

  void Add(const Key& key, const Sighting& s, EndFigures ends, Timestamp epoch_begin) {
    Leak& leak = leaks_[key];
    leak.window.Advance(epoch_begin);
    leak.window.ForEach([&](Counts& c) {
      c.secrets[s.source].Merge(s.secrets);
      c.senders.Insert(SipHash24({}, std::as_bytes(std::span(s.sender.octets))));
    });
    leak.kind = s.kind;
    leak.first_seen = std::min(leak.first_seen, s.first);
    leak.last_seen = std::max(leak.last_seen, s.last);
    leak.lengths |= s.lengths;
    if (s.sample < leak.sample) {
      leak.sample = s.sample;
      leak.sender = s.sender;
      leak.recipient = s.recipient;
      leak.app_proto = s.app_proto;
      leak.ends = std::move(ends);
    }
  }

  static SubjectCount CountOf(const Leak& leak) {
    const Counts& counts = leak.window.longest();
    const SubjectCount count =
        Larger(detect::CountOf(counts.secrets[kScan]), detect::CountOf(counts.secrets[kParser]));
    if (count.exact()) return count;
    return {kExact, kExact, kExact + 1};
  }

  // Inside one zone, or where the register has it, who may have the secret is not in question, only who can read it.
  Weighed SeverityOf(const Leak& leak, const SubjectCount& count, const EpochView& epoch) const {
    const EndFigures& ends = leak.ends;
    const bool edge = ends.from.zone != ends.to.zone || ends.from.zone == policy::kOutside;
    const bool registered = policy::Permits(ends.judgement.verdict) && ends.judgement.entry >= 0;
    if (!edge || registered) {
      const Severity severity = std::min(leak.kind.worth, Severity::kLow);
      return {severity, std::string("Severity ") + NameOf(severity) + ": it stays " +
                            (registered ? "with who may have it." : "inside one zone.")};
    }
    const Severity base = count.low >= options_.secrets.critical ? Severity::kCritical : leak.kind.worth;
    // The class is what this detector is about; it lifts nothing. Nor does one secret become a copied store.
    Weighed weighed = Weigh(base, false, ends, LostShare(epoch.ledger));
    if (base != Severity::kCritical && weighed.severity == Severity::kCritical) {
      weighed = {Severity::kHigh, "Severity high: one of these opens what it belongs to until it is changed."};
    }
    return weighed;
  }

  void Judge(const Key& key, const EpochView& epoch, AlertSink& alerts) {
    const Leak& leak = leaks_[key];
    const SubjectCount count = CountOf(leak);
    const Weighed weighed = SeverityOf(leak, count, epoch);
    const std::string dedup = "D14|" + key.server.ToString() + "|" + epoch.policy.ZoneName(key.from) + "|" +
                              epoch.policy.ZoneName(key.to) + "|" + key.kind;
    const AlertGate::Answer answer =
        gate_.Offer(dedup, leak.last_seen, std::max<std::uint64_t>(1, count.low), 1, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, leak.sample, dedup);
    alert.app_proto = leak.app_proto;
    alert.time = alert.last_seen = leak.last_seen;
    alert.first_seen = leak.first_seen;
    EndFigures ends = leak.ends;
    ends.sources = detect::CountOf(leak.window.longest().senders).estimate;
    const std::string who = Who(leak, ends, epoch.policy);
    const std::string what = HowMany(count) + " (" + leak.kind.title + ")";
    alert.signature = "GANDER Secret readable on the wire: " + what + ", " + who;
    alert.explanation = Explain(what, who, leak) + " " + VerdictWords(ends.judgement) + " " + weighed.words + " " +
                        CoverageWords(epoch.ledger) +
                        (answer.suppressed > 0 ? " " + Figure(answer.suppressed) + " notices were held back." : "") +
                        " What to do: change the secret, since others may have read it, and have the service use TLS; "
                        "where clear text is accepted, register class credentials with `transport: clear`.";
    AppendSecret(leak, count, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static std::string HowMany(const SubjectCount& count) {
    if (!count.exact()) return "more than " + Figure(kExact) + " secrets";
    return count.estimate <= 1 ? "1 secret" : Figure(count.estimate) + " secrets";
  }

  static std::string Who(const Leak& leak, const EndFigures& ends, const policy::Policy& policy) {
    const std::string one = PartyWords(leak.sender, {}, ends.from, policy);
    return (ends.sources > 1 ? Figure(ends.sources) + " senders such as " + one : one) + " to " +
           PartyWords(leak.recipient, ends.recipient_domain, ends.to, policy);
  }

  static std::string Explain(const std::string& what, const std::string& who, const Leak& leak) {
    const std::string protocol = leak.app_proto[0] == '\0' ? "an unnamed protocol" : leak.app_proto;
    std::string lengths;
    for (unsigned i = 0; i < static_cast<unsigned>(LengthClass::kCount); ++i) {
      if ((leak.lengths >> i & 1) == 0) continue;
      lengths += lengths.empty() ? ", " : " or ";
      lengths += NameOf(static_cast<LengthClass>(i));
    }
    return "Anyone on the way could read " + what + lengths + " from " + who + " over " + protocol +
           " within the last day. Threshold: one sighting. Of the secret only its kind, length class and a keyed tag "
           "are "
           "kept, none of them for longer than the window.";
  }

  static void AppendSecret(const Leak& leak, const SubjectCount& count, Record& out) {
    out.BeginObject("secret").String("kind", leak.kind.id).String("title", leak.kind.title);
    out.Integer("distinct", static_cast<std::int64_t>(count.estimate));
    out.Integer("window_s", kWindow.ns / kNanosPerSecond);
    out.EndObject();
  }

  Options options_;
  AlertGate gate_;
  HashKey key_;  // of login tags
  std::map<Key, Leak> leaks_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeSecretLeak(const Options& options) { return std::make_unique<SecretLeak>(options); }

}  // namespace gander::detect
