// SPDX-License-Identifier: Apache-2.0
// The aggregator's account of what hosts send out in flows nobody can read: by recipient and against their own past.
#ifndef GANDER_DETECT_D12_ENCRYPTED_UPLOAD_UPLOAD_BOOK_H_
#define GANDER_DETECT_D12_ENCRYPTED_UPLOAD_UPLOAD_BOOK_H_

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "detect/account/samples.h"
#include "detect/alerting/pattern_alert.h"
#include "detect/d12_encrypted_upload/hourly_history.h"
#include "detect/detector.h"
#include "detect/options.h"
#include "detect/state/baseline.h"
#include "detect/state/fields.h"
#include "detect/state/random_key.h"
#include "detect/state/staggered_sum.h"
#include "sketch/distinct_set.h"

namespace gander::detect {

// An hour, a day, thirty days.
inline constexpr std::array<Duration, 3> kUploadWindows = {Duration::Seconds(3600), Duration::Seconds(86'400),
                                                           Duration::Seconds(30 * 86'400)};

// Bytes out and in over the windows.
struct UploadSums {
  std::array<StaggeredSum, kUploadWindows.size()> out, in;
  void Add(Timestamp now, std::uint64_t sent, std::uint64_t received) noexcept;
  // Producer-consumer ratio (out - in) / (out + in), -1 to 1; 0 for nothing.
  double Ratio(std::size_t window, Timestamp now) noexcept;

  static auto Saved(auto& s) { return Fields(s.out, s.in); }
};

struct UploadKey {
  IpAddress sender;
  std::string recipient;  // host name, or address where none is known; "*.example.com" = names below it together
  auto operator<=>(const UploadKey&) const = default;
  static auto Saved(auto& k) { return Fields(k.sender, k.recipient); }
};

struct Upload {
  UploadSums sums;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  IpAddress address;      // of the earliest
  std::string domain;
  policy::Party from, to;
  std::string app_proto;
  bool encrypted = false, media = false;
  bool permitted = false, crosses = false;
  Timestamp judged = kDistantPast;
  std::uint64_t flows = 0;

  static auto Saved(auto& u) {
    return Fields(u.sums, AsSet(u.first_seen), AsSet(u.last_seen), u.sample, u.address, u.domain, u.from, u.to,
                  u.app_proto, u.encrypted, u.media, u.permitted, u.crosses, u.judged, u.flows);
  }
};

// Uploads to names below one domain together (account/recipient_domain.h): who rotates names is seen there.
inline bool Together(const UploadKey& key) noexcept { return key.recipient.starts_with("*."); }

struct UploadHost {
  HourlyHistory history;                 // of all it sent out unread, register or not
  std::array<UploadSums, 2> fresh;       // to recipients it did not know a day ago; [1]: across a border, unregistered
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  Timestamp frozen = kDistantPast;  // since when its history learns nothing more; unset: it learns

  static auto Saved(auto& h) { return Fields(h.history, h.fresh, AsSet(h.first_seen), AsSet(h.last_seen), h.frozen); }
};

class UploadBook {
 public:
  explicit UploadBook(const Options& options) : options_(options), key_(MeterKey(options, 12)) {}

  // Folds an epoch in; `touched` tells the uploads it added to, sorted.
  void Add(const EpochView& epoch);

  std::map<UploadKey, Upload>& uploads() noexcept { return uploads_; }
  std::map<IpAddress, UploadHost>& hosts() noexcept { return hosts_; }
  const std::set<UploadKey>& touched() const noexcept { return touched_; }
  // New to this host, or the host itself is.
  bool Fresh(const Upload& upload, Timestamp now) const noexcept;
  // So many hosts send there that it is no one's own recipient.
  bool Prevalent(const UploadKey& key) const;
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }

  std::vector<Baseline> Baselines() const;
  std::size_t Obey(const BaselineRequest& request, Timestamp now);

  static auto Saved(auto& b) { return Fields(b.hosts_, b.uploads_, b.senders_); }

 private:
  void Take(const struct TrafficPath& path, const EpochView& epoch);
  Upload& AddTo(const UploadKey& key, const struct TrafficPath& path, const std::string& domain,
                const EpochView& epoch);
  void Judge(Upload& upload, const UploadKey& key, const EpochView& epoch) const;

  Options options_;
  HashKey key_;  // of senders
  std::map<UploadKey, Upload> uploads_;
  std::map<IpAddress, UploadHost> hosts_;
  std::map<std::string, sketch::DistinctSet> senders_;  // by recipient
  std::set<UploadKey> touched_;
  std::uint64_t keys_lost_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D12_ENCRYPTED_UPLOAD_UPLOAD_BOOK_H_
