// SPDX-License-Identifier: Apache-2.0
// The dealer in front of several workers. The calling thread only looks at pairs of hosts and puts fragments
// together; it goes on with the next epoch while the workers end the last and a thread of its own judges the
// one before. It waits where a worker lags, so nothing is dropped and memory is bounded.
//
// Output is the same for any number of workers: packets of a pair stay in order, epochs are cut here,
// fragments meet in one table, and parts are judged in the order of their epochs.
#ifndef GANDER_RUNTIME_THREADED_DEALER_H_
#define GANDER_RUNTIME_THREADED_DEALER_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/dealer.h"
#include "runtime/defragmenter.h"
#include "runtime/run_context.h"
#include "runtime/waiting_ring.h"

namespace gander::runtime {

class ThreadedDealer final : public Dealer {
 public:
  ThreadedDealer(const std::shared_ptr<const config::Snapshot>& snapshot, std::uint32_t workers,
                 const RunContext& context, Aggregator& aggregator);
  ~ThreadedDealer() override;  // joins the threads

  void Deal(std::span<const capture::Packet> packets, bool stable) override;
  void Seal(const EpochCut& cut) override;
  void Warn(std::string text) override { warnings_.push_back(std::move(text)); }

 private:
  struct Batch;
  class Lane;  // a worker and its thread

  // Of the fragments, which no worker sees: since the start.
  struct Account {
    ByteLedger ledger;
    decode::Counters decode{};
    Timestamp first_packet = kDistantFuture, last_packet = kDistantPast;
  };
  // On its way to the judging thread.
  struct Due {
    EpochCut cut;
    Account fragments;
    ByteLedger epoch_fragments;
    std::vector<std::string> warnings;
  };

  // Where pairs of this hash go, as in the indirection table of a NIC: when the first of them comes, to the lane that was
  // dealt least until then, and there it stays.
  Lane& LaneOf(std::uint32_t hash);
  void OnFragment(const capture::Packet& packet);
  void Judge();
  static void AddFragments(const Due& due, SealedEpoch& part);

  const decode::Options options_;
  Aggregator& aggregator_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Lane*> lane_of_;  // by hash; null = none of these pairs came yet
  Defragmenter defragmenter_;
  Account fragments_;
  ByteLedger sealed_fragments_;  // the ledger at the last seal
  std::vector<std::string> warnings_;
  WaitingRing<std::unique_ptr<Due>> due_;
  std::thread judge_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_THREADED_DEALER_H_
