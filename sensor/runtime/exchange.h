// SPDX-License-Identifier: Apache-2.0
// The rings between the workers of a live run: one for each ordered pair.
#ifndef GANDER_RUNTIME_EXCHANGE_H_
#define GANDER_RUNTIME_EXCHANGE_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/packet_source.h"
#include "runtime/distributor.h"

namespace gander::runtime {

// What there is to redistribute between `lanes` workers.
enum class Redistribution : std::uint8_t { kNothing, kTunnels, kEverything };

// `setting` is runtime.redistribute. With "auto", everything where ports do not deal by pair of hosts, or
// where not every worker has a queue of its own on every port; else what tunnels hide from the ports. Errors:
// no such word.
Result<Redistribution> PlanRedistribution(const std::string& setting, std::size_t lanes,
                                          std::span<const capture::Place> places);

class Exchange {
 public:
  // `packets` and `bytes` bound each ring.
  Exchange(std::size_t lanes, std::size_t packets, std::size_t bytes);

  Distributor DistributorOf(std::size_t lane, Distributor::Scope scope, std::size_t queues) const;
  // The rings that end at a lane.
  std::vector<HandoverRing*> InwardOf(std::size_t lane) const;

 private:
  HandoverRing* Between(std::size_t from, std::size_t to) const { return rings_[from * lanes_ + to].get(); }

  std::size_t lanes_;
  std::vector<std::unique_ptr<HandoverRing>> rings_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_EXCHANGE_H_
