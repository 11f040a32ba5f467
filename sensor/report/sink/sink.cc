// SPDX-License-Identifier: Apache-2.0
#include "report/sink/sink.h"

#include <utility>

namespace gander::report {

const char* NameOf(Loss loss) noexcept {
  static constexpr const char* kNames[] = {"queue_full", "disk_full", "write_failed", "not_connected", "stalled",
                                           "rejected",   "too_long",  "spool_full",   "layout",        "closed"};
  static_assert(std::size(kNames) == kLosses);
  return kNames[static_cast<std::size_t>(loss)];
}

SinkMeter::SinkMeter(std::string name, std::string type) : name_(std::move(name)), type_(std::move(type)) {}

void SinkMeter::Written(std::uint64_t events, std::uint64_t bytes) noexcept {
  written_.fetch_add(events, std::memory_order_relaxed);
  written_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void SinkMeter::Lost(Loss why, const EventLine& line) noexcept {
  Lost(why, line.high ? LostEvents{1, 0} : LostEvents{0, 1});
}

void SinkMeter::Lost(Loss why, LostEvents events) noexcept {
  lost_high_[static_cast<std::size_t>(why)].fetch_add(events.high, std::memory_order_relaxed);
  lost_low_[static_cast<std::size_t>(why)].fetch_add(events.low, std::memory_order_relaxed);
}

void SinkMeter::Connected(bool yes) noexcept {
  if (!connected_.exchange(yes) && yes) connects_.fetch_add(1, std::memory_order_relaxed);
}

void SinkMeter::Spool(std::uint64_t bytes, std::uint64_t events) noexcept {
  spool_bytes_.store(bytes, std::memory_order_relaxed);
  spool_events_.store(events, std::memory_order_relaxed);
}

void SinkMeter::Problem(const std::string& text) {
  std::function<void(const std::string&)> tell;
  {
    const std::lock_guard lock(mutex_);
    if (problem_ == text) return;
    problem_ = text;
    tell = tell_;
  }
  if (tell) tell("output " + name_ + ": " + (text.empty() ? std::string("works again") : text));
}

void SinkMeter::TellBy(std::function<void(const std::string&)> tell) {
  const std::lock_guard lock(mutex_);
  tell_ = std::move(tell);
}

SinkState SinkMeter::Read() const {
  SinkState s;
  s.name = name_;
  s.type = type_;
  s.written = written_.load(std::memory_order_relaxed);
  s.written_bytes = written_bytes_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < kLosses; ++i) {
    s.lost[i] = {lost_high_[i].load(std::memory_order_relaxed), lost_low_[i].load(std::memory_order_relaxed)};
  }
  s.connects = connects_.load(std::memory_order_relaxed);
  s.failures = failures_.load(std::memory_order_relaxed);
  s.spool_bytes = spool_bytes_.load(std::memory_order_relaxed);
  s.spool_events = spool_events_.load(std::memory_order_relaxed);
  s.connected = connected_.load(std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  s.problem = problem_;
  return s;
}

}  // namespace gander::report
