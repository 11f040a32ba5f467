// SPDX-License-Identifier: Apache-2.0
// D18 Exact match against a registered set: rows of a table that the operator has registered pass on a way that the
// register of transfers does not permit. A row counts when two of its fields stand close together
// (identify/own/row_fields.h): one alone may be anybody's, and is a finding like all others.
#include <algorithm>
#include <map>
#include <set>

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
constexpr std::uint64_t kProvenRows = 8;
constexpr std::uint64_t kTableful = 10;  // so many times the threshold are no extract any more

const Topic& TheTopic() {
  static const Topic topic{"D18", "registered_rows", 18, "Rows of a registered table moved", {"T1020"}};
  return topic;
}

class RegisteredRows final : public Detector {
 public:
  explicit RegisteredRows(const Options& options) : options_(options), gate_(options, kWindow) {}

  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, leaks_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, leaks_); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    if (epoch.book == nullptr) return;
    std::set<Key> touched;
    for (const Moved& m : epoch.book->moved()) {
      const identify::RuleInfo& rule = epoch.book->types()[m.type];
      if (rule.validator != "two_fields" || policy::Permits(m.judgement.verdict)) continue;
      const Key key{rule.id, m.key.sender, m.key.recipient};
      Add(leaks_[key], m, rule, epoch.begin);
      touched.insert(key);
    }
    for (const Key& key : touched) Judge(key, epoch, alerts);
    gate_.Expire(epoch.end);
    std::erase_if(leaks_, [&](const auto& l) { return epoch.begin - l.second.last_seen > Duration{3 * kWindow.ns}; });
    const auto rows = [](const Leak& l) { return l.window.longest().Count().low; };
    KeepWithin(leaks_, options_.max_keys, [&](const Leak& l) { return std::pair(rows(l), l.last_seen); },
               [&](const Key&, const Leak& l) { keys_lost_ += rows(l) >= kProvenRows; });
  }

 private:
  struct Key {
    std::string table;
    IpAddress sender, recipient;
    auto operator<=>(const Key&) const = default;
    static auto Saved(auto& k) { return Fields(k.table, k.sender, k.recipient); }
  };
  struct Leak {
    StaggeredWindows<sketch::DistinctSet> window{kWindow};
    std::string data_class;
    identify::Sensitivity sensitivity = identify::Sensitivity::kSensitive;
    EndFigures ends;  // of the earliest
    Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
    FlowSample sample;
    const char* app_proto = "";

    static auto Saved(auto& l) {
      return Fields(l.window, l.data_class, l.sensitivity, l.ends, AsSet(l.first_seen), AsSet(l.last_seen), l.sample,
                    l.app_proto);
    }
  };

  static void Add(Leak& leak, const Moved& m, const identify::RuleInfo& rule, Timestamp epoch_begin) {
    leak.window.Advance(epoch_begin);
    leak.window.ForEach([&](sketch::DistinctSet& rows) { rows.Merge(m.people); });
    leak.data_class = rule.data_class;
    leak.sensitivity = rule.sensitivity;
    leak.first_seen = std::min(leak.first_seen, m.first_seen);
    leak.last_seen = std::max(leak.last_seen, m.last_seen);
    if (!(m.sample < leak.sample)) return;
    leak.sample = m.sample;
    leak.app_proto = m.app_proto;
    EndFigures& ends = leak.ends;
    ends.sender = m.key.sender.ToString();
    ends.recipient = m.key.recipient.ToString();
    ends.recipient_domain = m.domain;
    ends.from = m.from;
    ends.to = m.to;
    ends.app_proto = m.app_proto;
    ends.encrypted = m.encrypted;
    ends.judgement = m.judgement;
  }

  void Judge(const Key& key, const EpochView& epoch, AlertSink& alerts) {
    const Leak& leak = leaks_[key];
    const SubjectCount rows = CountOf(leak.window.longest());
    const std::uint64_t needed = options_.rows.rows_1h;
    const Severity base = rows.low >= kTableful * needed ? Severity::kCritical : Severity::kHigh;
    const bool sensitive = leak.sensitivity >= identify::Sensitivity::kSensitive;
    const Weighed weighed = Weigh(base, sensitive, leak.ends, LostShare(epoch.ledger));
    const std::string dedup = "D18|" + key.table + "|" + leak.ends.sender + "|" + leak.ends.recipient;
    const AlertGate::Answer answer = gate_.Offer(dedup, leak.last_seen, rows.low, needed, weighed.severity);
    if (!answer.raise) return;

    Alert alert = NewAlert(TheTopic(), weighed.severity, leak.sample, dedup);
    alert.app_proto = leak.app_proto;
    alert.time = alert.last_seen = leak.last_seen;
    alert.first_seen = leak.first_seen;
    const std::string what = Rows(rows) + " of table " + key.table;
    const std::string who = PartyWords(key.sender, {}, leak.ends.from, epoch.policy) + " to " +
                            PartyWords(key.recipient, leak.ends.recipient_domain, leak.ends.to, epoch.policy);
    alert.signature = "GANDER Rows of a registered table moved: " + what + ", " + who;
    alert.explanation =
        "Exact match: " + what + " went from " + who +
        " within an hour, each known by two of its fields side by side: a pattern consistent with a copy of "
        "that table. Threshold: " +
        Figure(needed) + " rows in an hour, compared with the lower bound, " + Figure(rows.low) + ". " +
        VerdictWords(leak.ends.judgement) + " " + weighed.words + " " + CoverageWords(epoch.ledger) +
        (answer.again ? " Said again because it has grown or lasts." : "") +
        " What to do: ask the table's owner who took these rows out; if it is meant, register the transfer.";
    AppendRows(key, leak, rows, alert.context);
    AppendTransfer(leak.ends, epoch.policy, alert.context);
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  static std::string Rows(const SubjectCount& c) {
    std::string text = Figure(c.estimate) + (c.estimate == 1 ? " row" : " rows");
    if (!c.exact()) text += " (" + Figure(c.low) + " to " + Figure(c.high) + ")";
    return text;
  }

  static void AppendRows(const Key& key, const Leak& leak, const SubjectCount& rows, Record& out) {
    out.BeginObject("rows").String("table", key.table).String("category", leak.data_class);
    out.String("sensitivity", identify::NameOf(leak.sensitivity));
    out.Integer("distinct", static_cast<std::int64_t>(rows.estimate));
    out.Integer("low", static_cast<std::int64_t>(rows.low)).Integer("high", static_cast<std::int64_t>(rows.high));
    out.Integer("window_s", kWindow.ns / kNanosPerSecond);
    out.EndObject();
  }

  Options options_;
  AlertGate gate_;
  std::map<Key, Leak> leaks_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeRegisteredRows(const Options& options) {
  return std::make_unique<RegisteredRows>(options);
}

}  // namespace gander::detect
