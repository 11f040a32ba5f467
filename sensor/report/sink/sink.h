// SPDX-License-Identifier: Apache-2.0
// Where lines go. Sinks run in the sink thread behind a bounded queue; a slow sink costs events, counted,
// never packets. For files read offline the queue waits instead of dropping.
#ifndef GANDER_REPORT_SINK_SINK_H_
#define GANDER_REPORT_SINK_SINK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::report {

class Sink {
 public:
  virtual ~Sink() = default;
  // Whole lines. False when they could not be written (disk full, closed pipe): counted by the caller.
  virtual bool Write(std::string_view lines) noexcept = 0;
  virtual void Flush() noexcept = 0;
  virtual void Reopen() noexcept {}  // SIGHUP: a rotated file
  virtual const std::string& name() const noexcept = 0;
};

// "-" is standard output, else a file that is created or cut to zero (append = keep what is there).
Result<std::unique_ptr<Sink>> OpenFileSink(const std::string& path, bool append);

struct SinkCounters {
  std::uint64_t written_events = 0, written_bytes = 0, dropped_events = 0, failed_events = 0;
};

// The bounded queue and its thread in front of one sink.
class SinkQueue {
 public:
  // `wait_when_full`: offline. `capacity`: batches.
  SinkQueue(std::unique_ptr<Sink> sink, std::size_t capacity, bool wait_when_full);
  ~SinkQueue();  // closes
  // Writes what is queued and ends the thread; counters() stays. Nothing may be pushed afterwards.
  void Close();
  void Push(std::string lines, std::uint64_t events);
  void Reopen();
  SinkCounters counters() const;
  double fill_ratio() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SINK_H_
