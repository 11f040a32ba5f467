// SPDX-License-Identifier: Apache-2.0
// D19 Sensor integrity and blind spots. What the sensor did not see is said as loudly as what it saw: losses are
// judged by the minute of packet time, what must never happen at once.
#include <algorithm>

#include "detect/account/transfer_meter.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/alert_parts.h"
#include "detect/alerting/words.h"
#include "detect/d19_blind_spots/fault.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr Duration kMinute = Duration::Seconds(60);
constexpr Duration kLongAbsence = Duration::Seconds(300);

const Topic& TheTopic() {
  static const Topic topic{"D19", "blind_spots", 19, "Sensor does not see everything", {"T1562"}};
  return topic;
}

// TCP connections that ended, and those of them that carried payload one way while nothing at all, not even an
// acknowledgement, was seen the other way: a mirror that shows one side.
class FlowSides final : public Meter {
 public:
  FlowEnds flow_ends() const noexcept override { return FlowEnds::kTcp; }
  void OnFlowEnd(const FlowFacts& flow, const FlowTotals& totals) noexcept override {
    if (flow.tuple.protocol != ip_proto::kTcp || totals.payload[0] + totals.payload[1] == 0) return;
    ++with_payload;
    one_way += totals.packets[0] == 0 || totals.packets[1] == 0;
  }
  void Merge(const Meter& other) override {
    const auto& o = static_cast<const FlowSides&>(other);
    with_payload += o.with_payload;
    one_way += o.one_way;
  }
  void Clear() noexcept override { with_payload = one_way = 0; }
  static auto Saved(auto& s) { return Fields(s.with_payload, s.one_way); }

  std::uint64_t with_payload = 0, one_way = 0;
};

class BlindSpots final : public Detector {
 public:
  explicit BlindSpots(const Options& options) : options_(options), gate_(options, kMinute) {}

  std::unique_ptr<Meter> NewMeter() const override { return std::make_unique<FlowSides>(); }

  void Save(SnapshotWriter& out) const override {
    SaveAll(out, gate_, minute_begin_, ledger_.packets, ledger_.received, ledger_.bytes, ledger_.gap_bytes,
            ledger_.gaps, sides_, packets_, overload_, ports_);
  }
  bool Load(StateReader& in) override {
    return LoadAll(in, gate_, minute_begin_, ledger_.packets, ledger_.received, ledger_.bytes, ledger_.gap_bytes,
                   ledger_.gaps, sides_, packets_, overload_, ports_);
  }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    if (minute_begin_ == kDistantPast) minute_begin_ = epoch.begin;
    ledger_.Merge(epoch.ledger);
    packets_.Add(epoch.port);
    if (merged != nullptr) sides_.Merge(*merged);

