// SPDX-License-Identifier: Apache-2.0
// A live worker with its thread: polls its queues, takes what others hand over, cuts epochs, and gives them
// to the collector.
#ifndef GANDER_RUNTIME_LANE_H_
#define GANDER_RUNTIME_LANE_H_

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/spsc_ring.h"
#include "capture/packet_source.h"
#include "config/snapshot.h"
#include "runtime/distributor.h"
#include "runtime/epoch_clock.h"
#include "runtime/load_governor.h"
#include "runtime/run_context.h"
#include "runtime/worker.h"
#include "supervise/flight_page.h"

namespace gander::runtime {

// What the lanes of a run share.
struct LaneCompany {
  explicit LaneCompany(std::uint32_t lanes) : size(lanes), reading(lanes) {}

  const std::uint32_t size;
  const std::atomic<bool>* stop = nullptr;  // set by a signal; may be null
  std::atomic<bool> go{false};              // all are ready
  std::atomic<bool> abort{false};           // one is not
  std::atomic<std::uint32_t> reading;       // lanes whose sources may still bring something
  std::atomic<std::uint32_t> emptied{
      0};  // lanes that took all packets handed over until nobody read any more
  // Packet time less steady clock, by the first packet of the run: lanes without packets tell the time by it.
  static constexpr std::int64_t kUnknown = INT64_MIN;
  std::atomic<std::int64_t> packet_clock{kUnknown};
};

class Lane {
 public:
  struct Setup {
    std::uint32_t index = 0;
    std::vector<std::unique_ptr<capture::PacketSource>> sources;
    std::optional<Distributor> distributor;  // where packets may belong to another lane
    std::vector<HandoverRing*> inward;
    int core = -1;  // -1: wherever the scheduler likes
    supervise::Seat* seat = nullptr;  // null: nobody watches
  };
  Lane(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, LaneCompany& company,
       Setup setup);
  ~Lane();  // joins

  // Starts the thread, which builds its worker: on its own core, so that the memory is of that core's node.
  void Start();
  // Whether that went well. To be asked once.
  Result<bool> Ready() { return ready_.get_future().get(); }
  void Join();

  // Other rules, taken between two bursts; what they replace is in `change` once HasTaken(), and until then, or until
  // the lane has ended, `change` is the lane's. One at a time.
  void Offer(RuleChange& change) { offered_.store(&change, std::memory_order_release); }
  bool HasTaken() const { return offered_.load(std::memory_order_acquire) == nullptr; }

  // The collector's ends of the rings.
  bool TryTake(std::unique_ptr<SealedEpoch>& out) { return sealed_.TryPop(out); }
  void GiveBack(std::unique_ptr<SealedEpoch> used) { (void)used_.TryPush(std::move(used)); }

 private:
  static constexpr std::size_t kEpochsInFlight = 4;
  using Round = LoadGovernor::Round;

  void Run();
  Result<bool> Build();
  void Read();
  void Beat();
  void TakeRules();
  void PollSources(Round& round);
  void TakeMoved(Round& round);
  void TakeAllMoved();
  void ObserveLoad(Round& round);
  bool EndOfReading() const;
  template <class Item, class TimeOf, class Process>
  void CutIntoEpochs(std::span<Item> items, TimeOf time_of, Process process);
  void NotePacketClock();
  void SealIdle();
  void Seal(Timestamp end, bool final);
  void ReportHealth(SealedEpoch& epoch);
  std::uint64_t LostBefore() const;

  std::shared_ptr<const config::Snapshot> snapshot_;
  const RunContext context_;
  LaneCompany& company_;
  Setup setup_;
  Duration length_;
  EpochClock clock_;
  LoadGovernor governor_;
  std::unique_ptr<Worker> worker_;
  std::int64_t now_ = 0;             // steady clock, read once a round
  std::int64_t clock_set_at_ = 0;    // steady clock when clock_ moved last
  std::int64_t losses_read_at_ = 0;  // steady clock
  std::uint64_t lost_ = 0;           // packets, as of then
  bool reading_ = true;
  SpscRing<std::unique_ptr<SealedEpoch>> sealed_, used_;
  std::atomic<RuleChange*> offered_{nullptr};
  std::promise<Result<bool>> ready_;
  std::thread thread_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_LANE_H_
