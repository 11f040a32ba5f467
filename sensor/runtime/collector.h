// SPDX-License-Identifier: Apache-2.0
// Lines the epochs of live workers up by their end and feeds them to the aggregator. A worker that gives no
// answer for several epochs is judged without, and said so; it comes back when it answers.
#ifndef GANDER_RUNTIME_COLLECTOR_H_
#define GANDER_RUNTIME_COLLECTOR_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/aggregator.h"
#include "runtime/lane.h"

namespace gander::runtime {

class Collector {
 public:
  Collector(const std::vector<std::unique_ptr<Lane>>& lanes, Aggregator& aggregator, Duration epoch);

  // Until the final epoch of all lanes is judged. `seat`, where it beats, may be null.
  void Run(const std::function<void()>& alive = {}, supervise::Seat* seat = nullptr);

 private:
  using Clock = std::chrono::steady_clock;

  struct Seat {
    Lane* lane = nullptr;
    std::unique_ptr<SealedEpoch> front;
    capture::SourceCounters port;       // as of its last epoch
    std::vector<std::string> problems;  // of its queues, likewise
    bool done = false, stalled = false;
  };

  template <class Predicate>
  bool AllOf(Predicate predicate) const;
  void TakeFronts();
  void GiveUpWaiting();
  bool JudgeEarliest();
  void NoteHealth(Seat& seat);
  void Warn(std::string text);
  capture::SourceCounters Port() const;

  Aggregator& aggregator_;
  Clock::duration patience_;
  std::vector<Seat> seats_;
  Timestamp judged_ = kDistantPast;  // end of the last epoch
  std::size_t warnings_ = 0;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_COLLECTOR_H_
