// SPDX-License-Identifier: Apache-2.0
// Fleets (hosts that name one program) and the update servers they turned to within a day: whether half of a fleet goes
// to one. The servers are known by their names, so encrypted updates count like clear ones.
#ifndef GANDER_DETECT_D23_SOFTWARE_CENSUS_UPDATE_WAVES_H_
#define GANDER_DETECT_D23_SOFTWARE_CENSUS_UPDATE_WAVES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/state/fields.h"

namespace gander::detect {

// "update.example.com", "fota-3.example.net", "dl.example.org": whether a label says that updates come from there.
bool IsUpdateHost(std::string_view host);

class UpdateWaves {
 public:
  static constexpr Duration kWindow = Duration::Seconds(86'400);

  struct Wave {
    std::string product, host;
    std::uint64_t devices = 0, fleet = 0;
    Timestamp first_seen, last_seen;
    FlowSample sample;
    IpAddress server;
    policy::Party from, to;
  };

  UpdateWaves(std::uint32_t least_fleet, double share, std::size_t most)
      : least_fleet_(least_fleet), share_(share), most_(most) {}

  void AddMember(const IpAddress& host, std::string_view product, Timestamp seen);
  void AddVisit(const IpAddress& client, const std::string& host, const IpAddress& server, const policy::Party& from,
                const policy::Party& to, const FlowSample& sample, Timestamp seen);
  // Waves that hold at `now` among servers visited since the last call.
  std::vector<Wave> Take(Timestamp now);
  std::uint64_t lost() const noexcept { return lost_; }
  static auto Saved(auto& w) { return Fields(w.members_, w.servers_, w.touched_, w.visits_); }

 private:
  struct Server {
    std::map<IpAddress, Timestamp> clients;  // when each came last
    Timestamp first_seen = kDistantFuture;
    FlowSample sample;
    IpAddress address;
    policy::Party from, to;

    static auto Saved(auto& s) { return Fields(s.clients, s.first_seen, s.sample, s.address, s.from, s.to); }
  };
  using Fleets = std::map<std::string, Timestamp, std::less<>>;  // of one host: product and when it was named last

  void Forget(Timestamp now);

  std::uint32_t least_fleet_;
  double share_;
  std::size_t most_;              // hosts, and visits
  std::map<IpAddress, Fleets> members_;
  std::map<std::string, Server> servers_;
  std::set<std::string> touched_;
  std::size_t visits_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D23_SOFTWARE_CENSUS_UPDATE_WAVES_H_
