// SPDX-License-Identifier: Apache-2.0
// Who exchanged how much with whom in an epoch, whatever it was: the volume side of detection, for flows nobody can
// read as for those one can. One entry for client, server, service and name; the workers' tables add up.
#ifndef GANDER_DETECT_ACCOUNT_TRAFFIC_METER_H_
#define GANDER_DETECT_ACCOUNT_TRAFFIC_METER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "detect/account/samples.h"
#include "detect/detector.h"
#include "detect/options.h"
#include "detect/state/epoch_table.h"
#include "policy/policy.h"

namespace gander::detect {

// A flow's part of an epoch.
struct TrafficStretch {
  Timestamp begin, end;                    // its first and last packet known of the stretch
  bool opened = false;                     // the flow began in it
  std::array<std::uint64_t, 2> packets{};  // by Direction
  std::array<std::uint64_t, 2> payload{};  // delivered payload: retransmissions are not counted twice
};

struct TrafficKey {
  IpAddress client, server;
  std::uint16_t server_port = 0;  // 0 for protocols without
  std::uint8_t transport = 0;     // IP protocol
  bool encrypted = false;
  const char* app_proto = "";     // static; "" = not recognised
  HostTag host = 0;
};

struct TrafficPath {
  TrafficKey key;
  std::uint64_t flows_opened = 0;
  std::array<std::uint64_t, 2> packets{}, payload{};  // by Direction: [0] what the client sent
  Timestamp first_seen = kDistantFuture, last_seen = kDistantPast;
  Timestamp first_opened = kDistantFuture;  // begin of the earliest flow that began
  FlowSample sample;                  // the earliest flow
  policy::Party client, server;       // where the ends lie by their addresses; set by Place
};

// One per worker and epoch; fixed memory, no allocation and no lock on the packet path.
class TrafficMeter {
 public:
  explicit TrafficMeter(const Options& options);

  // Not null when the flow stands for its path from now on: its `flow_id` may be filled in then, which few flows need.
  FlowSample* OnStretch(const FlowFacts& flow, const TrafficStretch& stretch) noexcept;
  // A packet of a flood that has filled its half; counted here, and nothing more need be known of it.
  bool GivesUp(const TrafficStretch& stretch) noexcept;
  // Commutative and associative; grows where it must.
  void Merge(const TrafficMeter& other);
  void Clear() noexcept;
  // Of what was merged, once for all detectors that judge the epoch.
  void Place(const policy::Policy& policy);

  // In no particular order.
  const std::vector<TrafficPath>& paths() const noexcept { return paths_.entries(); }
  // In an order that depends on the traffic alone. Sorted when it is first asked for: many detectors ask in an epoch.
  // Not for several threads; valid until the next change.
  const std::vector<const TrafficPath*>& Sorted() const;

  // What found no room. A flood of packets from ever-new clients fills at most half of the table.
  struct Overflow {
    std::uint64_t stretches = 0, payload = 0;
  };
  const Overflow& overflow() const noexcept { return overflow_; }

 private:
  std::uint64_t HashOf(const TrafficKey& key) const noexcept;
  void Lose(const TrafficStretch& stretch) noexcept;

  EpochTable<TrafficPath> paths_;
  mutable std::vector<const TrafficPath*> sorted_;  // empty = not sorted yet
  HashKey key_;  // of this process: places entries, appears in no result
  Overflow overflow_;
};

}  // namespace gander::detect

#endif  // GANDER_DETECT_ACCOUNT_TRAFFIC_METER_H_
