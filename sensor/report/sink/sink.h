// SPDX-License-Identifier: Apache-2.0
// Where events go: a file, a socket, a broker. A sink runs in a thread of its own behind a bounded queue
// (sink_queue.h); a slow one costs events, counted, never packets, and never another sink's time.
#ifndef GANDER_REPORT_SINK_SINK_H_
#define GANDER_REPORT_SINK_SINK_H_

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "report/sink/event_batch.h"
#include "report/sink/sink_state.h"

namespace gander::report {

// The counters of one sink. Written by its thread (and its library's), read by any.
class SinkMeter {
 public:
  SinkMeter(std::string name, std::string type);

  void Written(std::uint64_t events, std::uint64_t bytes) noexcept;
  void Lost(Loss why, const EventLine& line) noexcept;
  void Lost(Loss why, LostEvents events) noexcept;
  void Connected(bool yes) noexcept;
  void Failed() noexcept { failures_.fetch_add(1, std::memory_order_relaxed); }
  void Spool(std::uint64_t bytes, std::uint64_t events) noexcept;
  // What keeps the sink from taking more, as the reason of what its queue gives up meanwhile. kQueueFull = nothing.
  void Blocked(Loss why) noexcept { blocked_.store(why, std::memory_order_relaxed); }
  Loss blocked() const noexcept { return blocked_.load(std::memory_order_relaxed); }
  // In words; told once each time it changes. Empty = all is well again.
  void Problem(const std::string& text);
  void TellBy(std::function<void(const std::string&)> tell);

  const std::string& name() const noexcept { return name_; }
  SinkState Read() const;  // but for layout and queue

 private:
  const std::string name_, type_;
  std::atomic<std::uint64_t> written_{0}, written_bytes_{0}, connects_{0}, failures_{0};
  std::atomic<std::uint64_t> spool_bytes_{0}, spool_events_{0};
  std::array<std::atomic<std::uint64_t>, kLosses> lost_high_{}, lost_low_{};
  std::atomic<bool> connected_{false};
  std::atomic<Loss> blocked_{Loss::kQueueFull};
  mutable std::mutex mutex_;  // of what follows
  std::string problem_;
  std::function<void(const std::string&)> tell_;
};

class Sink {
 public:
  Sink(std::string name, std::string type) : meter_(std::move(name), std::move(type)) {}
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // Takes lines from `from` on, in their order, and returns the first it did not take. What it took it counts itself, as
  // written or lost, at once or later. When it returns before the end it has set meter().Blocked, and is asked again
  // with the same batch after a pause. Waits for the other end no longer than a quarter of a second.
  virtual std::size_t Write(const EventBatch& batch, std::size_t from) noexcept = 0;
  // Between batches and at least every quarter of a second: rotation by time, connecting, delivery reports.
  virtual void Tick() noexcept {}
  // Nothing that it took is still on its way.
  virtual bool Drained() noexcept { return true; }
  // A rotated file (SIGUSR2, SIGHUP).
  virtual void Reopen() noexcept {}
  // The end: what is not out by now may be kept for the next run, else it is counted as lost.
  virtual void Close() noexcept {}
  // Offline a run waits for its sinks, so long without progress before a batch counts as lost.
  virtual int patience_ms() const noexcept { return 0; }

  SinkMeter& meter() noexcept { return meter_; }
  const SinkMeter& meter() const noexcept { return meter_; }

 private:
  SinkMeter meter_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SINK_H_
