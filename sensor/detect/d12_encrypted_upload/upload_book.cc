// SPDX-License-Identifier: Apache-2.0
#include "detect/d12_encrypted_upload/upload_book.h"

#include <algorithm>
#include <string_view>

#include "detect/account/recipient_domain.h"
#include "detect/account/traffic_meter.h"
#include "detect/alerting/words.h"
#include "detect/state/keep_within.h"
#include "detect/state/memory_share.h"

namespace gander::detect {
namespace {

constexpr Duration kDay = Duration::Seconds(86'400);
constexpr Duration kJudgedAgain = Duration::Seconds(600);  // the register may have changed
constexpr std::uint64_t kPrevalentSenders = 10;
constexpr double kPrevalentShare = 0.2;
constexpr std::size_t kUploadBytes = 2 * 768, kHostBytes = 4 * 640,
                      kSendersBytes = 4 * 256;  // of one key; a share each

std::uint64_t Tag(const HashKey& key, const IpAddress& a) noexcept {
  return SipHash13(key, AsBytes({reinterpret_cast<const char*>(a.octets.data()), a.octets.size()}));
}

// Nobody read it: ciphertext, or a protocol nobody knows.
bool Unread(const TrafficKey& key) noexcept { return key.encrypted || std::string_view(key.app_proto).empty(); }

// Calls and their like: both sides send all the time whatever is said. QUIC carries files as TCP does.
bool IsMedia(const TrafficKey& key) noexcept {
  return key.transport == ip_proto::kUdp && std::string_view(key.app_proto) != "quic";
}

}  // namespace

void UploadSums::Add(Timestamp now, std::uint64_t sent, std::uint64_t received) noexcept {
  for (std::size_t i = 0; i < kUploadWindows.size(); ++i) {
    out[i].Add(kUploadWindows[i], now, static_cast<double>(sent));
    in[i].Add(kUploadWindows[i], now, static_cast<double>(received));
  }
}

double UploadSums::Ratio(std::size_t window, Timestamp now) noexcept {
  const double sent = out[window].Sum(kUploadWindows[window], now), got = in[window].Sum(kUploadWindows[window], now);
  return sent + got == 0 ? 0 : (sent - got) / (sent + got);
}

bool UploadBook::Fresh(const Upload& upload, Timestamp now) const noexcept { return now - upload.first_seen < kDay; }

bool UploadBook::Prevalent(const UploadKey& key) const {
  const auto at = senders_.find(key.recipient);
  if (at == senders_.end()) return false;
  const std::uint64_t senders = at->second.Count().estimate;
  return senders >= kPrevalentSenders &&
         static_cast<double>(senders) >= kPrevalentShare * static_cast<double>(hosts_.size());
}

void UploadBook::Add(const EpochView& epoch) {
  touched_.clear();
  if (epoch.traffic == nullptr) return;
  for (const TrafficPath* path : epoch.traffic->Sorted()) Take(*path, epoch);
  KeepWithin(uploads_, KeysIn(options_, Table::kBaselines, kUploadBytes), [](const Upload& u) { return u.last_seen; },
             [&](const UploadKey& key, const Upload&) {
               touched_.erase(key);
               ++keys_lost_;
             });
  KeepWithin(
      hosts_, KeysIn(options_, Table::kBaselines, kHostBytes), [](const UploadHost& h) { return h.last_seen; },
      [](auto&&, auto&&) {});
  std::erase_if(touched_, [&](const UploadKey& key) { return !hosts_.contains(key.sender); });
  KeepWithin(
      senders_, KeysIn(options_, Table::kBaselines, kSendersBytes),
      [](const sketch::DistinctSet& s) { return s.Count().estimate; }, [](auto&&, auto&&) {});
}

void UploadBook::Take(const TrafficPath& path, const EpochView& epoch) {
  const TrafficKey& k = path.key;
  if (!Unread(k) || path.payload[0] == 0 || NamesNobody(k.server)) return;
  if (!Outward(epoch.policy, path.client, path.server)) return;

  UploadHost& host = hosts_[k.client];
  host.first_seen = std::min(host.first_seen, path.first_seen);
  host.last_seen = std::max(host.last_seen, path.last_seen);
  if (host.frozen == kDistantPast) host.history.Add(path.last_seen, path.payload[0]);

  const std::string domain = HostOf(epoch, k.host);
  Upload& upload = AddTo({k.client, domain.empty() ? k.server.ToString() : domain}, path, domain, epoch);
  if (upload.permitted) return;
  if (Fresh(upload, path.last_seen)) host.fresh[upload.crosses].Add(path.last_seen, path.payload[0], path.payload[1]);
  const std::string together = DomainOfNames(domain);
  if (!together.empty()) AddTo({k.client, together}, path, domain, epoch);
}

// What the register permits stays out of what is judged.
Upload& UploadBook::AddTo(const UploadKey& key, const TrafficPath& path, const std::string& domain,
                          const EpochView& epoch) {
  const TrafficKey& k = path.key;
  Upload& upload = uploads_[key];
  if (upload.first_seen == kDistantFuture) {
    upload.address = k.server;
    upload.domain = domain;
    upload.app_proto = k.app_proto;
    upload.encrypted = k.encrypted;
    upload.media = IsMedia(k);
    senders_[key.recipient].Insert(Tag(key_, k.client));
  }
  upload.from = path.client;
  upload.to = path.server;
  upload.first_seen = std::min(upload.first_seen, path.first_seen);
  upload.last_seen = std::max(upload.last_seen, path.last_seen);
  upload.sample.KeepEarlier(path.sample);
  upload.flows += path.flows_opened;
  upload.media = upload.media && IsMedia(k);
  upload.sums.Add(path.last_seen, path.payload[0], path.payload[1]);
  if (upload.judged == kDistantPast || path.last_seen - upload.judged > kJudgedAgain) Judge(upload, key, epoch);
  if (!upload.permitted) touched_.insert(key);
  return upload;
}

std::vector<Baseline> UploadBook::Baselines() const {
  std::vector<Baseline> out;
  for (const auto& [address, host] : hosts_) {
    const std::uint32_t hours = host.history.hours(), needed = options_.upload.history_hours;
    out.push_back({address.ToString(), host.first_seen, Duration::Seconds(3600LL * needed),
                   hours < needed && host.frozen == kDistantPast, host.frozen,
                   Figure(hours) + " complete hours, 99 % of them below " + ByteWords(host.history.Percentile99())});
  }
  return out;
}

std::size_t UploadBook::Obey(const BaselineRequest& request, Timestamp now) {
  std::size_t concerned = 0;
  for (auto& [address, host] : hosts_) {
    if (!request.Concerns(address)) continue;
    ++concerned;
    switch (request.action) {
      case BaselineAction::kFreeze:
        if (host.frozen == kDistantPast) host.frozen = now;
        break;
      case BaselineAction::kThaw: host.frozen = kDistantPast; break;
      case BaselineAction::kReset:
        host.history = {};
        host.first_seen = now;
        host.frozen = kDistantPast;
        break;
    }
  }
  return concerned;
}

void UploadBook::Judge(Upload& upload, const UploadKey& key, const EpochView& epoch) const {
  EndFigures ends;
  ends.from = upload.from;
  ends.to = upload.to = epoch.policy.Locate(upload.to, upload.domain);
  ends.recipient_domain = upload.domain;
  ends.encrypted = upload.encrypted;
  upload.judged = upload.last_seen;
  upload.permitted =
      policy::Permits(JudgeOpaque(epoch.policy, ends, key.sender, upload.address, upload.last_seen).verdict);
  upload.crosses = !upload.permitted && CrossesJurisdiction(upload.from, upload.to);
}

}  // namespace gander::detect
