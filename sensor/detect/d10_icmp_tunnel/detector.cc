// SPDX-License-Identifier: Apache-2.0
// D10 ICMP tunnel. An echo carries back what was sent, and what programs send is always the same but for a time stamp
// in front: payloads that keep changing, answers that differ from their question, or answers nobody asked for are a
// conversation of another kind.
#include <algorithm>
#include <bit>
#include <map>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d10_icmp_tunnel/icmp_meter.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"
#include "detect/state/random_key.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_windows.h"
#include "sketch/distinct_set.h"

namespace gander::detect {
namespace {

const Topic& TheTopic() {
  static const Topic topic{"D10", "icmp_tunnel", 10, "Tunnel over ICMP", {"T1095", "T1048"}};
  return topic;
}

// Different payloads that pairs without a tunnel were seen to have (DETECTION.md §3, D10).
constexpr std::uint64_t kUnchanging = 5;

constexpr std::size_t kKeyBytes = 4 * 1024;  // of one pair; a quarter of the share of small tables

// Five minutes of a pair.
struct Talk {
  IcmpFigures sum;
  sketch::DistinctSet payloads;
  Timestamp first_seen = kDistantFuture;
  static auto Saved(auto& t) { return Fields(t.sum, t.payloads, t.first_seen); }

  // Answers that outnumber questions. Differences, not matches, so that an answer in the epoch after its question
  // counts for nothing.
  std::uint64_t unsolicited() const noexcept { return sum.replies > sum.requests ? sum.replies - sum.requests : 0; }
  double entropy() const noexcept {
    if (sum.payload_bytes == 0) return 0;
    return static_cast<double>(sum.entropy_bytes) / (1000.0 * static_cast<double>(sum.payload_bytes));
  }
};

struct Pair {
  explicit Pair(Duration window) : talk(window) {}
  StaggeredWindows<Talk> talk;
  Timestamp last_seen = kDistantPast;
  FlowSample sample;

  static auto Saved(auto& p) { return Fields(p.talk, AsSet(p.last_seen), p.sample); }
};

// What a pair does that an echo does not.
struct Sign {
  std::uint64_t figure = 0, threshold = 1;
  std::string words;
};

class IcmpTunnel final : public Detector {
 public:
  explicit IcmpTunnel(const Options& options)
      : options_(options), window_(Duration::Seconds(options.icmp_tunnel.window_s)), gate_(options, window_) {}

