// SPDX-License-Identifier: Apache-2.0
#include "runtime/lane.h"

#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>

#include "runtime/cores.h"
#include "runtime/idle_wait.h"
#include "supervise/crash_handler.h"

namespace gander::runtime {
namespace {

constexpr auto kWaitForCollector = std::chrono::microseconds(200);
// A lane without packets ends its epoch so long after the others: theirs may still be on their way to it.
constexpr Duration kIdleGrace = Duration::Seconds(1);
// A source may ask the kernel or the device for its counters.
constexpr std::int64_t kReadLossesEvery = 100'000'000;  // ns
constexpr std::size_t kMovedAtOnce = 64;

std::int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t WallNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

LoadGovernor::Options GovernorOptions(const config::RuntimeOptions& o) {
  return {o.shed, o.shed_raise_ms, o.shed_recover_ms};
}

// Keeps in `round` the fullest queue of those shown.
void NoteBacklog(LoadGovernor::Round& round, std::int64_t packets, std::int64_t capacity) {
  if (packets < 0 || capacity <= 0) return;
  if (round.capacity > 0 && round.backlog * capacity >= packets * round.capacity) return;
  round.backlog = packets;
  round.capacity = capacity;
}

}  // namespace

Lane::Lane(std::shared_ptr<const config::Snapshot> snapshot, const RunContext& context, LaneCompany& company,
           Setup setup)
    : snapshot_(std::move(snapshot)),
      context_(context),
      company_(company),
      setup_(std::move(setup)),
      length_(Duration::Seconds(snapshot_->settings.runtime.epoch_s)),
      // Live epochs end on the grid alone: the collector lines workers up by it.
      clock_(length_, UINT64_MAX),
      governor_(GovernorOptions(snapshot_->settings.runtime)),
      sealed_(kEpochsInFlight),
      used_(kEpochsInFlight) {}

Lane::~Lane() { Join(); }

void Lane::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Lane::Join() {
  if (thread_.joinable()) thread_.join();
}

void Lane::Run() {
  Result<bool> built = Build();
  const bool good = built.has_value();
  ready_.set_value(std::move(built));
  company_.go.wait(false);
  if (!good || company_.abort.load()) return;
  const supervise::SeatTaken at_work(setup_.seat, setup_.index);  // not before: to make room for flows takes its time
  Read();
  // Nobody reads any more and all is published: what is taken now may, put together from fragments, go on
  // once more.
  TakeAllMoved();
  company_.emptied.fetch_add(1);
  while (company_.emptied.load() < company_.size) TakeAllMoved();
  TakeAllMoved();
  if (const std::int64_t offset = company_.packet_clock.load();
      !clock_.started() && offset != LaneCompany::kUnknown) {
    clock_.Advance({offset + SteadyNow()});
  }
  Seal(clock_.latest(), true);
}

Result<bool> Lane::Build() {
  // Where the operator's cpuset has changed meanwhile, the scheduler's choice stands.
  if (setup_.core >= 0) (void)PinThisThread(setup_.core);
  // A sleep of some microseconds is not to be rounded up to fifty.
  (void)prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  try {
    worker_ = std::make_unique<Worker>(snapshot_, context_, setup_.seat);
  } catch (const std::bad_alloc&) {
    return Fail(
        "runtime.workers", 0, "no memory for packet thread " + std::to_string(setup_.index + 1),
        "lower flow.max_flows or stream.memory, which every packet thread has for itself, or the number of "
        "receive queues");
  }
  worker_->SetDistributor(setup_.distributor ? &*setup_.distributor : nullptr);
  return true;
}

void Lane::Read() {
  IdleWait idle(snapshot_->settings.runtime.idle_sleep_us);
  clock_set_at_ = SteadyNow();
  while (company_.reading.load(std::memory_order_acquire) > 0) {
    now_ = SteadyNow();
    Beat();
    TakeRules();
    Round round;
    if (reading_) PollSources(round);
    TakeMoved(round);
    if (setup_.distributor) setup_.distributor->Publish();
    ObserveLoad(round);
    if (reading_ && EndOfReading()) {
      reading_ = false;
      company_.reading.fetch_sub(1, std::memory_order_acq_rel);
    }
    if (round.packets > 0) {
      idle.Reset();
      clock_set_at_ = now_;
      NotePacketClock();
    } else {
      SealIdle();
      idle.Wait();
    }
  }
}

// Told once a round; within one, the worker's hand shows that it goes on.
void Lane::Beat() {
  supervise::Seat* const seat = setup_.seat;
  if (seat == nullptr) return;
  seat->Beat();
  seat->packets.store(worker_->ledger().packets, std::memory_order_relaxed);
  if (!clock_.started()) return;
  seat->read_until.store(clock_.latest().ns + (now_ - clock_set_at_), std::memory_order_relaxed);
}

void Lane::TakeRules() {
  RuleChange* const change = offered_.load(std::memory_order_acquire);
  if (change == nullptr) return;
  worker_->Adopt(*change);
  offered_.store(nullptr, std::memory_order_release);
}

bool Lane::EndOfReading() const {
  if (company_.stop != nullptr && company_.stop->load(std::memory_order_relaxed)) return true;
  return std::all_of(setup_.sources.begin(), setup_.sources.end(),
                     [](const auto& s) { return s->exhausted(); });
}

void Lane::PollSources(Round& round) {
  for (const auto& source : setup_.sources) {
    const std::span<const capture::Packet> burst = source->Poll();
    if (burst.empty()) continue;
    round.packets += static_cast<std::uint32_t>(burst.size());
    CutIntoEpochs(
        burst, [](const capture::Packet& p) { return p.time; },
        [this](std::span<const capture::Packet> part) { worker_->Process(part); });
    // A burst with room left has emptied its queue.
    if (burst.size() < capture::PacketSource::kMaxBurst) continue;
    round.full = true;
    const capture::PacketSource::Backlog backlog = source->backlog();
    NoteBacklog(round, backlog.packets, backlog.capacity);
  }
}

void Lane::TakeMoved(Round& round) {
  std::array<const MovedPacket*, kMovedAtOnce> moved;
  for (HandoverRing* ring : setup_.inward) {
    const std::size_t n = ring->Take(moved);
    if (n == 0) continue;
    round.packets += static_cast<std::uint32_t>(n);
    CutIntoEpochs(
        std::span<const MovedPacket* const>(moved.data(), n), [](const MovedPacket* p) { return p->time; },
        [this](std::span<const MovedPacket* const> part) { worker_->ProcessMoved(part); });
    ring->Release();
    NoteBacklog(round, static_cast<std::int64_t>(ring->fill()), static_cast<std::int64_t>(ring->capacity()));
  }
}

void Lane::TakeAllMoved() {
  Round round;
  do {
    Beat();
    round = {};
    TakeMoved(round);
  } while (round.packets > 0);
  if (setup_.distributor) setup_.distributor->Publish();
}

template <class Item, class TimeOf, class Process>
void Lane::CutIntoEpochs(std::span<Item> items, TimeOf time_of, Process process) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Timestamp time = time_of(items[i]);
    if (clock_.MustSealBefore(time)) {
      process(items.subspan(begin, i - begin));
      begin = i;
      Seal(clock_.SealEnd(time), false);
      clock_.Advance(time);
    }
    clock_.Count(time);
  }
  process(items.subspan(begin));
}

