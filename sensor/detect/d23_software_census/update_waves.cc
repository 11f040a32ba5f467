// SPDX-License-Identifier: Apache-2.0
#include "detect/d23_software_census/update_waves.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gander::detect {
namespace {

constexpr std::size_t kMaxFleets = 8;  // programs kept of one host

bool IsSmallLetter(char c) noexcept { return c >= 'a' && c <= 'z'; }

}  // namespace

bool IsUpdateHost(std::string_view host) {
  static constexpr std::array<std::string_view, 13> kWords{"update",   "updates", "upgrade", "upgrades",
                                                           "fota",     "ota",     "firmware", "patch",
                                                           "autoupdate", "windowsupdate", "swupdate", "dl", "download"};
  // Words of letters within labels, the registered name and what is above it left out: "update.com" may be anybody.
  std::size_t end = host.rfind('.');
  end = end == std::string_view::npos ? 0 : host.rfind('.', end - (end > 0));
  if (end == std::string_view::npos) return false;
  for (std::size_t i = 0; i < end;) {
    std::size_t k = i;
    while (k < end && IsSmallLetter(host[k])) ++k;
    if (k > i && std::find(kWords.begin(), kWords.end(), host.substr(i, k - i)) != kWords.end()) return true;
    i = std::max(k, i + 1);
  }
  return false;
}

void UpdateWaves::AddMember(const IpAddress& host, std::string_view product, Timestamp seen) {
  const auto at = members_.find(host);
  if (at == members_.end() && members_.size() >= most_) {
    ++lost_;
    return;
  }
  Fleets& fleets = at == members_.end() ? members_[host] : at->second;
  const auto named = fleets.find(product);
  if (named != fleets.end()) {
    named->second = std::max(named->second, seen);
  } else if (fleets.size() < kMaxFleets) {
    fleets.emplace(product, seen);
  } else {
    ++lost_;
  }
}

void UpdateWaves::AddVisit(const IpAddress& client, const std::string& host, const IpAddress& server,
                           const policy::Party& from, const policy::Party& to, const FlowSample& sample,
                           Timestamp seen) {
  Server& s = servers_[host];
  const auto at = s.clients.find(client);
  if (at == s.clients.end() && visits_ >= most_) {
    ++lost_;
    return;
  }
  visits_ += at == s.clients.end();
  Timestamp& last = at == s.clients.end() ? s.clients[client] : at->second;
  last = std::max(last, seen);
  s.first_seen = std::min(s.first_seen, seen);
  if (sample < s.sample) {
    s.sample = sample;
    s.address = server;
    s.from = from;
    s.to = to;
  }
  touched_.insert(host);
}

std::vector<UpdateWaves::Wave> UpdateWaves::Take(Timestamp now) {
  Forget(now);
  std::map<std::string, std::uint64_t, std::less<>> fleets;  // hosts of each program
  for (const auto& [host, products] : members_) {
    for (const auto& [product, seen] : products) ++fleets[product];
  }
  std::vector<Wave> waves;
  for (const std::string& host : touched_) {
    const auto at = servers_.find(host);
    if (at == servers_.end()) continue;
    std::map<std::string_view, std::pair<std::uint64_t, Timestamp>> came;
    for (const auto& [client, seen] : at->second.clients) {
      const auto member = members_.find(client);
      if (member == members_.end()) continue;
      for (const auto& [product, named] : member->second) {
        auto& [count, last] = came[product];
        last = count++ == 0 ? seen : std::max(last, seen);
      }
    }
    for (const auto& [product, seen] : came) {
      const std::uint64_t fleet = fleets.find(product)->second;
      const bool wave = fleet >= least_fleet_ && static_cast<double>(seen.first) >= share_ * static_cast<double>(fleet);
      if (!wave) continue;
      const Server& s = at->second;
      waves.push_back({std::string(product), host, seen.first, fleet, s.first_seen, seen.second, s.sample, s.address,
                       s.from, s.to});
    }
  }
  touched_.clear();
  return waves;
}

void UpdateWaves::Forget(Timestamp now) {
  // std::erase_if hands out const entries; these maps are emptied from within.
  const auto forget = [&](auto& times) {
    std::erase_if(times, [&](const auto& entry) { return now - entry.second > kWindow; });
    return times.empty();
  };
  for (auto it = members_.begin(); it != members_.end();) it = forget(it->second) ? members_.erase(it) : std::next(it);
  visits_ = 0;
  for (auto it = servers_.begin(); it != servers_.end();) {
    const bool gone = forget(it->second.clients);
    visits_ += it->second.clients.size();
    it = gone ? servers_.erase(it) : std::next(it);
  }
}

}  // namespace gander::detect
