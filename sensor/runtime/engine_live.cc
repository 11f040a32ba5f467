// SPDX-License-Identifier: Apache-2.0
// Interfaces and DPDK queues: one pinned worker a source, the aggregator on a thread of its own.
#include <pthread.h>
#include <sched.h>
#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/spsc_ring.h"
#include "runtime/aggregator.h"
#include "runtime/engine.h"
#include "runtime/epoch_clock.h"
#include "runtime/worker.h"

namespace gander::runtime {
namespace {

using WallClock = std::chrono::steady_clock;

constexpr std::size_t kEpochsInFlight = 4;
// Idle polls before a worker gives its core back for a moment.
constexpr int kIdleSpins = 2000;
constexpr auto kIdleSleep = std::chrono::microseconds(100);
constexpr auto kAggregatorSleep = std::chrono::milliseconds(2);
// An aggregator that waited so many epochs for a worker judges without it and says so.
constexpr int kLateEpochs = 3;

HashKey RandomKey() {
  HashKey key;
  auto* bytes = reinterpret_cast<unsigned char*>(&key);
  for (std::size_t done = 0; done < sizeof key;) {
    const ssize_t n = getrandom(bytes + done, sizeof key - done, 0);
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return key;
}

// One source, its worker, and the rings to the aggregator and back.
class Lane {
 public:
  Lane(const std::shared_ptr<const config::Snapshot>& snapshot, const HashKey& key,
       std::unique_ptr<capture::PacketSource> source)
      : source_(std::move(source)),
        worker_(snapshot, key),
        length_(Duration::Seconds(snapshot->settings.runtime.epoch_s)),
        // Live epochs end on the grid alone: the aggregator lines workers up by it.
        clock_(length_, UINT64_MAX),
        sealed_(kEpochsInFlight),
        used_(kEpochsInFlight) {}

  void Start(unsigned core, const std::atomic<bool>* stop) {
    thread_ = std::thread([this, stop] { Run(stop); });
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    // Where the operator's cpuset forbids the core, the scheduler's choice stands.
    (void)pthread_setaffinity_np(thread_.native_handle(), sizeof set, &set);
  }
  void Join() { thread_.join(); }

  bool TryTake(std::unique_ptr<SealedEpoch>& out) { return sealed_.TryPop(out); }
  void GiveBack(std::unique_ptr<SealedEpoch> used) { (void)used_.TryPush(std::move(used)); }
  const capture::PacketSource& source() const { return *source_; }

 private:
  void Run(const std::atomic<bool>* stop) {
    int idle = 0;
    WallClock::time_point last_packet = WallClock::now();
    while (!source_->exhausted() && !(stop != nullptr && stop->load(std::memory_order_relaxed))) {
      const std::span<const capture::Packet> burst = source_->Poll();
      if (!burst.empty()) {
        idle = 0;
        last_packet = WallClock::now();
        Process(burst);
        continue;
      }
      if (++idle < kIdleSpins) continue;
      SealIdle(WallClock::now() - last_packet);
      std::this_thread::sleep_for(kIdleSleep);
    }
    Seal(clock_.latest(), true);
  }

  void Process(std::span<const capture::Packet> burst) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < burst.size(); ++i) {
      if (clock_.MustSealBefore(burst[i].time)) {
        worker_.Process(burst.subspan(begin, i - begin));
        begin = i;
        Seal(clock_.SealEnd(burst[i].time), false);
        clock_.Advance(burst[i].time);
      }
      clock_.Count(burst[i].time);
    }
    worker_.Process(burst.subspan(begin));
  }

  // Without packets, packet time is what it was plus the time that went by since.
  void SealIdle(WallClock::duration since) {
    if (!clock_.started()) return;
    const Timestamp now =
        clock_.latest() + Duration{std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
    if (!clock_.MustSealBefore(now) || now < clock_.end() + length_) return;
    Seal(clock_.end(), false);
    clock_.Advance(now);
  }

  void Seal(Timestamp end, bool final) {
    std::unique_ptr<SealedEpoch> next;
    if (!final && !used_.TryPop(next)) next = worker_.NewEpoch();
    std::unique_ptr<SealedEpoch> epoch = worker_.Seal(clock_.begin(), end, final, std::move(next));
    epoch->port = source_->counters();
    while (!sealed_.TryPush(std::move(epoch))) std::this_thread::sleep_for(kIdleSleep);
  }

  std::unique_ptr<capture::PacketSource> source_;
  Worker worker_;
  Duration length_;
  EpochClock clock_;
  SpscRing<std::unique_ptr<SealedEpoch>> sealed_, used_;
  std::thread thread_;
};

// Lines the workers' epochs up by their end and feeds them to the aggregator.
class Collector {
 public:
  Collector(std::vector<std::unique_ptr<Lane>>& lanes, Aggregator& aggregator, Duration epoch)
      : aggregator_(aggregator), patience_(std::chrono::nanoseconds(epoch.ns * kLateEpochs)) {
    for (auto& lane : lanes) queues_.push_back({lane.get(), nullptr, {}, false});
  }

