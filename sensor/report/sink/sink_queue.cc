// SPDX-License-Identifier: Apache-2.0
// The bounded queue between the aggregator and a sink. Mutex and condition variables: it passes a batch per epoch,
// not a packet.
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "report/sink/sink.h"

namespace gander::report {
namespace {

struct Batch {
  std::string lines;
  std::uint64_t events = 0;
};

constexpr std::size_t kWriteSize = std::size_t{1} << 20;  // small batches are joined up to this size

// A closed pipe is an answer of write(2), not the end of the process.
void BlockBrokenPipeSignal() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct SinkQueue::Impl {
  Impl(std::unique_ptr<Sink> s, std::size_t c, bool w)
      : sink(std::move(s)), capacity(std::max<std::size_t>(c, 1)), wait_when_full(w) {
    thread = std::thread([this] { Run(); });
  }

  ~Impl() { Close(); }

  void Close() {
    if (!thread.joinable()) return;
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    not_empty.notify_all();
    thread.join();
  }

  void Push(Batch batch) {
    std::unique_lock lock(mutex);
    if (wait_when_full) not_full.wait(lock, [this] { return queue.size() < capacity; });
    if (queue.size() >= capacity) {
      counters.dropped_events += batch.events;
      return;
    }
    queue.push_back(std::move(batch));
    lock.unlock();
    not_empty.notify_one();
  }

  void Run() {
    BlockBrokenPipeSignal();
    std::unique_lock lock(mutex);
    for (;;) {
      not_empty.wait(lock, [this] { return stopping || reopen || !queue.empty(); });
      if (std::exchange(reopen, false)) {
        lock.unlock();
        sink->Reopen();
        lock.lock();
      }
      if (queue.empty()) {
        if (stopping) break;
        continue;
      }
      const Batch batch = TakeBatches();
      const bool last = queue.empty();
      lock.unlock();
      not_full.notify_all();
      const bool written = sink->Write(batch.lines);
      if (last) sink->Flush();
      lock.lock();
      Count(batch, written);
    }
    sink->Flush();
  }

  Batch TakeBatches() {
    Batch batch = std::move(queue.front());
    queue.pop_front();
    while (!queue.empty() && batch.lines.size() + queue.front().lines.size() <= kWriteSize) {
      batch.lines += queue.front().lines;
      batch.events += queue.front().events;
      queue.pop_front();
    }
    return batch;
  }

  void Count(const Batch& batch, bool written) {
    if (written) {
      counters.written_events += batch.events;
      counters.written_bytes += batch.lines.size();
    } else {
      counters.failed_events += batch.events;
    }
  }

  std::unique_ptr<Sink> sink;
  const std::size_t capacity;
  const bool wait_when_full;
  mutable std::mutex mutex;
  std::condition_variable not_empty, not_full;
  std::deque<Batch> queue;
  SinkCounters counters;
  bool stopping = false, reopen = false;
  std::thread thread;
};

SinkQueue::SinkQueue(std::unique_ptr<Sink> sink, std::size_t capacity, bool wait_when_full)
    : impl_(std::make_unique<Impl>(std::move(sink), capacity, wait_when_full)) {}

SinkQueue::~SinkQueue() = default;

void SinkQueue::Close() { impl_->Close(); }

void SinkQueue::Push(std::string lines, std::uint64_t events) { impl_->Push({std::move(lines), events}); }

void SinkQueue::Reopen() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->reopen = true;
  }
  impl_->not_empty.notify_one();
}

SinkCounters SinkQueue::counters() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counters;
}

double SinkQueue::fill_ratio() const {
  const std::lock_guard lock(impl_->mutex);
  return static_cast<double>(impl_->queue.size()) / static_cast<double>(impl_->capacity);
}

}  // namespace gander::report
