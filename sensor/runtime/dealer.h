// SPDX-License-Identifier: Apache-2.0
// Deals packets of a capture to workers by host pair and brings their sealed epochs to the aggregator. With
// one worker everything happens in the calling thread.
#ifndef GANDER_RUNTIME_DEALER_H_
#define GANDER_RUNTIME_DEALER_H_

#include <memory>
#include <span>
#include <string>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "runtime/aggregator.h"
#include "runtime/run_context.h"

namespace gander::runtime {

// Where an epoch ends in the stream of packets, and what is known of it there.
struct EpochCut {
  Timestamp begin, end;
  bool final = false;
  Duration step_back;
  capture::SourceCounters port;  // cumulative
};

class Dealer {
 public:
  virtual ~Dealer() = default;
  // `stable`: frames outlive the call; otherwise they are copied for other threads.
  virtual void Deal(std::span<const capture::Packet> packets, bool stable) = 0;
  // Ends an epoch in all workers, to be judged in its turn. When it returns from the final one, all are
  // judged.
  virtual void Seal(const EpochCut& cut) = 0;
  // Goes into the state of the epoch at hand.
  virtual void Warn(std::string text) = 0;
};

// `aggregator` outlives it.
std::unique_ptr<Dealer> MakeDealer(std::shared_ptr<const config::Snapshot> snapshot, std::uint32_t workers,
                                   const RunContext& context, Aggregator& aggregator);

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DEALER_H_
