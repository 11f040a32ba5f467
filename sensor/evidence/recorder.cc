// SPDX-License-Identifier: Apache-2.0
#include "evidence/recorder.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "evidence/audit_requests.h"

namespace gander::evidence {
namespace {

constexpr auto kTick = std::chrono::milliseconds(500);
constexpr std::size_t kMostNotes = 4096;  // signed and not yet fetched
constexpr int kRetainEveryTicks = 120;

// Signals are the main thread's business, but for a refused system call (sandbox/refusals.h): where that is blocked it is
// the end of all.
void BlockSignals() noexcept {
  sigset_t all;
  sigfillset(&all);
  sigdelset(&all, SIGSYS);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

struct Recorder::Impl {
  Impl(Log l, const Options& o, Clock c, bool wait)
      : log(std::move(l)), options(o), clock(std::move(c)), wait_when_full(wait) {
    Publish();
    thread = std::thread([this] { Run(); });
  }

  void Push(std::vector<Entry> entries) {
    std::uint64_t size = 0;
    for (const Entry& e : entries) size += e.body.size();
    std::unique_lock lock(mutex);
    if (wait_when_full) room.wait(lock, [&] { return refused || queue.empty() || queued + size <= options.queue_bytes; });
    if (!queue.empty() && queued + size > options.queue_bytes) {  // offline, too, when the disk refuses
      counters.lost += entries.size();
      lost_untold += entries.size();
      return;
    }
    queued += size;
    for (Entry& e : entries) queue.push_back(std::move(e));
    lock.unlock();
    work.notify_one();
  }

  void Run() {
    BlockSignals();
    for (int tick = 0;; ++tick) {
      std::unique_lock lock(mutex);
      work.wait_for(lock, kTick, [&] { return stopping || (!queue.empty() && !refused); });
      const bool last = stopping;
      lock.unlock();
      TakeRequests();
      const bool written = Drain();
      if (log.SealDue()) Seal();
      if (tick % kRetainEveryTicks == 0) Retain();
      if (last) {
        End(written);
        return;
      }
    }
  }

  // False while the disk refuses.
  bool Drain() {
    for (;;) {
      std::unique_lock lock(mutex);
      if (lost_untold > 0 && !TellLost(lock)) return Refuse();
      if (queue.empty()) break;
      const Entry& entry = queue.front();  // stays until it is written; only this thread removes
      lock.unlock();
      const bool good = log.Append(entry.kind, entry.body);
      lock.lock();
      if (!good) return Refuse();
      queued -= queue.front().body.size();
      queue.pop_front();
      ++counters.records;
      lock.unlock();
      room.notify_all();
      if (log.SealDue()) Seal();
    }
    const std::lock_guard lock(mutex);
    refused = false;
    PublishLocked();
    return true;
  }

  bool TellLost(std::unique_lock<std::mutex>& lock) {
    const std::uint64_t lost = lost_untold;
    lock.unlock();
    const bool good = log.Append(Kind::kLost, "{\"records\":" + std::to_string(lost) + "}");
    lock.lock();
    if (good) lost_untold -= lost;
    return good;
  }

  // The mutex is held.
  bool Refuse() {
    refused = true;  // the next tick tries again
    ++counters.failed;
    room.notify_all();
    return false;
  }

  void Seal() {
    std::string note = log.Seal();
    const std::lock_guard lock(mutex);
    if (note.empty()) return;
    ++counters.checkpoints;
    counters.last_checkpoint = clock();
    if (notes.size() < kMostNotes) notes.push_back(std::move(note));
    PublishLocked();
  }

  void Retain() {
    const std::uint64_t deleted = log.Retain();
    const std::lock_guard lock(mutex);
    counters.deleted += deleted;
  }

  void TakeRequests() {
    std::vector<std::string> bodies = TakeAuditRequests(options.directory);
    if (bodies.empty()) return;
    const std::lock_guard lock(mutex);
    for (std::string& body : bodies) {
      queued += body.size();
      queue.push_back({Kind::kAudit, std::move(body)});
    }
  }

  void End(bool written) {
    if (written && log.Append(Kind::kStop, "{}")) {
      Seal();
    } else {
      const std::lock_guard lock(mutex);
      counters.lost += queue.size();
    }
    Publish();
  }

  void Publish() {
    const std::lock_guard lock(mutex);
    PublishLocked();
  }
  void PublishLocked() {
    counters.log_records = log.size();
    counters.log_bytes = log.bytes();
  }

  void Close() {
    if (!thread.joinable()) return;
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    work.notify_all();
    thread.join();
  }

  Log log;  // the thread's
  const Options options;
  const Clock clock;
  const bool wait_when_full;
  mutable std::mutex mutex;
  std::condition_variable work, room;
  std::deque<Entry> queue;
  std::uint64_t queued = 0, lost_untold = 0;
  std::vector<std::string> notes;
  RecorderCounters counters;
  bool stopping = false, refused = false;
  std::thread thread;  // last: it uses the rest
};

Recorder::Recorder(Log log, const Options& options, Clock clock, bool wait_when_full)
    : impl_(std::make_unique<Impl>(std::move(log), options, std::move(clock), wait_when_full)) {}

Recorder::~Recorder() { impl_->Close(); }

void Recorder::Push(std::vector<Entry> entries) {
  if (!entries.empty()) impl_->Push(std::move(entries));
}

void Recorder::Close() { impl_->Close(); }

std::vector<std::string> Recorder::TakeNotes() {
  const std::lock_guard lock(impl_->mutex);
  return std::exchange(impl_->notes, {});
}

RecorderCounters Recorder::counters() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counters;
}

}  // namespace gander::evidence
