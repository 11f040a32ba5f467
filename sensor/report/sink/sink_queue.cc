// SPDX-License-Identifier: Apache-2.0
// Mutex and condition variables: it passes a megabyte at a time, not a packet.
#include "report/sink/sink_queue.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace gander::report {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(200);   // an idle sink's
constexpr auto kRetry = std::chrono::milliseconds(50);   // of a sink that took nothing
constexpr auto kFarewell = std::chrono::seconds(5);      // for what waits when the sensor ends

// A closed pipe is an answer of write(2), not the end of the process.
void BlockBrokenPipeSignal() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct SinkQueue::Impl {
  Impl(std::unique_ptr<Sink> s, QueueOptions o) : sink(std::move(s)), options(std::move(o)) {
    if (options.reopen != nullptr) reopened = options.reopen->load();
    if (options.tell) sink->meter().TellBy(options.tell);
    thread = std::thread([this] { Run(); });
  }

  ~Impl() { Close(); }

  void Close() {
    if (!thread.joinable()) return;
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    changed.notify_all();
    thread.join();
  }

  bool Wants(std::string_view type) const noexcept {
    return options.types.empty() || std::find(options.types.begin(), options.types.end(), type) != options.types.end();
  }

  bool WantsAll(const EventBatch& batch) const {
    return std::all_of(batch.types.begin(), batch.types.end(), [this](const char* t) { return Wants(t); });
  }

  void Push(SharedBatch batch) {
    const bool wanted = std::any_of(batch->types.begin(), batch->types.end(), [this](const char* t) { return Wants(t); });
    if (!wanted) return;
    std::unique_lock lock(mutex);
    const std::uint64_t cost = batch->cost();
    const auto fits = [&](std::uint64_t limit) { return bytes == 0 || bytes + cost <= limit; };
    if (options.offline) {
      room.wait(lock, [&] { return fits(options.bytes); });
    } else {
      const std::uint64_t limit = batch->high ? options.bytes : options.bytes / 4 * 3;
      while (batch->high && !fits(limit) && EvictLow()) {
      }
      if (!fits(limit)) return Drop(*batch);
    }
    bytes += cost;
    waiting.push_back(std::move(batch));
    lock.unlock();
    changed.notify_one();
  }

  // Under the lock.
  bool EvictLow() {
    for (auto it = waiting.rbegin(); it != waiting.rend(); ++it) {
      if ((*it)->high) continue;
      Drop(**it);
      bytes -= (*it)->cost();
      waiting.erase(std::next(it).base());
      return true;
    }
    return false;
  }

  void Drop(const EventBatch& batch) { CountLost(batch, 0, sink->meter().blocked()); }

  void CountLost(const EventBatch& batch, std::size_t from, Loss why) {
    LostEvents lost;
    for (std::size_t i = from; i < batch.lines.size(); ++i) {
      if (Wants(batch.lines[i].type)) ++(batch.lines[i].high ? lost.high : lost.low);
    }
    sink->meter().Lost(why, lost);
  }

  void Run() {
    BlockBrokenPipeSignal();
    for (;;) {
      SharedBatch batch = Next();
      LookAround();
      if (batch != nullptr) {
        WriteOut(*batch);
        Release(*batch);
      } else if (Ended() && (sink->Drained() || PastFarewell())) {
        break;
      }
    }
    sink->Close();
  }

  // Null when there is none after a while.
  SharedBatch Next() {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stopping ? kRetry : kTick,
                     [this] { return !waiting.empty() || (stopping && !told_to_stop); });
    if (waiting.empty()) return nullptr;
    SharedBatch batch = std::move(waiting.front());
    waiting.pop_front();
    return batch;
  }

  void Release(const EventBatch& batch) {
    {
      const std::lock_guard lock(mutex);
      bytes -= batch.cost();
    }
    room.notify_all();
  }

  void WriteOut(const EventBatch& batch) {
    if (WantsAll(batch)) return WriteAll(batch);
    EventBatch some;
    for (std::size_t i = 0; i < batch.lines.size(); ++i) {
      if (Wants(batch.lines[i].type)) some.Add(batch.line(i), batch.lines[i]);
    }
    WriteAll(some);
  }

  void WriteAll(const EventBatch& batch) {
    std::size_t from = 0;
    if (!gave_up) progress = Clock::now();  // a sink that did not come back in its time gets no more of it
    for (;;) {
      const std::size_t next = sink->Write(batch, from);
      if (next > from) progress = Clock::now();
      from = next;
      gave_up = from < batch.lines.size() && MustGiveUp();
      if (gave_up) return CountLost(batch, from, sink->meter().blocked());
      if (from >= batch.lines.size()) return sink->meter().Blocked(Loss::kQueueFull);
      Pause();
      LookAround();
    }
  }

  void LookAround() {
    if (options.reopen != nullptr) {
      const std::uint32_t asked = options.reopen->load();
      if (std::exchange(reopened, asked) != asked) sink->Reopen();
    }
    sink->Tick();
  }

  void Pause() {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, kRetry, [this] { return stopping && !told_to_stop; });
  }

  bool MustGiveUp() {
    if (options.offline) return Clock::now() - progress >= std::chrono::milliseconds(sink->patience_ms());
    return Ended() && PastFarewell();
  }

  bool Ended() {
    const std::lock_guard lock(mutex);
    if (stopping && !told_to_stop) {
      told_to_stop = true;
      farewell = Clock::now() + (options.offline ? std::chrono::milliseconds(sink->patience_ms()) : kFarewell);
    }
    return stopping;
  }

  bool PastFarewell() const { return Clock::now() >= farewell; }

  std::unique_ptr<Sink> sink;
  const QueueOptions options;
  mutable std::mutex mutex;
  std::condition_variable changed, room;
  std::deque<SharedBatch> waiting;
  std::uint64_t bytes = 0;  // waiting and in hand
  bool stopping = false;
  // The thread's own.
  bool told_to_stop = false, gave_up = false;
  std::uint32_t reopened = 0;
  Clock::time_point farewell{}, progress = Clock::now();
  std::thread thread;
};

SinkQueue::SinkQueue(std::unique_ptr<Sink> sink, QueueOptions options)
    : impl_(std::make_unique<Impl>(std::move(sink), std::move(options))) {}

SinkQueue::~SinkQueue() = default;

void SinkQueue::Close() { impl_->Close(); }

void SinkQueue::Push(SharedBatch batch) { impl_->Push(std::move(batch)); }

bool SinkQueue::Wants(std::string_view type) const noexcept { return impl_->Wants(type); }

SinkState SinkQueue::state() const {
  SinkState state = impl_->sink->meter().Read();
  state.queue_bytes_limit = impl_->options.bytes;
  const std::lock_guard lock(impl_->mutex);
  state.queued_bytes = impl_->bytes;
  return state;
}

}  // namespace gander::report