void Lane::ObserveLoad(Round& round) {
  if (now_ - losses_read_at_ >= kReadLossesEvery) {
    losses_read_at_ = now_;
    lost_ = LostBefore();
  }
  round.lost_packets = lost_;
  round.shed_bytes = worker_->ledger().Of(ByteFate::kLostShed);
  round.monotonic_ns = now_;
  round.packet_time = clock_.latest();
  worker_->SetShedLevel(governor_.Observe(round));
}

// On the way to this worker. What it could not pass on is its neighbour's.
std::uint64_t Lane::LostBefore() const {
  std::uint64_t lost = 0;
  for (const auto& source : setup_.sources) lost += source->counters().Lost();
  for (const HandoverRing* ring : setup_.inward) lost += ring->refused();
  return lost;
}

void Lane::NotePacketClock() {
  if (company_.packet_clock.load(std::memory_order_relaxed) != LaneCompany::kUnknown) return;
  std::int64_t unknown = LaneCompany::kUnknown;
  company_.packet_clock.compare_exchange_strong(unknown, clock_.latest().ns - now_);
}

// Without packets, packet time is what it was plus the time that went by since.
void Lane::SealIdle() {
  if (!clock_.started()) {
    const std::int64_t offset = company_.packet_clock.load(std::memory_order_relaxed);
    if (offset != LaneCompany::kUnknown) {
      clock_.Advance({offset + now_});
      clock_set_at_ = now_;
    } else if (now_ - clock_set_at_ > length_.ns) {
      // Nothing anywhere since the start: the state of the ports is to be told all the same.
      std::int64_t unknown = LaneCompany::kUnknown;
      company_.packet_clock.compare_exchange_strong(unknown, WallNow() - now_);
    }
    return;
  }
  const Timestamp time = clock_.latest() + Duration{now_ - clock_set_at_};
  if (time < clock_.end() + std::min(length_, kIdleGrace)) return;
  Seal(clock_.end(), false);
  clock_.Advance(time);
  clock_set_at_ = now_;
}

void Lane::Seal(Timestamp end, bool final) {
  std::unique_ptr<SealedEpoch> next;
  if (!final && !used_.TryPop(next)) next = worker_->NewEpoch();
  std::unique_ptr<SealedEpoch> epoch = worker_->Seal(clock_.begin(), end, final, std::move(next));
  ReportHealth(*epoch);
  while (!sealed_.TryPush(std::move(epoch))) {
    Beat();  // it waits for another, who has a watch of his own
    std::this_thread::sleep_for(kWaitForCollector);
  }
}

void Lane::ReportHealth(SealedEpoch& epoch) {
  epoch.worker = setup_.index;
  epoch.port = {};
  LaneHealth& health = epoch.lane;
  health.queues.resize(setup_.sources.size());
  for (std::size_t i = 0; i < setup_.sources.size(); ++i) {
    const capture::PacketSource& source = *setup_.sources[i];
    LaneHealth::Queue& queue = health.queues[i];
    queue.place = source.place();
    queue.counters = source.counters();
    const Error* problem = source.problem();
    queue.problem = problem != nullptr ? problem->ToString() : std::string();
    epoch.port.Add(queue.counters);
  }
  health.handed_over = setup_.distributor ? setup_.distributor->handed_over() : 0;
  health.ring_full = setup_.distributor ? setup_.distributor->ring_full() : 0;
  health.level = governor_.level();
  governor_.TakeSpans(health.shed);
}

}  // namespace gander::runtime
