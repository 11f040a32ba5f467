// SPDX-License-Identifier: Apache-2.0
// D22 Surveillance feed leaving: other people's conversations, copied to somebody outside. Known by structure, not by
// port: whole packets of the own network inside a tunnel that nothing comes back through, records of who spoke to whom,
// many cameras that send to one place.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "detect/account/traffic_meter.h"
#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d22_surveillance_feed/feed_meter.h"
#include "detect/detectors.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"
#include "detect/state/snapshot_fields.h"
#include "detect/state/staggered_sum.h"

namespace gander::detect {
namespace {

constexpr Duration kHour = Duration::Seconds(3600), kDay = Duration::Seconds(86'400);
constexpr std::size_t kKeyBytes = 8 * 256;  // of one feed; an eighth of the share of small tables
constexpr double kBackShare = 0.05;  // of packets: an overlay network is used both ways, a copy is not
constexpr double kOneWay = 8;        // a camera sends so many times what it gets
constexpr std::uint16_t kRtsp = 554, kRtspOther = 8554;

const Topic& TheTopic() {
  static const Topic topic{"D22", "surveillance_feed", 22, "Surveillance feed leaving", {"T1020.001", "T1125", "T1123"}};
  return topic;
}

struct Feed {
  std::uint64_t sampled = 0, own = 0;  // inner packets looked at since the last judgement; of them with an own address
  StaggeredSum packets, bytes;         // an hour
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;

  static auto Saved(auto& f) {
    return Fields(f.sampled, f.own, f.packets, f.bytes, AsSet(f.first_seen), AsSet(f.last_seen));
  }
};

// Octets of one record, headers included: more than most have, so that too few are counted. HEP copies whole messages.
struct ExportFormat {
  std::string_view name;
  double octets;
};
constexpr ExportFormat kExportFormats[] = {{"netflow", 64}, {"ipfix", 64}, {"sflow", 200}, {"hep", 1500}};

const ExportFormat* ExportFormatOf(std::string_view app_proto) noexcept {
  const auto at = std::find_if(std::begin(kExportFormats), std::end(kExportFormats), [&](const auto& f) { return f.name == app_proto; });
  return at == std::end(kExportFormats) ? nullptr : at;
}

struct ExportKey {
  IpAddress sender, recipient;
  std::string_view format;  // static
  auto operator<=>(const ExportKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.sender, k.recipient, k.format); }
};
struct Export {
  StaggeredSum records;                // a day
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;

  static auto Saved(auto& e) { return Fields(e.records, AsSet(e.first_seen), AsSet(e.last_seen), e.sample); }
};

struct CameraKey {
  IpAddress recipient, camera;
  auto operator<=>(const CameraKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.recipient, k.camera); }
};
struct Camera {
  StaggeredSum out, in;                // an hour
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  const char* app_proto = "";

  static auto Saved(auto& c) {
    return Fields(c.out, c.in, AsSet(c.first_seen), AsSet(c.last_seen), c.sample, c.app_proto);
  }
};

class SurveillanceFeed final : public Detector {
 public:
  explicit SurveillanceFeed(const Options& options) : options_(options), gate_(options, kHour) {}

