// SPDX-License-Identifier: Apache-2.0
#include "runtime/load_governor.h"

#include <algorithm>

namespace gander::runtime {
namespace {

constexpr Duration kLongAgo = Duration::Seconds(1'000'000'000);

constexpr Duration Part(Duration d, std::int64_t divisor) noexcept { return {d.ns / divisor}; }
constexpr Duration Times(Duration d, std::int64_t factor) noexcept { return {d.ns * factor}; }
constexpr Duration Sum(Duration a, Duration b) noexcept { return {a.ns + b.ns}; }

constexpr ShedLevel Next(ShedLevel level, int step) noexcept {
  return static_cast<ShedLevel>(static_cast<int>(level) + step);
}

}  // namespace

LoadGovernor::LoadGovernor(const Options& options) noexcept
    : enabled_(options.enabled),
      raise_after_(Duration::Millis(std::max(1u, options.raise_after_ms))),
      least_recovery_(Duration::Millis(std::max(1u, options.recover_after_ms))),
      recovery_(least_recovery_),
      since_raise_(kLongAgo),
      since_step_back_(kLongAgo) {}

ShedLevel LoadGovernor::Observe(const Round& round) noexcept {
  if (!enabled_) return ShedLevel::kNone;
  const bool lost = started_ && round.lost_packets > lost_packets_;
  Measure(round, lost);
  if (level_ != ShedLevel::kNone) Follow(round);
  if (MustRaise(round, lost)) {
    Raise(round);
  } else if (level_ != ShedLevel::kNone && uneasy_.ns == 0 && calm_ >= recovery_) {
    StepBack();
  }
  return level_;
}

LoadGovernor::Strain LoadGovernor::Judge(const Round& round) noexcept {
  if (round.backlog < 0 || round.capacity <= 0) return round.full ? Strain::kPressure : Strain::kCalm;
  if (round.backlog > round.capacity / 2) return Strain::kPressure;
  return round.backlog <= round.capacity / 8 ? Strain::kCalm : Strain::kNeither;
}

// How long things have been as they are. A clock that stands still or steps back adds nothing.
void LoadGovernor::Measure(const Round& round, bool lost) noexcept {
  const Duration passed{started_ ? std::max<std::int64_t>(0, round.monotonic_ns - clock_) : 0};
  started_ = true;
  clock_ = round.monotonic_ns;
  lost_packets_ = round.lost_packets;
  since_raise_ = std::min(kLongAgo, Sum(since_raise_, passed));
  since_step_back_ = std::min(kLongAgo, Sum(since_step_back_, passed));

  const Strain strain = Judge(round);
  if (strain != Strain::kPressure) {
    // A queue that fills and empties in turns is under pressure when it is full for more than half of the time. Of one
    // that cannot tell, a burst with room left says that it is empty.
    pressed_ = {round.capacity > 0 ? std::max<std::int64_t>(0, pressed_.ns - passed.ns) : 0};
    if (pressed_.ns == 0) pressed_backlog_ = -1;
  } else if (pressed_backlog_ < 0) {
    pressed_backlog_ = std::max<std::int64_t>(0, round.backlog);
  } else {
    // One long pause of the worker itself, say at the end of an epoch, must not pass for lasting pressure.
    pressed_ = Sum(pressed_, std::min(passed, Part(raise_after_, 4)));
  }
  uneasy_ = strain == Strain::kCalm ? Duration{} : Sum(uneasy_, passed);
  calm_ = lost || uneasy_ > Part(raise_after_, 2) ? Duration{} : Sum(calm_, passed);

  if (since_step_back_ < Times(recovery_, kProbation)) return;
  on_probation_ = false;
  if (level_ != ShedLevel::kNone || recovery_ <= least_recovery_) return;
  recovery_ = std::max(least_recovery_, Part(recovery_, 2));
  since_step_back_ = {};
}

bool LoadGovernor::MustRaise(const Round& round, bool lost) noexcept {
  if (level_ == Next(ShedLevel::kNone, kShedLevels - 1)) return false;
  if (lost && since_raise_ >= raise_after_) return true;
  if (pressed_ < raise_after_) return false;
  // Still full, but emptying: what was given up is enough, it only takes its time.
  const bool empties = round.capacity > 0 && round.backlog < pressed_backlog_ - round.capacity / 16;
  pressed_ = {};
  pressed_backlog_ = std::max<std::int64_t>(0, round.backlog);
  return !empties;
}

void LoadGovernor::Raise(const Round& round) noexcept {
  if (on_probation_) {
    recovery_ = std::min(Times(recovery_, 2), Times(least_recovery_, kMaxBackOff));
    on_probation_ = false;
  }
  if (level_ == ShedLevel::kNone) {
    span_ = {};
    span_.begin = span_.end = round.packet_time;
    span_lost_base_ = round.lost_packets;
    span_shed_base_ = round.shed_bytes;
  }
  level_ = Next(level_, 1);
  span_.highest = std::max(span_.highest, level_);
  pressed_ = calm_ = since_raise_ = {};
}

void LoadGovernor::StepBack() noexcept {
  level_ = Next(level_, -1);
  calm_ = since_step_back_ = {};
  on_probation_ = true;
  if (level_ == ShedLevel::kNone) EndSpan();
}

// Keeps the open span's figures up to date.
void LoadGovernor::Follow(const Round& round) noexcept {
  span_.end = std::max(span_.end, round.packet_time);
  span_.packets += round.packets;
  span_.bytes = round.shed_bytes - span_shed_base_;
  span_.lost_packets = round.lost_packets - span_lost_base_;
}

void LoadGovernor::EndSpan() noexcept {
  span_.over = true;
  if (ended_count_ < kMaxSpans) {
    ended_[ended_count_++] = span_;
    return;
  }
  ShedSpan& newest = ended_.back();
  newest.end = std::max(newest.end, span_.end);
  newest.highest = std::max(newest.highest, span_.highest);
  newest.packets += span_.packets;
  newest.bytes += span_.bytes;
  newest.lost_packets += span_.lost_packets;
}

void LoadGovernor::TakeSpans(std::vector<ShedSpan>& out) {
  out.assign(ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(ended_count_));
  ended_count_ = 0;
  if (level_ != ShedLevel::kNone) out.push_back(span_);
}

}  // namespace gander::runtime