  std::unique_ptr<Meter> NewMeter() const override {
    return std::make_unique<IcmpMeter>(options_.icmp_tunnel.epoch_pairs, MeterKey(options_, 10));
  }
  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, pairs_); }
  bool Load(StateReader& in) override {
    LoadField(gate_, in);
    LoadMap(pairs_, in, [this] { return Pair(window_); });
    return !in.failed();
  }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    const auto& meter = static_cast<const IcmpMeter&>(*merged);
    for (const IcmpPairEntry* entry : meter.pairs().Sorted()) Take(*entry);
    for (const IcmpPayloadEntry* payload : meter.payloads().Sorted()) Take(*payload);
    for (const IcmpPairEntry* entry : meter.pairs().Sorted()) {
      if (const auto at = pairs_.find(entry->key); at != pairs_.end()) Judge(at->first, at->second, epoch, alerts);
    }
    std::erase_if(pairs_, [&](const auto& p) { return epoch.end - p.second.last_seen > Duration{2 * window_.ns}; });
    KeepWithin(pairs_, KeysIn(options_, Table::kOther, kKeyBytes), [](const Pair& p) { return p.last_seen; },
               [&](const IcmpPairKey&, const Pair& p) { keys_lost_ += p.talk.longest().sum.mismatches > 0; });
    gate_.Expire(epoch.end);
  }

 private:
  void Take(const IcmpPairEntry& entry) {
    Pair& pair = pairs_.try_emplace(entry.key, window_).first->second;
    pair.last_seen = std::max(pair.last_seen, entry.last_seen);
    pair.sample.KeepEarlier(entry.sample);
    pair.talk.Advance(entry.last_seen);
    pair.talk.ForEach([&](Talk& talk) {
      talk.sum.Add(entry.figures);
      talk.first_seen = std::min(talk.first_seen, entry.first_seen);
    });
  }
  void Take(const IcmpPayloadEntry& entry) {
    const auto at = pairs_.find(entry.key.pair);
    if (at == pairs_.end()) return;
    at->second.talk.ForEach([&](Talk& talk) {
      if (!talk.payloads.Insert(entry.key.tag)) return;
      talk.sum.payload_bytes += entry.bytes;
      talk.sum.entropy_bytes += entry.entropy_milli * entry.bytes;
    });
  }

  Sign SignOf(const Talk& talk) const {
    const Options::IcmpTunnel& o = options_.icmp_tunnel;
    const std::uint64_t distinct = talk.payloads.Count().low;
    const auto sizes = static_cast<std::uint64_t>(std::popcount(talk.sum.sizes));
    if (talk.sum.mismatches >= o.mismatches) {
      return {
          talk.sum.mismatches, o.mismatches,
          Figure(talk.sum.mismatches) + " answers differ from what was sent (threshold " + Figure(o.mismatches) + ")"};
    }
    if (distinct >= o.distinct_payloads && sizes >= o.sizes) {
      return {distinct, o.distinct_payloads,
              Figure(distinct) + " different payloads in at least " + Figure(sizes) + " sizes (threshold " +
                  Figure(o.distinct_payloads) + " in " + Figure(o.sizes) + ")"};
    }
    if (talk.sum.payload_bytes >= o.payload_bytes && talk.entropy() >= o.entropy) {
      return {talk.sum.payload_bytes, o.payload_bytes,
              ByteWords(talk.sum.payload_bytes) + " of payloads that never repeat, with an entropy of " +
                  OneDecimal(talk.entropy()) + " bits an octet (threshold " + ByteWords(o.payload_bytes) + " at " +
                  OneDecimal(o.entropy) + ")"};
    }
    // Payloads that stay the same carry nothing: those are the answers of a mirror that shows one side.
    return {distinct > kUnchanging ? talk.unsolicited() : 0, o.unsolicited,
            Figure(talk.unsolicited()) + " more answers than questions (threshold " + Figure(o.unsolicited) + ")"};
  }

  void Judge(const IcmpPairKey& key, Pair& pair, const EpochView& epoch, AlertSink& alerts) {
    const Talk& talk = pair.talk.longest();
    const Sign sign = SignOf(talk);
    if (2 * sign.figure < sign.threshold) return;
    Pattern p;
    p.dedup = key.asker.ToString() + "|" + key.asked.ToString();
    p.sender = key.asker;
    p.recipient = key.asked;
    p.ends.from = epoch.policy.Locate(key.asker);
    p.ends.to = epoch.policy.Locate(key.asked);
    p.ends.bytes = talk.sum.bytes;
    p.ends.app_proto = "icmp";
    p.sample = pair.sample;
    p.first_seen = talk.first_seen;
    p.last_seen = pair.last_seen;
    const bool inside = epoch.policy.Own(p.ends.from.zone) && epoch.policy.Own(p.ends.to.zone);
    p.base = inside ? Severity::kMedium : Severity::kHigh;
    p.unless_permitted = false;  // an entry in the register speaks of data, not of hiding it
    p.figure = sign.figure;
    p.threshold = sign.threshold;
    const std::string who = PartyWords(key.asker, {}, p.ends.from, epoch.policy) + " and " +
                            PartyWords(key.asked, {}, p.ends.to, epoch.policy);
    p.headline = "ICMP tunnel: " + ByteWords(talk.sum.bytes) + " between " + who;
    p.account = "Between " + who + " there were " + Figure(talk.sum.requests) + " ICMP " + KindWords(key.kind) +
                " and " + Figure(talk.sum.replies) + " answers with " + ByteWords(talk.sum.bytes) + " in " +
                Span(pair.last_seen - talk.first_seen) + "; " + sign.words +
                ". Programs that test a line send the same octets again and again behind their time stamp: this is a "
                "pattern consistent with a tunnel.";
    p.remedy = "find out which program sends it, and let ICMP leave only where it is needed and only in small packets.";
    p.figures = {{"requests", static_cast<double>(talk.sum.requests)},
                 {"replies", static_cast<double>(talk.sum.replies)},
                 {"mismatches", static_cast<double>(talk.sum.mismatches)},
                 {"distinct_payloads", static_cast<double>(talk.payloads.Count().estimate)},
                 {"sizes", static_cast<double>(std::popcount(talk.sum.sizes))},
                 {"payload_bytes", static_cast<double>(talk.sum.payload_bytes)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  static std::string KindWords(std::uint8_t kind) {
    return kind == kIcmpEcho ? "echo requests" : "messages of type " + std::to_string(kind);
  }

  Options options_;
  Duration window_;
  AlertGate gate_;
  std::map<IcmpPairKey, Pair> pairs_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeIcmpTunnel(const Options& options) { return std::make_unique<IcmpTunnel>(options); }

}  // namespace gander::detect
