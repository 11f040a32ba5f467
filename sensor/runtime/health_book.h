// SPDX-License-Identifier: Apache-2.0
// What the live workers said of their queues, rings and load, kept until they say it anew: a worker that is
// late has not un-happened. Empty when a file is read.
#ifndef GANDER_RUNTIME_HEALTH_BOOK_H_
#define GANDER_RUNTIME_HEALTH_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "detect/detector.h"
#include "report/events/blind_spot_event.h"
#include "report/run_state.h"
#include "runtime/sealed_epoch.h"

namespace gander::runtime {

class HealthBook {
 public:
  static constexpr std::size_t kMaxSpans = 100;  // kept for the summary, the newest

  // What one worker says at the end of an epoch.
  void Take(std::uint32_t worker, const LaneHealth& lane);
  void SetStalled(std::uint32_t worker, bool stalled);
  // After the last part of an epoch: adds what changed since the last call. At the end of the run all spans
  // end.
  void Judge(bool final, detect::PortHealth& health);

  // What began or ended since the last call, for the events.
  std::vector<report::BlindSpot> TakeNews();
  void Describe(report::RunState& state) const;
  std::uint32_t stalled() const noexcept;

 private:
  struct Lane {
    std::vector<LaneHealth::Queue> queues;
    std::uint64_t handed_over = 0, ring_full = 0;
    ShedLevel level = ShedLevel::kNone;
    bool known = false, stalled = false;
  };

  Lane& At(std::uint32_t worker);
  void TakeSpan(std::uint32_t worker, const ShedSpan& span);
  void Tell(const report::Shedding& span);
  void JudgePorts(detect::PortHealth& health);
  void TellPort(const std::string& port, const std::string& problem);

  std::vector<Lane> lanes_;                    // by worker
  std::deque<report::Shedding> spans_;         // oldest first
  std::vector<report::Shedding> changed_;      // in this epoch
  std::map<std::string, std::string> broken_;  // port -> what is wrong with it
  std::vector<report::BlindSpot> news_;
  Duration shedding_;            // of all spans ever
  std::uint64_t ring_full_ = 0;  // as of the last Judge
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_HEALTH_BOOK_H_