    const Timestamp since = minute_begin_;
    std::vector<Fault> faults = AtOnce(epoch);
    if (epoch.final || epoch.end - minute_begin_ >= kMinute) {
      for (Fault& f : OfTheMinute()) faults.push_back(std::move(f));
      minute_begin_ = epoch.end;
      ledger_ = {};
      packets_ = {};
      sides_.Clear();
    }
    for (const Fault& fault : faults) {
      if (gate_.Offer("D19|" + fault.kind, epoch.end, 1, 1, fault.severity).raise) Say(fault, since, epoch, alerts);
    }
    // These watch themselves how often they speak.
    faults.clear();
    overload_.OnEpoch(epoch, gate_, faults);
    ports_.OnEpoch(epoch, faults);
    for (const Fault& fault : faults) Say(fault, epoch.begin, epoch, alerts);
    gate_.Expire(epoch.end);
  }

 private:
  std::vector<Fault> AtOnce(const EpochView& epoch) {
    std::vector<Fault> out;
    if (const auto& lost = epoch.transfers.overflow(); lost.findings > 0) {
      out.push_back({"meter_overflow", Severity::kHigh, Figure(lost.findings) + " findings could not be kept",
                     "more senders, recipients and people appeared in one epoch than the tables hold, so counts of "
                     "this epoch are too low",
                     "raise detect.epoch_* or the number of workers, and look for a sender of made-up identifiers"});
    }
    if (epoch.keys_lost > keys_lost_) {
      out.push_back({"keys_lost", Severity::kHigh, Figure(epoch.keys_lost - keys_lost_) + " proven keys were given up",
                     "tables of detectors are full and had to forget somebody about whom there was evidence",
                     "raise detect.max_keys"});
      keys_lost_ = epoch.keys_lost;
    }
    if (epoch.workers_alive < epoch.workers) {
      out.push_back(
          {"workers", Severity::kCritical,
           Figure(epoch.workers - epoch.workers_alive) + " of " + Figure(epoch.workers) + " workers stand still",
           "their share of the traffic is not inspected", "restart the sensor and keep its log"});
    }
    if (epoch.port.step_back.seconds() >= options_.step_s) {
      out.push_back({"clock_step", Severity::kHigh, "packet time stepped back by " + Span(epoch.port.step_back),
                     "windows and sessions around the step cannot be trusted",
                     "check the clock of the capturing host (NTP, PTP) or the order of the capture files"});
    }
    for (const PortHealth::Absence& gap : epoch.port.absent) {
      const Duration length = gap.end - gap.begin;
      out.push_back({"restart", length > kLongAbsence ? Severity::kMedium : Severity::kLow,
                     "the sensor did not run for " + Span(length),
                     "nothing that moved between " + FormatEveTime(gap.begin) + " and " + FormatEveTime(gap.end) +
                         " is known; what was counted before is",
                     "see in the log of the sensor's host why it was started anew"});
    }
    return out;
  }

  std::vector<Fault> OfTheMinute() const {
    std::vector<Fault> out;
    AddLossFaults(packets_, options_, out);
    if (ledger_.packets >= options_.min_packets) AddByteFaults(out);
    if (sides_.with_payload >= options_.min_flows) {
      const double share = static_cast<double>(sides_.one_way) / static_cast<double>(sides_.with_payload);
      if (share >= options_.one_way_ratio) {
        out.push_back({"one_way", Severity::kHigh, Percent(share) + " of connections seen from one side only",
                       Figure(sides_.one_way) + " of " + Figure(sides_.with_payload) + " TCP connections with payload "
                       "showed no packet from the other side (threshold " + Percent(options_.one_way_ratio) + ")",
                       "mirror both directions of the link, and check for asymmetric routes"});
      }
    }
    return out;
  }

  void AddByteFaults(std::vector<Fault>& out) const {
    const auto share_of = [this](std::uint64_t bytes) {
      return static_cast<double>(bytes) /
             static_cast<double>(std::max<std::uint64_t>(1, ledger_.received + ledger_.gap_bytes));
    };
    if (const double share = share_of(ledger_.gap_bytes); share >= options_.gap_ratio) {
      out.push_back({"gaps", Severity::kHigh, Percent(share) + " of TCP data never arrived",
                     Figure(ledger_.gaps) + " gaps with " + ByteWords(ledger_.gap_bytes) +
                         " that the connections spoke of "
                         "were not seen (threshold " +
                         Percent(options_.gap_ratio) + ")",
                     "look for loss between the mirror and the sensor: an overbooked mirror port, a full tap"});
    }
    const std::uint64_t cut = ledger_.Of(ByteFate::kLostTruncated);
    if (const double share = share_of(cut); share >= options_.truncated_ratio) {
      out.push_back(
          {"truncated", Severity::kHigh, Percent(share) + " of bytes cut off by the capture",
           ByteWords(cut) + " were left out of the frames (threshold " + Percent(options_.truncated_ratio) + ")",
           "capture with a snap length of at least the largest frame (tcpdump -s 0)"});
    }
  }

  void Say(const Fault& fault, Timestamp since, const EpochView& epoch, AlertSink& alerts) {
    const std::string dedup = "D19|" + fault.kind;
    Alert alert = NewAlert(TheTopic(), fault.severity, {}, dedup);
    alert.time = alert.last_seen = epoch.end;
    alert.first_seen = since;
    alert.signature = "GANDER Blind spot: " + fault.headline;
    alert.explanation = std::string(fault.ended ? "A blind spot has ended: " : "The sensor does not see everything: ") +
                        fault.detail + ". Severity " + NameOf(fault.severity) + ". " + CoverageWords(epoch.ledger) +
                        " What to do: " + fault.remedy + ".";
    AppendEvidence(TheTopic(), epoch, alert.context);
    alert.context.String("fault", fault.kind).String("why", alert.explanation);
    alerts.OnAlert(std::move(alert));
  }

  Options options_;
  AlertGate gate_;
  Timestamp minute_begin_ = kDistantPast;
  ByteLedger ledger_;
  FlowSides sides_;
  PacketTally packets_;
  OverloadWatch overload_;
  PortWatch ports_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeBlindSpots(const Options& options) { return std::make_unique<BlindSpots>(options); }

}  // namespace gander::detect