  void Run() {
    WallClock::time_point waiting_since = WallClock::now();
    while (!AllOf([](const Queue& q) { return q.done; })) {
      for (Queue& q : queues_) {
        if (q.front == nullptr && !q.done) q.lane->TryTake(q.front);
      }
      const bool any = !AllOf([](const Queue& q) { return q.front == nullptr; });
      const bool complete = AllOf([](const Queue& q) { return q.done || q.front != nullptr; });
      if (!any) waiting_since = WallClock::now();
      if (any && (complete || WallClock::now() - waiting_since > patience_) && JudgeEarliest()) {
        waiting_since = WallClock::now();
      } else {
        std::this_thread::sleep_for(kAggregatorSleep);
      }
    }
  }

 private:
  struct Queue {
    Lane* lane;
    std::unique_ptr<SealedEpoch> front;
    capture::SourceCounters port;  // as of its last epoch
    bool done;
  };

  template <class Predicate>
  bool AllOf(Predicate predicate) const {
    return std::all_of(queues_.begin(), queues_.end(), predicate);
  }

  // Final epochs wait until every worker has one, so that the run ends once. False when there is nothing to judge.
  bool JudgeEarliest() {
    const bool end_of_run = AllOf([](const Queue& q) { return q.front != nullptr && q.front->final; });
    Timestamp earliest{INT64_MAX};
    for (const Queue& q : queues_) {
      if (q.front != nullptr && !q.front->final) earliest = std::min(earliest, q.front->end);
    }
    std::vector<std::unique_ptr<SealedEpoch>> parts;
    std::vector<Queue*> owners;
    for (Queue& q : queues_) {
      const bool due = q.front != nullptr && (end_of_run || (!q.front->final && q.front->end <= earliest));
      if (!due) continue;
      q.done = q.front->final;
      q.port = q.front->port;
      parts.push_back(std::move(q.front));
      owners.push_back(&q);
    }
    if (parts.empty()) return false;
    aggregator_.OnEpoch(parts, Port());
    for (std::size_t k = 0; k < parts.size(); ++k) owners[k]->lane->GiveBack(std::move(parts[k]));
    return true;
  }

  capture::SourceCounters Port() const {
    capture::SourceCounters sum;
    for (const Queue& q : queues_) {
      sum.received += q.port.received;
      sum.received_bytes += q.port.received_bytes;
      sum.kernel_drops += q.port.kernel_drops;
      sum.no_buffer += q.port.no_buffer;
      sum.interface_drops += q.port.interface_drops;
      sum.errors += q.port.errors;
    }
    return sum;
  }

  Aggregator& aggregator_;
  WallClock::duration patience_;
  std::vector<Queue> queues_;
};

}  // namespace

Result<report::RunState> RunLive(RunRequest request) {
  const config::Settings& settings = request.snapshot->settings;
  std::string name;
  for (const auto& s : request.sources) name += (name.empty() ? "" : ", ") + s->name();
  std::unique_ptr<report::SinkQueue> sink;
  if (request.sink != nullptr) {
    sink = std::make_unique<report::SinkQueue>(std::move(request.sink), settings.report.queue_batches, false);
  }
  const HashKey key = RandomKey();
  std::vector<std::unique_ptr<Lane>> lanes;
  for (auto& source : request.sources) {
    lanes.push_back(std::make_unique<Lane>(request.snapshot, key, std::move(source)));
  }
  Aggregator aggregator(request.snapshot, {name, false, static_cast<std::uint32_t>(lanes.size())}, sink.get(),
                        request.metrics);
  if (request.metrics != nullptr) request.metrics->SetReady(true);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i]->Start(static_cast<unsigned>(i) % cores, request.stop);
  Collector(lanes, aggregator, Duration::Seconds(settings.runtime.epoch_s)).Run();
  for (auto& lane : lanes) {
    lane->Join();
    if (const Error* problem = lane->source().problem()) aggregator.AddWarning(problem->ToString());
  }
  if (request.metrics != nullptr) request.metrics->SetReady(false);
  return aggregator.Finish();
}

}  // namespace gander::runtime
