// SPDX-License-Identifier: Apache-2.0
// D13 Covert upload over an unusual protocol or port: traffic that is not what its port says, or more of a protocol
// than there is to say in it.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d13_covert_upload/covert_kinds.h"
#include "detect/d13_covert_upload/covert_meter.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_sum.h"
#include "sketch/distinct_set.h"

namespace gander::detect {
namespace {

constexpr Duration kHour = Duration::Seconds(3600);
constexpr std::size_t kKeyBytes = 8 * 512;  // of one channel; an eighth of the share of small tables
constexpr Duration kJudgedAgain = Duration::Seconds(600);  // the register may have changed

const Topic& TheTopic() {
  static const Topic topic{"D13", "covert_upload", 13, "Covert upload over an unusual protocol or port",
                           {"T1571", "T1095", "T1132", "T1001"}};
  return topic;
}

// All that a client does of one kind, whoever the recipients are: splitting does not help.
struct WayKey {
  IpAddress client;
  CovertKind kind = CovertKind::kNone;
  std::string label;
  auto operator<=>(const WayKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.client, k.kind, k.label); }
};
struct ChannelKey {
  WayKey way;
  IpAddress server;
  auto operator<=>(const ChannelKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.way, k.server); }
};

struct Channel {
  StaggeredSum out, in;
  policy::Party from, to;
  std::string domain;
  const char* app_proto = "";
  bool encrypted = false, permitted = false;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast, judged = kDistantPast;
  FlowSample sample;
  sketch::DistinctSet fields;  // kStuffedFields

  static auto Saved(auto& c) {
    return Fields(c.out, c.in, c.from, c.to, c.domain, c.app_proto, c.encrypted, c.permitted, AsSet(c.first_seen),
                  AsSet(c.last_seen), c.judged, c.sample, c.fields);
  }
};

// The sum over the recipients of a way that the register does not permit.
struct WaySum {
  double out = 0, in = 0, most = 0;
  std::uint64_t recipients = 0;
  const Channel* largest = nullptr;
  IpAddress server;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
};

struct Opening {
  std::uint32_t tenths = 0;
  bool random = false;
  Timestamp last_seen = kDistantPast;

  static auto Saved(auto& o) { return Fields(o.tenths, o.random, AsSet(o.last_seen)); }
};

class CovertUpload final : public Detector {
 public:
  explicit CovertUpload(const Options& options) : options_(options), gate_(options, kHour) {}

