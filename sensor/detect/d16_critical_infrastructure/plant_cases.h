// SPDX-License-Identifier: Apache-2.0
// What crossed the edges of plants (zones of kind `ot`) without an entry in the register, by zone, peer and thing: the
// state of D16.
#ifndef GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_PLANT_CASES_H_
#define GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_PLANT_CASES_H_

#include <map>
#include <set>
#include <string>

#include "detect/account/traffic_meter.h"
#include "detect/account/transfer_book.h"
#include "detect/alerting/alert_parts.h"
#include "detect/d16_critical_infrastructure/control_meter.h"
#include "detect/state/baseline.h"
#include "detect/state/fields.h"
#include "detect/state/staggered_windows.h"

namespace gander::detect {

inline constexpr Duration kPlantWindow = Duration::Seconds(86'400);

bool IsPlant(const policy::Policy& policy, policy::ZoneId zone);

enum class PlantThing : std::uint8_t { kControl, kVolume, kPeer, kDocument };
constexpr PlantThing LastOf(PlantThing) noexcept { return PlantThing::kDocument; }

struct PlantKey {
  policy::ZoneId zone = policy::kOutside;  // the plant's, or the owner's of a document
  IpAddress peer;
  PlantThing thing = PlantThing::kControl;
  auto operator<=>(const PlantKey&) const = default;
  static auto Saved(auto& k) { return Fields(AsZone(k.zone), k.peer, k.thing); }
};

struct PlantCase {
  struct Sums {
    std::uint64_t bytes = 0, times = 0;
    sketch::DistinctSet hosts;  // in the plant

    static auto Saved(auto& s) { return Fields(s.bytes, s.times, s.hosts); }
  };
  StaggeredWindows<Sums> day{kPlantWindow};
  bool acts = false;            // the peer asked for something that changes a process
  std::set<std::string> names;  // functions, or kinds of documents and files
  std::string protocol;
  IpAddress host, peer;         // of the earliest, or of the first act
  EndFigures ends;
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  FlowSample sample;
  const char* app_proto = "";

  static auto Saved(auto& c) {
    return Fields(c.day, c.acts, c.names, c.protocol, c.host, c.peer, c.ends, c.first_seen, AsSet(c.last_seen),
                  c.sample, c.app_proto);
  }
};

class PlantCases {
 public:
  using Map = std::map<PlantKey, PlantCase>;

  explicit PlantCases(const Options& options) : options_(options) {}

  // The keys touched. `merged` may be null.
  std::set<PlantKey> Add(const ControlMeter* merged, const EpochView& epoch);
  void Forget(Timestamp now);
  // Whether outside peers are still taken as known when they come.
  bool Learning(Timestamp now) const noexcept {
    return !newness_.frozen() && now - learned_from_ < Duration::Seconds(options_.plant.learning_s);
  }
  std::vector<Baseline> Baselines(Timestamp now) const;
  std::size_t Obey(const BaselineRequest& request, Timestamp now);
  const Map& all() const noexcept { return cases_; }
  std::uint64_t keys_lost() const noexcept { return keys_lost_; }
  static auto Saved(auto& c) { return Fields(c.cases_, c.peers_, c.learned_from_, c.newness_); }

 private:
  // One way across the edge, seen from the plant.
  struct Way {
    IpAddress host, peer;
    policy::Party host_party, peer_party;
    std::string domain;  // of the peer
    const char* protocol = "";
    bool inward = false;  // the peer asks the plant to do something
  };
  // What happened on it in the epoch.
  struct Event {
    const FlowSample& sample;
    Timestamp first, last;
    std::uint64_t bytes = 0, times = 0;
  };
  struct Peer {
    policy::ZoneId zone = policy::kOutside;  // of the plant
    IpAddress address;
    auto operator<=>(const Peer&) const = default;

    static auto Saved(auto& p) { return Fields(AsZone(p.zone), p.address); }
  };

  static Way WayOf(const IpAddress& client, const IpAddress& server, const policy::Party& client_party,
                   const policy::Party& server_party, bool plant_is_client);
  static policy::Judgement JudgementOf(const Way& way, Timestamp time, const policy::Policy& policy);
  static void Place(PlantCase& c, const Way& way, const policy::Judgement& judgement);
  void AddFunctions(const ControlMeter& meter, const EpochView& epoch);
  void AddFile(const ControlMeter::Asked& sent, const EpochView& epoch);
  void AddControl(const Way& way, const char* function, const Event& event, const EpochView& epoch);
  void AddTraffic(const TrafficMeter& traffic, const EpochView& epoch);
  void AddBytes(const Way& way, const Event& event, const EpochView& epoch);
  void AddDocuments(const EpochView& epoch);
  bool IsNewPeer(const Peer& peer, const Event& event);
  PlantCase& Count(const PlantKey& key, const IpAddress& host, const Event& event, Timestamp epoch_begin);

  Options options_;
  Map cases_;
  std::set<PlantKey> touched_;
  std::map<Peer, Timestamp> peers_;     // outside peers of plants, when each was seen last
  Timestamp learned_from_ = kDistantFuture;  // first traffic across a plant's edge
  Newness newness_;                     // of peers
  std::uint64_t keys_lost_ = 0;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_D16_CRITICAL_INFRASTRUCTURE_PLANT_CASES_H_
