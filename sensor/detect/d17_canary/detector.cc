// SPDX-License-Identifier: Apache-2.0
// D17 Canary seen. A record that was planted and that nobody has a reason to send: its register's fingerprints are so
// long that chance does not raise the alarm, so the first sighting does, whatever the register of transfers permits;
// only between the hosts that the policy gives to the canary it may pass. One alert for each canary register and pair
// of addresses.
#include <algorithm>
#include <map>
#include <tuple>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"
#include "policy/canary.h"

namespace gander::detect {
namespace {

constexpr Duration kWindow = Duration::Seconds(3600);

const Topic& TheTopic() {
  static const Topic topic{"D17", "canary", 17, "A planted record was seen", {"T1213"}};
  return topic;
}

class Canary final : public Detector {
 public:
  explicit Canary(const Options& options) : gate_(options, kWindow) {}

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::map<Key, std::vector<const Moved*>> seen;
    for (const Moved& m : epoch.book->moved()) {
      const identify::RuleInfo& rule = epoch.book->types()[m.type];
      if (rule.canary && !policy::AtHome(epoch.policy, rule.id, m.key.sender, m.key.recipient))
        seen[{rule.id, m.key.sender, m.key.recipient}].push_back(&m);
    }
    for (const auto& [key, moved] : seen) Judge(key, moved, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  struct Key {
    std::string rule;
    IpAddress sender, recipient;
    auto operator<=>(const Key&) const = default;
  };

  void Judge(const Key& key, const std::vector<const Moved*>& moved, const EpochView& epoch, AlertSink& alerts) {
    const Moved& first = **std::min_element(moved.begin(), moved.end(), [](const Moved* a, const Moved* b) {
      return std::tie(a->sample, a->key) < std::tie(b->sample, b->key);
    });
    Bundle bundle;
    for (const Moved* m : moved) {
      Strand& strand = bundle.At(m->type, m->country);
      strand.people.Merge(m->people);
      strand.findings += m->findings;
      strand.samples.Merge(m->samples);
      bundle.first_seen = std::min(bundle.first_seen, m->first_seen);
      bundle.last_seen = std::max(bundle.last_seen, m->last_seen);
    }
    PeopleFigures figures = FiguresOf(bundle, epoch.book->types());
    figures.window = bundle.last_seen - bundle.first_seen;
    const std::uint64_t canaries = figures.types.front().distinct.low;
    const std::string dedup = "D17|" + key.rule + "|" + key.sender.ToString() + "|" + key.recipient.ToString();
    const AlertGate::Answer answer = gate_.Offer(dedup, bundle.last_seen, canaries, 1, Severity::kCritical);
    if (!answer.raise) return;

    EndFigures ends;
    ends.sender = key.sender.ToString();
    ends.recipient = key.recipient.ToString();
    ends.recipient_domain = first.domain;
    ends.from = first.from;
    ends.to = first.to;
    ends.app_proto = first.app_proto;
    ends.encrypted = first.encrypted;
    ends.judgement = first.judgement;
    const std::string who = PartyWords(key.sender, {}, first.from, epoch.policy) + " to " +
                            PartyWords(key.recipient, first.domain, first.to, epoch.policy);
    const std::string what = Figure(canaries) + (canaries == 1 ? " canary" : " canaries") + " of register " + key.rule;
    Alert alert = NewAlert(TheTopic(), Severity::kCritical, first.sample, dedup);
    alert.app_proto = first.app_proto;
    alert.time = alert.last_seen = bundle.last_seen;
    alert.first_seen = bundle.first_seen;
    alert.signature = "GANDER Canary seen: " + what + ", " + who;
    alert.explanation =
        "Exact match with register " + key.rule + ": " + what + " went from " + who +
        ". It was planted and belongs to nobody, so a pattern consistent with a copy of the store it lay "
        "in. Threshold: one sighting. " +
        VerdictWords(first.judgement) + " Severity critical: a canary has no other reason to be on the wire. " +
        CoverageWords(epoch.ledger) +
        (answer.suppressed > 0 ? " " + Figure(answer.suppressed) + " notices were held back." : "") +
        " What to do: find who read the store in which this canary lies, and what was read beside it; a "
        "backup or a scan of the store does the same.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeCanary(const Options& options) { return std::make_unique<Canary>(options); }

}  // namespace gander::detect
