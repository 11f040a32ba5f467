// SPDX-License-Identifier: Apache-2.0
#include "supervise/death_book.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

namespace gander::supervise {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

Cause CauseOf(int status, std::uint32_t hung) noexcept {
  if (hung != kNobodyHung) return Cause::kWatchdog;
  if (!WIFSIGNALED(status)) return Cause::kExit;
  return WTERMSIG(status) == SIGKILL ? Cause::kKilled : Cause::kCrash;
}

std::vector<std::uint64_t> FlowsInHand(const FlightPage& page) {
  std::vector<std::uint64_t> flows;
  for (const Seat& seat : page.seats) {
    const std::uint64_t flow = seat.flow.load(kRelaxed);
    if (flow != 0 && std::find(flows.begin(), flows.end(), flow) == flows.end()) flows.push_back(flow);
  }
  return flows;
}

void Blame(const FlightPage& page, bool noted, Autopsy& out) {
  switch (out.death.cause) {
    case Cause::kKilled:
    case Cause::kExit:
    case Cause::kCount: return;
    case Cause::kCrash:
      if (!noted) {
        out.blamed = FlowsInHand(page);
        return;
      }
      if (out.code == SI_USER) return;
      break;
    case Cause::kWatchdog: break;
  }
  if (out.death.flow != 0) out.blamed.push_back(out.death.flow);
}

}  // namespace

Autopsy Examine(const FlightPage& page, int status, std::uint32_t hung, std::int64_t now_ns) {
  Autopsy out;
  out.death.cause = CauseOf(status, hung);
  out.death.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  out.death.time_ns = now_ns;
  for (const Seat& seat : page.seats) {
    out.packets += seat.packets.load(kRelaxed);
    out.death.read_until_ns = std::max(out.death.read_until_ns, seat.read_until.load(kRelaxed));
  }
  const CrashNote& note = page.crash;
  const bool complete = note.state.load(std::memory_order_acquire) == CrashNote::kComplete;
  const bool noted = complete && note.signal == out.death.signal;
  if (noted) {
    out.code = note.code;
    out.instruction = note.instruction;
    out.frames.assign(note.frame.begin(), note.frame.begin() + std::min(note.frames, kMaxFrames));
    if (note.worker < kSeats) out.death.worker = note.worker;
    if (note.worker < kMaxWorkers) out.death.flow = note.flow;
  }
  if (hung < kSeats) {
    out.death.worker = hung;
    out.death.flow = page.seats[hung].flow.load(kRelaxed);
  }
  Blame(page, noted, out);
  return out;
}

std::vector<PoisonFlow> DeathBook::Enter(const Autopsy& autopsy) {
  past_.last = autopsy.death;
  ++past_.deaths[static_cast<std::size_t>(autopsy.death.cause)];
  std::vector<PoisonFlow> poison;
  if (poison_deaths_ == 0) return poison;
  for (const std::uint64_t flow : autopsy.blamed) {
    const PoisonFlow known = Suspect(flow);
    if (known.deaths < poison_deaths_) continue;
    std::erase_if(suspects_, [flow](const PoisonFlow& s) { return s.flow == flow; });
    Quarantine(known);
    poison.push_back(known);
  }
  return poison;
}

PoisonFlow DeathBook::Suspect(std::uint64_t flow) {
  const auto found =
      std::find_if(suspects_.begin(), suspects_.end(), [flow](const PoisonFlow& s) { return s.flow == flow; });
  if (found != suspects_.end()) {
    ++found->deaths;
    return *found;
  }
  if (suspects_.size() == kMaxSuspects) suspects_.erase(suspects_.begin());
  return suspects_.emplace_back(PoisonFlow{flow, 1});
}

void DeathBook::Quarantine(const PoisonFlow& flow) {
  if (past_.poison_count == kMaxPoison) {
    std::move(past_.poison.begin() + 1, past_.poison.end(), past_.poison.begin());
    --past_.poison_count;
  }
  past_.poison[past_.poison_count++] = flow;
}

}  // namespace gander::supervise
