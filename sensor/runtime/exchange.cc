// SPDX-License-Identifier: Apache-2.0
#include "runtime/exchange.h"

#include <algorithm>

namespace gander::runtime {

Result<Redistribution> PlanRedistribution(const std::string& setting, std::size_t lanes,
                                          std::span<const capture::Place> places) {
  if (setting != "auto" && setting != "always" && setting != "never") {
    return Fail("runtime.redistribute", 0, "\"" + setting + "\" is not a way to redistribute",
                "choose auto, always or never");
  }
  if (lanes < 2 || setting == "never") return Redistribution::kNothing;
  if (setting == "always") return Redistribution::kEverything;
  const bool dealt = std::all_of(places.begin(), places.end(), [lanes, &places](const capture::Place& p) {
    return p.steering == capture::Steering::kHostPair && p.queues >= lanes &&
           p.queues == places.front().queues;
  });
  return dealt ? Redistribution::kTunnels : Redistribution::kEverything;
}

Exchange::Exchange(std::size_t lanes, std::size_t packets, std::size_t bytes) : lanes_(lanes) {
  for (std::size_t from = 0; from < lanes; ++from) {
    for (std::size_t to = 0; to < lanes; ++to) {
      rings_.push_back(from == to ? nullptr : std::make_unique<HandoverRing>(packets, bytes));
    }
  }
}

Distributor Exchange::DistributorOf(std::size_t lane, Distributor::Scope scope, std::size_t queues) const {
  std::vector<HandoverRing*> outward;
  for (std::size_t to = 0; to < lanes_; ++to) outward.push_back(Between(lane, to));
  return {scope, queues, lane, std::move(outward)};
}

std::vector<HandoverRing*> Exchange::InwardOf(std::size_t lane) const {
  std::vector<HandoverRing*> inward;
  for (std::size_t from = 0; from < lanes_; ++from) {
    if (from != lane) inward.push_back(Between(from, lane));
  }
  return inward;
}

}  // namespace gander::runtime
