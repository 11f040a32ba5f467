// SPDX-License-Identifier: Apache-2.0
// The bounded queue and the thread in front of one sink.
#ifndef GANDER_REPORT_SINK_SINK_QUEUE_H_
#define GANDER_REPORT_SINK_SINK_QUEUE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "report/sink/sink.h"

namespace gander::report {

struct QueueOptions {
  std::uint64_t bytes = 64 << 20;  // waiting, the batch in the sink's hands included
  bool offline = false;            // wait instead of dropping
  std::vector<std::string> types;  // event types wanted; empty = all
  const std::atomic<std::uint32_t>* reopen = nullptr;  // counts the signals that ask for it; null = never
  std::function<void(const std::string&)> tell;        // the sink's problems, in words, from its thread; may be empty
};

class SinkQueue {
 public:
  SinkQueue(std::unique_ptr<Sink> sink, QueueOptions options);
  ~SinkQueue();  // closes
  // Gives the sink five seconds (offline: its patience) for what is queued, ends the thread. Nothing may be pushed
  // afterwards; state() stays.
  void Close();
  // Live, when there is no room: events of low priority may fill three quarters of the queue; those of high priority all
  // of it, and what waits of low priority gives way to them, the newest first. What is dropped is counted under what
  // keeps the sink from taking more.
  void Push(SharedBatch batch);
  bool Wants(std::string_view type) const noexcept;
  SinkState state() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_SINK_QUEUE_H_
