// SPDX-License-Identifier: Apache-2.0
#include "runtime/collector.h"

#include <algorithm>
#include <thread>

namespace gander::runtime {
namespace {

constexpr auto kSleep = std::chrono::milliseconds(2);
// Waiting for a worker ends after so many epochs.
constexpr int kLateEpochs = 3;
// A port that comes and goes must not fill the memory.
constexpr std::size_t kMaxWarnings = 100;

}  // namespace

Collector::Collector(const std::vector<std::unique_ptr<Lane>>& lanes, Aggregator& aggregator, Duration epoch)
    : aggregator_(aggregator),
      patience_(std::chrono::nanoseconds(epoch.ns * kLateEpochs)),
      seats_(lanes.size()) {
  for (std::size_t i = 0; i < lanes.size(); ++i) seats_[i].lane = lanes[i].get();
}

template <class Predicate>
bool Collector::AllOf(Predicate predicate) const {
  return std::all_of(seats_.begin(), seats_.end(), predicate);
}

void Collector::Run(const std::function<void()>& alive, supervise::Seat* seat) {
  Clock::time_point waiting_since = Clock::now();
  while (!AllOf([](const Seat& s) { return s.done; })) {
    TakeFronts();
    if (seat != nullptr) seat->Beat();
    if (alive && !AllOf([](const Seat& s) { return s.stalled; })) alive();
    const bool none = AllOf([](const Seat& s) { return s.front == nullptr; });
    if (none) waiting_since = Clock::now();
    if (!none && Clock::now() - waiting_since > patience_) GiveUpWaiting();
    const bool complete = AllOf([](const Seat& s) { return s.done || s.stalled || s.front != nullptr; });
    const bool late = !AllOf([this](const Seat& s) { return s.front == nullptr || s.front->end != judged_; });
    if (!none && (complete || late) && JudgeEarliest()) {
      waiting_since = Clock::now();
    } else {
      std::this_thread::sleep_for(kSleep);
    }
  }
}

void Collector::TakeFronts() {
  for (Seat& s : seats_) {
    if (s.front != nullptr || s.done || !s.lane->TryTake(s.front)) continue;
    if (!s.stalled) continue;
    Warn("packet thread " + std::to_string(s.front->worker + 1) + " answers again");
    s.stalled = false;
    aggregator_.SetStalled(s.front->worker, false);
    // Packet time does not go back for those who judge.
    if (!s.front->final && s.front->end < judged_) s.front->begin = s.front->end = judged_;
  }
}

void Collector::GiveUpWaiting() {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    Seat& s = seats_[i];
    if (s.done || s.stalled || s.front != nullptr) continue;
    s.stalled = true;
    aggregator_.SetStalled(static_cast<std::uint32_t>(i), true);
    Warn("packet thread " + std::to_string(i + 1) + " has given no answer for " +
         std::to_string(kLateEpochs) + " epochs: judged without it");
  }
}

// Final epochs wait until every worker has one, so that the run ends once. What comes late is judged at once.
// False when there is nothing to judge.
bool Collector::JudgeEarliest() {
  const bool end_of_run = AllOf([](const Seat& s) { return s.front != nullptr && s.front->final; });
  Timestamp earliest = kDistantFuture;
  for (const Seat& s : seats_) {
    if (s.front != nullptr && !s.front->final) earliest = std::min(earliest, s.front->end);
  }
  std::vector<std::unique_ptr<SealedEpoch>> parts;
  std::vector<Lane*> owners;
  for (Seat& s : seats_) {
    if (s.front == nullptr || (!end_of_run && (s.front->final || s.front->end > earliest))) continue;
    s.done = s.front->final;
    NoteHealth(s);
    judged_ = std::max(judged_, s.front->end);
    parts.push_back(std::move(s.front));
    owners.push_back(s.lane);
  }
  if (parts.empty()) return false;
  aggregator_.OnEpoch(parts, Port());
  for (std::size_t k = 0; k < parts.size(); ++k) owners[k]->GiveBack(std::move(parts[k]));
  return true;
}

void Collector::NoteHealth(Seat& seat) {
  seat.port = seat.front->port;
  const auto& queues = seat.front->lane.queues;
  seat.problems.resize(queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (!queues[i].problem.empty() && queues[i].problem != seat.problems[i]) Warn(queues[i].problem);
    seat.problems[i] = queues[i].problem;
  }
}

void Collector::Warn(std::string text) {
  if (warnings_++ < kMaxWarnings) aggregator_.AddWarning(std::move(text));
}

capture::SourceCounters Collector::Port() const {
  capture::SourceCounters sum;
  for (const Seat& s : seats_) sum.Add(s.port);
  return sum;
}

}  // namespace gander::runtime
