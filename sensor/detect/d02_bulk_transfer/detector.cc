// SPDX-License-Identifier: Apache-2.0
// D02 Bulk transfer of records. People are counted per (sender, recipient) over a session, so parallel flows add up,
// under whatever names the recipient is called; what the register permits is left out.
#include <algorithm>
#include <set>
#include <tuple>

#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

const Topic& TheTopic() {
  static const Topic topic{
      "D02", "bulk_transfer", 2, "Bulk transfer of personal records", {"T1020", "T1048", "T1567"}};
  return topic;
}

// The strand that speaks for the whole: worst verdict, then most people.
const Strand& Speaker(const Bundle& bundle) {
  return *std::max_element(bundle.strands.begin(), bundle.strands.end(), [](const Strand& a, const Strand& b) {
    const auto rank = [](const Strand& s) {
      const SubjectCount people = CountOf(s.people);
      return std::tuple(people.low >= kVerdictPeople, Badness(s.judgement.verdict), people.low);
    };
    return rank(a) < rank(b);
  });
}

class BulkTransfer final : public Detector {
 public:
  explicit BulkTransfer(const Options& options)
      : options_(options), gate_(options, Duration::Seconds(options.bulk_session_s)) {}

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<std::pair<IpAddress, IpAddress>> touched;
    for (const Moved& m : epoch.book->moved()) {
      if (!policy::Permits(m.judgement.verdict)) touched.emplace(m.key.sender, m.key.recipient);
    }
    for (const auto& [sender, recipient] : touched) Judge(sender, recipient, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  // What is not permitted between the two, over all names of the recipient.
  static Bundle Unpermitted(const IpAddress& sender, const IpAddress& recipient, const TransferBook& book) {
    Bundle sum;
    const auto& sessions = book.sessions();
    for (auto it = sessions.lower_bound({sender, recipient, 0}); it != sessions.end(); ++it) {
      if (it->first.sender != sender || it->first.recipient != recipient) break;
      const Bundle part = it->second.NotPermitted();
      if (!part.strands.empty()) sum.Merge(part);
    }
    return sum;
  }

  Severity BaseOf(std::uint64_t people) const noexcept {
    if (people >= options_.bulk_critical) return Severity::kCritical;
    return people >= options_.bulk_high ? Severity::kHigh : Severity::kMedium;
  }

  void Judge(const IpAddress& sender, const IpAddress& recipient, const EpochView& epoch, AlertSink& alerts) {
    const Bundle bundle = Unpermitted(sender, recipient, *epoch.book);
    if (bundle.strands.empty()) return;
    PeopleFigures figures = FiguresOf(bundle, epoch.book->types());
    figures.window = bundle.last_seen - bundle.first_seen;
    const std::uint64_t people = figures.subjects.low;
    const double megabytes = static_cast<double>(bundle.bytes) / 1e6;
    const bool dense = bundle.bytes > 0 && static_cast<double>(people) >= options_.bulk_records_per_mb * megabytes;
    const std::uint64_t threshold = dense ? options_.bulk_subjects_dense : options_.bulk_subjects;

    EndFigures ends;
    ends.sender = sender.ToString();
    ends.recipient = recipient.ToString();
    ends.recipient_domain = bundle.domain;
    ends.from = bundle.from;
    ends.to = bundle.to;
    ends.bytes = bundle.bytes;
    ends.flows = bundle.flows.Count().estimate;
    ends.app_proto = bundle.app_proto;
    ends.encrypted = bundle.encrypted;
    ends.judgement = Speaker(bundle).judgement;
    const Weighed weighed = Weigh(BaseOf(people), figures.sensitive(), ends, LostShare(epoch.ledger));
    const std::string dedup = "D02|" + ends.sender + "|" + ends.recipient;
    const AlertGate::Answer answer = gate_.Offer(dedup, bundle.last_seen, people, threshold, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, bundle.sample, dedup);
    alert.time = alert.last_seen = bundle.last_seen;
    alert.first_seen = bundle.first_seen;
    alert.app_proto = ProtocolOf(sender, recipient, epoch);
    const std::string who = PartyWords(sender, {}, bundle.from, epoch.policy) + " to " +
                            PartyWords(recipient, bundle.domain, bundle.to, epoch.policy);
    alert.signature = "GANDER Bulk transfer of records: " + People(figures.subjects) + ", " + figures.ClassWords() +
                      ", " + who + ", " + policy::NameOf(ends.judgement.verdict);
    alert.explanation = Explain(who, figures, ends, threshold, dense) + " " + VerdictWords(ends.judgement) + " " +
                        weighed.words + " " + CoverageWords(epoch.ledger) + (answer.again ? Again(answer) : "") +
                        " What to do: ask the owner of the sender what was sent; if it is meant, register it with its "
                        "basis, quota and end date.";
    AppendPii(figures, alert.context);
    AppendTransfer(ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static std::string Again(const AlertGate::Answer& answer) {
    return " Said again because it has grown; " + Figure(answer.suppressed) + " notices were held back since.";
  }

  // The static name: alerts outlive the book.
  static const char* ProtocolOf(const IpAddress& sender, const IpAddress& recipient, const EpochView& epoch) {
    for (const Moved& m : epoch.book->moved()) {
      if (m.key.sender == sender && m.key.recipient == recipient && !policy::Permits(m.judgement.verdict)) {
        return m.app_proto;
      }
    }
    return "";
  }

  std::string Explain(const std::string& who, const PeopleFigures& figures, const EndFigures& ends,
                      std::uint64_t threshold, bool dense) const {
    std::string text = "Records of " + People(figures.subjects) + " (" + figures.TypeWords() + ") went from " + who +
                       " in " + Span(figures.window) + ", in " + Figure(ends.flows) +
                       (ends.flows == 1 ? " flow" : " flows");
    if (ends.bytes > 0) text += " with " + ByteWords(ends.bytes);
    text += ": a pattern consistent with a bulk copy. Threshold: " + Figure(threshold) + " people in a session";
    if (dense) text += ", since there are at least " + Figure(options_.bulk_records_per_mb) + " records a megabyte";
    return text + "; it is compared with the lower bound, " + Figure(figures.subjects.low) + ".";
  }

  Options options_;
  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeBulkTransfer(const Options& options) { return std::make_unique<BulkTransfer>(options); }

}  // namespace gander::detect
