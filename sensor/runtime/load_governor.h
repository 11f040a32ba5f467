// SPDX-License-Identifier: Apache-2.0
// Decides, from how its receive queue fills, what a worker must leave out, and remembers for how long it did.
// One per worker, asked between bursts; reads no clock, takes no lock and allocates nothing itself.
//
// A level is added for each `raise_after_ms` of pressure and taken back for each recovery time of calm:
//   pressure  more than half of the queue waits; or, where the source cannot tell, full bursts without a
//   pause;
//             or packets were lost since the last round, which raises at once.
//   calm      at most an eighth waits, or the burst was not full. A shorter lapse than half of
//   `raise_after_ms` does
//             not end a calm: every load has its bursts.
// The gap between the two and a recovery time that doubles when a step back proves too early (as TCP's and
// Ethernet's back-off do) keep it from swinging.
#ifndef GANDER_RUNTIME_LOAD_GOVERNOR_H_
#define GANDER_RUNTIME_LOAD_GOVERNOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/shed.h"
#include "base/time.h"

namespace gander::runtime {

// A stretch of time in which something was left out.
struct ShedSpan {
  Timestamp begin, end;  // packet time; `end` is the time at hand while it lasts
  ShedLevel highest = ShedLevel::kNone;
  std::uint64_t packets = 0;       // packets read meanwhile
  std::uint64_t bytes = 0;         // payload bytes left out (kLostShed)
  std::uint64_t lost_packets = 0;  // lost before the worker meanwhile: NIC, kernel, ring
  bool over = false;
};

class LoadGovernor {
 public:
  struct Options {
    bool enabled = true;
    std::uint32_t raise_after_ms = 20;     // of pressure, for each level
    std::uint32_t recover_after_ms = 500;  // without pressure, for each level back
  };
  // What one round of polling saw. A worker with several queues states the fullest.
  struct Round {
    std::uint32_t packets = 0;       // of this burst
    bool full = false;               // the burst was as large as a burst can be
    std::int64_t backlog = -1;       // packets still waiting, -1 = the source cannot tell
    std::int64_t capacity = -1;      // of the queue they wait in
    std::uint64_t lost_packets = 0;  // cumulative: NIC, kernel, hand-over ring
    std::uint64_t shed_bytes = 0;    // cumulative: the worker's kLostShed
    std::int64_t monotonic_ns = 0;   // steady clock, read by the caller once a round
    Timestamp packet_time;           // newest packet
  };

  // The recovery time grows to at most so many times recover_after_ms.
  static constexpr std::int64_t kMaxBackOff = 16;
  // A step back is trusted once it has held for so many recovery times.
  static constexpr std::int64_t kProbation = 8;
  // Ended spans kept between two calls of TakeSpans; more are joined to the newest, so that no cost is
  // forgotten.
  static constexpr std::size_t kMaxSpans = 16;

  explicit LoadGovernor(const Options& options) noexcept;

  // The level for the next burst.
  ShedLevel Observe(const Round& round) noexcept;
  ShedLevel level() const noexcept { return level_; }
  // Calm needed for the next step back.
  Duration recovery() const noexcept { return recovery_; }
  // Spans since the last call: those that ended, and the one that lasts (over = false), oldest first; `out`
  // is overwritten.
  void TakeSpans(std::vector<ShedSpan>& out);

 private:
  enum class Strain : std::uint8_t { kCalm, kNeither, kPressure };

  static Strain Judge(const Round& round) noexcept;
  void Measure(const Round& round, bool lost) noexcept;
  bool MustRaise(const Round& round, bool lost) noexcept;
  void Raise(const Round& round) noexcept;
  void StepBack() noexcept;
  void Follow(const Round& round) noexcept;
  void EndSpan() noexcept;

  bool enabled_;
  Duration raise_after_, least_recovery_, recovery_;
  ShedLevel level_ = ShedLevel::kNone;

  bool started_ = false;
  std::int64_t clock_ = 0;            // of the last round
  std::uint64_t lost_packets_ = 0;    // as of the last round
  Duration pressed_, uneasy_, calm_;  // without a break until now
  Duration since_raise_, since_step_back_;
  bool on_probation_ = false;          // the last step back has not yet held long enough
  std::int64_t pressed_backlog_ = -1;  // when the pressure began

  ShedSpan span_;  // open while level_ is above none
  std::uint64_t span_lost_base_ = 0, span_shed_base_ = 0;
  std::array<ShedSpan, kMaxSpans> ended_;
  std::size_t ended_count_ = 0;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_LOAD_GOVERNOR_H_
