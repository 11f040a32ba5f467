// SPDX-License-Identifier: Apache-2.0
// D12 Encrypted bulk upload. Nobody sees what leaves; that a host sends much more than it gets, and many times what it
// ever sends in an hour, can be seen. Judged in every epoch, not at the end of a flow.
#include <algorithm>
#include <string_view>

#include "detect/alerting/alert_gate.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/alerting/words.h"
#include "detect/d12_encrypted_upload/upload_book.h"
#include "detect/detectors.h"
#include "detect/state/snapshot_fields.h"

namespace gander::detect {
namespace {

constexpr double kCrowdFactor = 8;     // where many hosts send
constexpr double kExplains = 0.8;      // one recipient that holds so much speaks for the sum over new ones

const Topic& TheTopic() {
  static const Topic topic{"D12", "encrypted_upload", 12, "Encrypted bulk upload", {"T1048.002", "T1567.002"}};
  return topic;
}

// What held, and with which figures.
struct Held {
  double out = 0, in = 0, threshold = 1, ratio = 0;
  std::size_t window = 0;
  std::string compared;   // with what of its own past
};

class EncryptedUpload final : public Detector {
 public:
  explicit EncryptedUpload(const Options& options)
      : options_(options), book_(options), gate_(options, kUploadWindows[0]) {}

  std::uint64_t keys_lost() const noexcept override { return book_.keys_lost(); }

  void Save(SnapshotWriter& out) const override { SaveAll(out, gate_, book_); }
  bool Load(StateReader& in) override { return LoadAll(in, gate_, book_); }

  bool learns() const noexcept override { return true; }
  std::vector<Baseline> Baselines(Timestamp) const override { return book_.Baselines(); }
  std::size_t Obey(const BaselineRequest& request, Timestamp now) override { return book_.Obey(request, now); }

  void OnEpoch(const Meter*, const EpochView& epoch, AlertSink& alerts) override {
    book_.Add(epoch);
    IpAddress last;
    for (const UploadKey& key : book_.touched()) {
      JudgeRecipient(key, epoch, alerts);
      if (key.sender == last) continue;
      last = key.sender;
      JudgeFresh(key.sender, epoch, alerts);
    }
    gate_.Expire(epoch.end);
  }

 private:
  bool Learning(const UploadHost& host) const noexcept { return host.history.hours() < options_.upload.history_hours; }
  // Without a past to compare with, five times as much is asked for.
  double FloorOf(const UploadHost& host, bool crosses) const noexcept {
    const Options::Upload& o = options_.upload;
    const auto floor = static_cast<double>(crosses ? o.bytes_crossing_1h : o.bytes_1h);
    return Learning(host) ? floor * o.unknown_factor : floor;
  }

  // The conditions in turn: this hour by ratio, this hour against the past alone, a day, thirty days.
  Held HeldBy(Upload& upload, const UploadHost& host, double floor, Timestamp now) const {
    const Options::Upload& o = options_.upload;
    const auto own = static_cast<double>(host.history.Percentile99());
    Held held;
    const auto measure = [&](std::size_t window, double threshold, std::string compared) {
      held = {upload.sums.out[window].Sum(kUploadWindows[window], now), upload.sums.in[window].Sum(kUploadWindows[window], now),
              threshold, upload.sums.Ratio(window, now), window, std::move(compared)};
      return held.out >= threshold;
    };
    const bool known = !Learning(host);
    if (measure(0, std::max(floor, o.own_factor * own), PastWords(host, o.own_factor)) && held.ratio >= o.ratio) return held;
    if (known && !upload.media && measure(0, std::max(floor, o.own_factor_alone * own), PastWords(host, o.own_factor_alone))) {
      return held;
    }
    const bool recent = now - upload.first_seen < kUploadWindows[2];
    for (const std::size_t window : {1u, 2u}) {
      const double times = window == 1 ? o.day_factor : o.month_factor;
      if (recent && measure(window, floor * times, "Over so long a time it is not compared with the past") && held.ratio >= o.ratio) {
        return held;
      }
    }
    measure(0, std::max(floor, o.own_factor * own), {});
    if (held.ratio < o.ratio) held.out = 0;
    return held;
  }

  std::string PastWords(const UploadHost& host, std::uint32_t factor) const {
    if (Learning(host)) {
      return LearningWords(Duration::Seconds(3600LL * host.history.hours()), Duration::Seconds(3600LL * options_.upload.history_hours)) +
             " Without a past to compare with, " + Figure(options_.upload.unknown_factor) + " times as much is asked for";
    }
    return "99 % of this host's hours stayed below " + ByteWords(host.history.Percentile99()) + ", of which " + Figure(factor) +
           " times is asked for; " + Figure(host.history.hours()) + " hours are known" +
           (host.frozen == kDistantPast ? ""
                                        : ", and nothing is learned since " + FormatEveTime(host.frozen).substr(0, 16));
  }

  Pattern NewPattern(const UploadHost& host, const Held& held, const IpAddress& sender, const Upload& upload) const {
    Pattern p;
    p.sender = sender;
    p.recipient = upload.address;
    p.ends.recipient_domain = upload.domain;
    p.ends.from = upload.from;
    p.ends.to = upload.to;
    p.ends.app_proto = upload.app_proto;
    p.ends.encrypted = upload.encrypted;
    p.ends.bytes = static_cast<std::uint64_t>(held.out);
    p.ends.flows = upload.flows;
    p.sample = upload.sample;
    p.first_seen = upload.first_seen;
    p.last_seen = upload.last_seen;
    p.base = Learning(host) ? Severity::kLow : Severity::kMedium;
    p.figure = static_cast<std::uint64_t>(held.out);
    p.threshold = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(held.threshold));
    p.remedy = "ask the owner of the host what it sends; if it is a backup or another service, register the recipient with "
               "its basis, quota and end date.";
    p.figures = {{"bytes_out", held.out},
                 {"bytes_in", held.in},
                 {"producer_consumer_ratio", held.ratio},
                 {"own_percentile_99_1h", static_cast<double>(host.history.Percentile99())},
                 {"hours_known", static_cast<double>(host.history.hours())}};
    return p;
  }