  std::unique_ptr<Meter> NewMeter() const override { return std::make_unique<FeedMeter>(options_.feed.epoch_feeds); }
  std::uint64_t keys_lost() const noexcept override { return keys_lost_; }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, feeds_, exports_, cameras_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, feeds_, exports_, cameras_); }

  void OnEpoch(const Meter* merged, const EpochView& epoch, AlertSink& alerts) override {
    const auto& meter = static_cast<const FeedMeter&>(*merged);
    const auto feeds = meter.feeds().Sorted();
    for (const FeedEntry* entry : feeds) Take(*entry, epoch);
    for (const FeedEntry* entry : feeds) JudgeTunnel(entry->key, epoch, alerts);
    std::set<IpAddress> touched;
    if (epoch.traffic != nullptr) {
      for (const TrafficPath* path : epoch.traffic->Sorted()) {
        JudgeExport(*path, epoch, alerts);
        TakeCamera(*path, epoch, touched);
      }
    }
    for (const IpAddress& recipient : touched) JudgeCameras(recipient, epoch, alerts);
    const auto newest = [](const auto& v) { return v.last_seen; };
    const auto lost = [&](auto&&, auto&&) { ++keys_lost_; };
    KeepWithin(feeds_, KeysIn(options_, Table::kOther, kKeyBytes), newest, lost);
    KeepWithin(exports_, KeysIn(options_, Table::kOther, kKeyBytes), newest, lost);
    KeepWithin(cameras_, KeysIn(options_, Table::kOther, kKeyBytes), newest, lost);
    gate_.Expire(epoch.end);
  }

 private:
  static bool Leaves(const IpAddress& from, const IpAddress& to, const policy::Policy& policy) {
    return !NamesNobody(to) && Outward(policy, policy.Locate(from), policy.Locate(to));
  }
  static bool IsOwn(const IpAddress& address, const policy::Policy& policy) { return policy.Own(policy.Locate(address).zone); }

  // What is mirrored to the sensor itself may come from addresses that are not ours either: it does not leave.
  static bool LeavesOurs(const FeedKey& key, const policy::Policy& policy) {
    return IsOwn(key.source, policy) && Leaves(key.source, key.destination, policy);
  }

  void Take(const FeedEntry& entry, const EpochView& epoch) {
    Feed& feed = feeds_[entry.key];
    for (std::size_t i = 0; i < entry.inners; ++i) {
      ++feed.sampled;
      feed.own += IsOwn(entry.inner[i].source, epoch.policy) || IsOwn(entry.inner[i].destination, epoch.policy);
    }
    feed.packets.Add(kHour, entry.last_seen, static_cast<double>(entry.packets));
    feed.bytes.Add(kHour, entry.last_seen, static_cast<double>(entry.bytes));
    feed.first_seen = std::min(feed.first_seen, entry.first_seen);
    feed.last_seen = std::max(feed.last_seen, entry.last_seen);
  }

  Pattern NewPattern(const IpAddress& sender, const IpAddress& recipient, const char* protocol, const EpochView& epoch) const {
    Pattern p;
    p.sender = sender;
    p.recipient = recipient;
    p.ends.from = epoch.policy.Locate(sender);
    p.ends.to = epoch.policy.Locate(recipient);
    p.ends.app_proto = protocol;
    p.may_be_critical = true;
    p.base = Severity::kHigh;
    p.remedy = "find out on the sender who set the feed up and what it copies; stop it, or register the recipient with its "
               "basis and end date.";
    return p;
  }

  void JudgeTunnel(const FeedKey& key, const EpochView& epoch, AlertSink& alerts) {
    Feed& feed = feeds_.at(key);
    const Options::Feed& o = options_.feed;
    if (feed.sampled < FeedEntry::kSample) return;
    const std::uint64_t sampled = std::exchange(feed.sampled, 0), own = std::exchange(feed.own, 0);
    if (own * FeedEntry::kSample < o.own_of_20 * sampled || !LeavesOurs(key, epoch.policy)) return;
    const auto reverse = feeds_.find({key.destination, key.source, key.kind});
    const double packets = feed.packets.Sum(kHour, feed.last_seen), bytes = feed.bytes.Sum(kHour, feed.last_seen);
    const bool both_ways = reverse != feeds_.end() && reverse->second.packets.Sum(kHour, feed.last_seen) >= kBackShare * packets;
    Pattern p = NewPattern(key.source, key.destination, FeedKindName(key.kind), epoch);
    if (both_ways) p.base = Severity::kLow;
    p.dedup = key.source.ToString() + "|" + key.destination.ToString() + "|" + FeedKindName(key.kind);
    p.ends.bytes = static_cast<std::uint64_t>(bytes);
    p.sample.tuple = {key.source, key.destination, 0, 0, 0};
    p.sample.time = p.first_seen = feed.first_seen;
    p.last_seen = feed.last_seen;
    p.figure = std::max<std::uint64_t>(o.own_of_20, static_cast<std::uint64_t>(packets));
    p.threshold = o.own_of_20;
    const std::string who = PartyWords(key.source, {}, p.ends.from, epoch.policy);
    const std::string whom = PartyWords(key.destination, {}, p.ends.to, epoch.policy);
    const std::string kind = FeedKindName(key.kind);
    p.headline = (both_ways ? "Undeclared tunnel with own traffic: " : "Surveillance feed: ") + Figure(p.figure) + " packets by " +
                 kind + " from " + who + " to " + whom;
    p.account = who + " sent " + Figure(p.figure) + " packets with " + ByteWords(p.ends.bytes) + " by " + kind + " to " + whom + "; " +
                Figure(own) + " of " + Figure(sampled) + " looked at hold a whole packet of the own network (threshold " +
                Figure(o.own_of_20) + " of 20). " +
                (both_ways ? "Packets come back the same way, as in overlay networks: a pattern consistent with a tunnel between "
                             "sites that nobody declared."
                           : "Nothing comes back: a pattern consistent with a mirror of the network's traffic that leaves.");
    p.figures = {{"packets", packets}, {"bytes", bytes}, {"sampled", static_cast<double>(sampled)}, {"own", static_cast<double>(own)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  void JudgeExport(const TrafficPath& path, const EpochView& epoch, AlertSink& alerts) {
    const ExportFormat* const format = ExportFormatOf(path.key.app_proto);
    const TrafficKey& k = path.key;
    if (format == nullptr || path.payload[0] == 0 || !Leaves(k.client, k.server, epoch.policy)) return;
    Export& feed = exports_[{k.client, k.server, format->name}];
    feed.records.Add(kDay, path.last_seen, static_cast<double>(path.payload[0]) / format->octets);
    feed.first_seen = std::min(feed.first_seen, path.first_seen);
    feed.last_seen = std::max(feed.last_seen, path.last_seen);
    feed.sample.KeepEarlier(path.sample);
    const auto records = static_cast<std::uint64_t>(feed.records.Sum(kDay, feed.last_seen));
    if (2 * records < options_.feed.export_records) return;
    Pattern p = NewPattern(k.client, k.server, k.app_proto, epoch);
    p.dedup = k.client.ToString() + "|" + k.server.ToString() + "|" + k.app_proto;
    p.sample = feed.sample;
    p.first_seen = feed.first_seen;
    p.last_seen = feed.last_seen;
    p.figure = records;
    p.threshold = options_.feed.export_records;
    const std::string who = PartyWords(k.client, {}, p.ends.from, epoch.policy);
    const std::string whom = PartyWords(k.server, {}, p.ends.to, epoch.policy);
    p.headline = "Surveillance feed: at least " + Figure(records) + " records of connections by " + k.app_proto + " from " + who +
                 " to " + whom;
    p.account = who + " sent at least " + Figure(records) + " records of connections by " + k.app_proto + " to " + whom +
                " within a day (threshold " + Figure(p.threshold) + "; counted by their size): who spoke to whom and when, a " +
                "pattern consistent with flow export to a party outside.";
    p.figures = {{"records", static_cast<double>(records)}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  // Media may be sent by whoever opened the flow, or be fetched from outside.
  void TakeCamera(const TrafficPath& path, const EpochView& epoch, std::set<IpAddress>& touched) {
    const TrafficKey& k = path.key;
    const std::string_view app = k.app_proto;
    const bool port = k.transport == ip_proto::kTcp && (k.server_port == kRtsp || k.server_port == kRtspOther);
    if (app != "rtp" && app != "rtsp" && !(app.empty() && port)) return;
    const bool client_sends = path.payload[0] >= path.payload[1];
    const IpAddress& camera = client_sends ? k.client : k.server;
    const IpAddress& recipient = client_sends ? k.server : k.client;
    if (NamesNobody(recipient) || !IsOwn(camera, epoch.policy) || IsOwn(recipient, epoch.policy)) return;
    Camera& c = cameras_[{recipient, camera}];
    c.out.Add(kHour, path.last_seen, static_cast<double>(path.payload[client_sends ? 0 : 1]));
    c.in.Add(kHour, path.last_seen, static_cast<double>(path.payload[client_sends ? 1 : 0]));
    c.first_seen = std::min(c.first_seen, path.first_seen);
    c.last_seen = std::max(c.last_seen, path.last_seen);
    c.sample.KeepEarlier(path.sample);
    c.app_proto = app.empty() ? "rtsp" : k.app_proto;
    touched.insert(recipient);
  }

  void JudgeCameras(const IpAddress& recipient, const EpochView& epoch, AlertSink& alerts) {
    std::uint64_t cameras = 0;
    double bytes = 0;
    Camera first;
    IpAddress sender;
    Timestamp last_seen = kDistantPast;
    for (auto at = cameras_.lower_bound({recipient, {}}); at != cameras_.end() && at->first.recipient == recipient; ++at) {
      const double out = at->second.out.Sum(kHour, epoch.end), in = at->second.in.Sum(kHour, epoch.end);
      if (out < static_cast<double>(options_.feed.camera_bytes_1h) || out < kOneWay * in) continue;
      ++cameras;
      bytes += out;
      last_seen = std::max(last_seen, at->second.last_seen);
      if (first.first_seen <= at->second.first_seen && cameras > 1) continue;
      first = at->second;
      sender = at->first.camera;
    }
    if (2 * cameras < options_.feed.cameras) return;
    Pattern p = NewPattern(sender, recipient, first.app_proto, epoch);
    p.dedup = recipient.ToString() + "|cameras";
    p.ends.sources = cameras;
    p.ends.bytes = static_cast<std::uint64_t>(bytes);
    p.sample = first.sample;
    p.first_seen = first.first_seen;
    p.last_seen = last_seen;
    p.figure = cameras;
    p.threshold = options_.feed.cameras;
    const std::string whom = PartyWords(recipient, {}, p.ends.to, epoch.policy);
    p.headline = "Surveillance feed: pictures or sound of " + Figure(cameras) + " devices to " + whom;
    p.account = Figure(cameras) + " hosts of the own network sent " + ByteWords(p.ends.bytes) + " of media within an hour to " + whom +
                " and got next to nothing back (threshold " + Figure(p.threshold) +
                " hosts): a pattern consistent with cameras or microphones that are watched from outside.";
    p.figures = {{"devices", static_cast<double>(cameras)}, {"bytes", bytes}};
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  Options options_;
  AlertGate gate_;
  std::map<FeedKey, Feed> feeds_;
  std::map<ExportKey, Export> exports_;
  std::map<CameraKey, Camera> cameras_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace

std::unique_ptr<Detector> MakeSurveillanceFeed(const Options& options) { return std::make_unique<SurveillanceFeed>(options); }

}  // namespace gander::detect