  std::unique_ptr<Meter> NewMeter() const override { return std::make_unique<CovertMeter>(options_); }
  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, channels_, openings_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, channels_, openings_); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    const auto& meter = static_cast<const CovertMeter&>(*merged);
    std::set<WayKey> touched;
    for (const OpeningEntry* entry : meter.openings().Sorted()) {
      Opening& opening = openings_[entry->key];
      opening.random = entry->random;
      opening.tenths = entry->tenths;
      opening.last_seen = epoch.end;
    }
    if (epoch.traffic != nullptr) {
      for (const TrafficPath* path : epoch.traffic->Sorted()) Take(*path, epoch, touched);
    }
    for (const StuffedEntry* entry : meter.stuffed().Sorted()) Take(*entry, epoch, touched);
    for (const WayKey& key : touched) Judge(key, epoch, alerts);
    KeepWithin(channels_, KeysIn(options_, Table::kOther, kKeyBytes), [](const Channel& c) { return c.last_seen; },
               [&](const ChannelKey&, const Channel&) { ++keys_lost_; });
    KeepWithin(
        openings_, KeysIn(options_, Table::kOther, kKeyBytes), [](const Opening& o) { return o.last_seen; },
        [](auto&&, auto&&) {});
    gate_.Expire(epoch.end);
  }

 private:
  void Take(const TrafficPath& path, const EpochView& epoch, std::set<WayKey>& touched) {
    const TrafficKey& k = path.key;
    Covert covert = CovertOf(k);
    if (covert.kind == CovertKind::kNone || path.payload[0] == 0) return;
    if (covert.kind == CovertKind::kUnknownProtocol && !BeginsRandom(k, path.last_seen)) return;
    WayKey way{k.client, covert.kind, std::move(covert.label)};
    Channel* const channel = ChannelOf({way, k.server}, path.first_seen, path.last_seen, path.sample, k.host, epoch);
    if (channel == nullptr) return;
    channel->app_proto = k.app_proto;
    channel->encrypted = k.encrypted;
    channel->out.Add(kHour, path.last_seen, static_cast<double>(path.payload[0]));
    channel->in.Add(kHour, path.last_seen, static_cast<double>(path.payload[1]));
    touched.insert(std::move(way));
  }

  void Take(const StuffedEntry& entry, const EpochView& epoch, std::set<WayKey>& touched) {
    const WayKey way{entry.key.client, CovertKind::kStuffedFields, "http"};
    Channel* const channel =
        ChannelOf({way, entry.key.server}, entry.first_seen, entry.last_seen, entry.sample, entry.host, epoch);
    if (channel == nullptr || !channel->fields.Insert(entry.key.content)) return;
    channel->app_proto = "http";
    channel->out.Add(kHour, entry.last_seen, entry.information);
    touched.insert(way);
  }

  // A flow may have begun long before what it carries counts.
  bool BeginsRandom(const TrafficKey& k, Timestamp now) {
    const auto at = openings_.find({k.client, k.server, k.server_port, k.transport});
    if (at == openings_.end()) return false;
    at->second.last_seen = std::max(at->second.last_seen, now);
    return at->second.random;
  }

  // Null where it does not leave, or the register permits it.
  Channel* ChannelOf(const ChannelKey& key, Timestamp first, Timestamp last, const FlowSample& sample, HostTag host,
                     const EpochView& epoch) {
    if (NamesNobody(key.server)) return nullptr;
    const policy::Party from = epoch.policy.Locate(key.way.client), to = epoch.policy.Locate(key.server);
    if (!Outward(epoch.policy, from, to)) return nullptr;
    Channel& c = channels_[key];
    if (c.domain.empty()) c.domain = HostOf(epoch, host);
    c.first_seen = std::min(c.first_seen, first);
    c.last_seen = std::max(c.last_seen, last);
    c.sample.KeepEarlier(sample);
    if (c.judged == kDistantPast || last - c.judged > kJudgedAgain) {
      c.judged = last;
      c.from = from;
      c.to = epoch.policy.Locate(to, c.domain);
      EndFigures ends;
      ends.from = c.from;
      ends.to = c.to;
      ends.recipient_domain = c.domain;
      c.permitted = policy::Permits(JudgeOpaque(epoch.policy, ends, key.way.client, key.server, last).verdict);
    }
    return c.permitted ? nullptr : &c;
  }

  std::uint64_t ThresholdOf(CovertKind kind) const noexcept {
    const Options::Covert& o = options_.covert;
    switch (kind) {
      case CovertKind::kUnknownProtocol: return o.unknown_bytes_1h;
      case CovertKind::kWrongPort: return o.wrong_port_bytes;
      case CovertKind::kOddProtocol: return o.odd_protocol_bytes;
      default: return o.small_bytes_1h;
    }
  }
  // Calls and games go both ways; what is carried out does not. A session on the wrong port is one whatever it carries.
  static bool GoesOut(CovertKind kind, const std::string& label, double out, double in) noexcept {
    const bool conversation = kind == CovertKind::kUnknownProtocol || label == "sip";
    return !conversation || out >= 2 * in;
  }

  WaySum SumOf(const WayKey& key, Timestamp now) {
    WaySum sum;
    for (auto at = channels_.lower_bound({key, {}}); at != channels_.end() && at->first.way == key; ++at) {
      Channel& c = at->second;
      const double out = c.out.Sum(kHour, now), in = c.in.Sum(kHour, now);
      if (c.permitted || out == 0 || !GoesOut(key.kind, key.label, out, in)) continue;
      sum.out += out;
      sum.in += in;
      ++sum.recipients;
      sum.first_seen = std::min(sum.first_seen, c.first_seen);
      sum.last_seen = std::max(sum.last_seen, c.last_seen);
      if (sum.largest != nullptr && out <= sum.most) continue;
      sum.most = out;
      sum.largest = &c;
      sum.server = at->first.server;
    }
    return sum;
  }

  void Judge(const WayKey& key, const EpochView& epoch, AlertSink& alerts) {
    const WaySum sum = SumOf(key, epoch.end);
    const std::uint64_t threshold = ThresholdOf(key.kind);
    const bool answered = key.kind != CovertKind::kWrongPort || sum.in > 0;
    if (sum.largest == nullptr || 2 * sum.out < static_cast<double>(threshold) || !answered) return;
    const Channel& c = *sum.largest;
    Pattern p;
    p.dedup = key.client.ToString() + "|" + key.label;
    p.sender = key.client;
    p.recipient = sum.server;
    p.ends.recipient_domain = c.domain;
    p.ends.from = c.from;
    p.ends.to = c.to;
    p.ends.app_proto = c.app_proto;
    p.ends.encrypted = c.encrypted;
    p.ends.bytes = static_cast<std::uint64_t>(sum.out);
    p.sample = c.sample;
    p.first_seen = sum.first_seen;
    p.last_seen = sum.last_seen;
    p.figure = static_cast<std::uint64_t>(sum.out);
    p.threshold = threshold;
    const std::string who = PartyWords(key.client, {}, c.from, epoch.policy);
    const std::string whom = PartyWords(sum.server, c.domain, c.to, epoch.policy);
    const std::string many = sum.recipients > 1 ? " and " + Figure(sum.recipients - 1) + " other recipients" : "";
    p.headline = "Covert upload: " + ByteWords(p.figure) + " of " + key.label + " from " + who + " to " + whom + many;
    p.account = who + " sent " + ByteWords(p.figure) + " " + Account(key) + " to " + whom + many + " and got " +
                ByteWords(static_cast<std::uint64_t>(sum.in)) + " back (threshold " + ByteWords(threshold) +
                (key.kind == CovertKind::kWrongPort ? ")" : " in an hour)") +
                ": a pattern consistent with an upload that hides.";
    p.remedy =
        "find out which program on that host speaks so; if it is a service in use, register the recipient, else let "
        "only what is needed leave the network.";
    p.figures = {{"bytes_out", sum.out}, {"bytes_in", sum.in}, {"recipients", static_cast<double>(sum.recipients)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  std::string Account(const WayKey& key) const {
    switch (key.kind) {
      case CovertKind::kUnknownProtocol:
        return "in flows of a protocol nobody knows that begin as evenly as ciphertext does (at least " +
               OneDecimal(options_.covert.entropy) + " bits an octet)";
      case CovertKind::kSmallProtocol:
        return "by a protocol that needs few octets (" + key.label + ")";
      case CovertKind::kWrongPort: return "by " + key.label + ", where another protocol belongs,";
      case CovertKind::kOddProtocol: return "by " + key.label + ", which hosts do not use,";
      default:
        return "in cookies, credentials or addresses of more than " + ByteWords(options_.covert.field_bytes) +
               " each that differ from request to request";
    }
  }

  Options options_;
  AlertGate gate_;
  std::map<ChannelKey, Channel> channels_;
  std::map<OpeningKey, Opening> openings_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeCovertUpload(const Options& options) { return std::make_unique<CovertUpload>(options); }

}  // namespace gander::detect