  std::string Account(const std::string& who, const std::string& whom, const Held& held) const {
    return who + " sent " + ByteWords(static_cast<std::uint64_t>(held.out)) + " to " + whom + " and got " +
           ByteWords(static_cast<std::uint64_t>(held.in)) + " back within " + Span(kUploadWindows[held.window]) +
           ", a producer-consumer ratio of " + OneDecimal(held.ratio) + "; the content was not seen. Threshold: " +
           ByteWords(static_cast<std::uint64_t>(held.threshold)) + " with a ratio of " + OneDecimal(options_.upload.ratio) + ". " +
           held.compared + ". This is a pattern consistent with a bulk upload.";
  }

  void JudgeRecipient(const UploadKey& key, const EpochView& epoch, AlertSink& alerts) {
    Upload& upload = book_.uploads().at(key);
    const UploadHost& host = book_.hosts().at(key.sender);
    const double floor = FloorOf(host, upload.crosses) * (book_.Prevalent(key) ? kCrowdFactor : 1);
    const Held held = HeldBy(upload, host, floor, upload.last_seen);
    if (held.out < held.threshold / 2) return;
    if (Together(key) && !OfManyNames(key, held, upload.last_seen)) return;
    Pattern p = NewPattern(host, held, key.sender, upload);
    p.dedup = key.sender.ToString() + "|" + key.recipient;
    const std::string who = PartyWords(key.sender, {}, upload.from, epoch.policy);
    const std::string below = Together(key) ? "names below " + key.recipient.substr(2) + ", first " : std::string();
    const std::string whom = below + PartyWords(upload.address, upload.domain, upload.to, epoch.policy);
    p.headline = "Encrypted bulk upload: " + ByteWords(p.figure) + " from " + who + " to " + whom;
    p.account = Account(who, whom, held);
    Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
  }

  // Whether names below the domain hold the sum only together; one that holds it alone speaks for itself.
  bool OfManyNames(const UploadKey& key, const Held& held, Timestamp now) {
    const std::string_view below = std::string_view(key.recipient).substr(1);  // ".example.com"
    auto& uploads = book_.uploads();
    for (auto at = uploads.lower_bound({key.sender, {}}); at != uploads.end() && at->first.sender == key.sender; ++at) {
      const std::string& name = at->first.recipient;
      if (Together(at->first) || !name.ends_with(below)) continue;
      if (at->second.sums.out[held.window].Sum(kUploadWindows[held.window], now) >= held.threshold) return false;
    }
    return true;
  }

  // Split over recipients that this host did not know a day ago.
  void JudgeFresh(const IpAddress& sender, const EpochView& epoch, AlertSink& alerts) {
    UploadHost& host = book_.hosts().at(sender);
    const Options::Upload& o = options_.upload;
    for (const bool crosses : {false, true}) {
      UploadSums& sums = host.fresh[crosses];
      Held held;
      held.out = sums.out[0].Sum(kUploadWindows[0], host.last_seen);
      held.in = sums.in[0].Sum(kUploadWindows[0], host.last_seen);
      held.ratio = sums.Ratio(0, host.last_seen);
      held.threshold = std::max(FloorOf(host, crosses), o.own_factor * static_cast<double>(host.history.Percentile99()));
      held.compared = PastWords(host, o.own_factor);
      if (held.out < held.threshold || held.ratio < o.ratio) continue;
      std::uint64_t recipients = 0;
      const Upload* const largest = LargestFresh(sender, crosses, host.last_seen, held.out, recipients);
      if (largest == nullptr) continue;
      Pattern p = NewPattern(host, held, sender, *largest);
      p.dedup = sender.ToString() + "|new recipients";
      const std::string who = PartyWords(sender, {}, largest->from, epoch.policy);
      const std::string whom = Figure(recipients) + " recipients new to it";
      p.ends.sources = 1;
      p.figures.emplace_back("recipients", static_cast<double>(recipients));
      p.headline = "Encrypted bulk upload: " + ByteWords(p.figure) + " from " + who + " to " + whom;
      p.account = Account(who, whom, held) + " The most went to " +
                  PartyWords(largest->address, largest->domain, largest->to, epoch.policy) + ".";
      Raise(std::move(p), TheTopic(), gate_, epoch, alerts);
    }
  }

  // Null when one of them explains the sum: it speaks for itself.
  const Upload* LargestFresh(const IpAddress& sender, bool crosses, Timestamp now, double sum, std::uint64_t& recipients) {
    const Upload* largest = nullptr;
    double most = 0;
    auto& uploads = book_.uploads();
    for (auto at = uploads.lower_bound({sender, {}}); at != uploads.end() && at->first.sender == sender; ++at) {
      Upload& upload = at->second;
      if (upload.permitted || upload.crosses != crosses || !book_.Fresh(upload, now)) continue;
      const double out = upload.sums.out[0].Sum(kUploadWindows[0], now);
      recipients += out > 0 && !Together(at->first);
      if (largest == nullptr || out > most) largest = &upload, most = out;
    }
    return most >= kExplains * sum ? nullptr : largest;
  }

  Options options_;
  UploadBook book_;
  AlertGate gate_;
};

}  // namespace

std::unique_ptr<Detector> MakeEncryptedUpload(const Options& options) { return std::make_unique<EncryptedUpload>(options); }

}  // namespace gander::detect
