// SPDX-License-Identifier: Apache-2.0
// Deals packets of a capture to workers by host pair and brings their sealed epochs to the aggregator. With one
// worker everything happens in the calling thread.
#ifndef GANDER_RUNTIME_DEALER_H_
#define GANDER_RUNTIME_DEALER_H_

#include <memory>
#include <span>
#include <vector>

#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "runtime/aggregator.h"

namespace gander::runtime {

class Dealer {
 public:
  Dealer(std::shared_ptr<const config::Snapshot> snapshot, std::uint32_t workers, const HashKey& tag_key,
         Aggregator& aggregator);
  ~Dealer();  // joins the threads

  // `stable`: frames outlive the call; otherwise they are copied for other threads.
  void Deal(std::span<const capture::Packet> packets, bool stable);
  // Ends an epoch in all workers and judges it.
  void Seal(Timestamp begin, Timestamp end, bool final, Duration step_back,
            const capture::SourceCounters& port);

 private:
  class Inline;
  class Threads;
  struct Hand {  // what Inline and Threads have in common
    virtual ~Hand() = default;
    virtual void Deal(std::span<const capture::Packet> packets, bool stable) = 0;
    virtual std::vector<std::unique_ptr<SealedEpoch>>& Seal(Timestamp begin, Timestamp end, bool final) = 0;
  };
  std::unique_ptr<Hand> hand_;
  Aggregator& aggregator_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DEALER_H_
