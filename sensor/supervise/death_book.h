// SPDX-License-Identifier: Apache-2.0
// The supervisor's book of sensors that died: why, how often, and which flows were in hand. Lives as long as it does.
#ifndef GANDER_SUPERVISE_DEATH_BOOK_H_
#define GANDER_SUPERVISE_DEATH_BOOK_H_

#include <cstdint>
#include <vector>

#include "supervise/flight_page.h"
#include "supervise/past_run.h"

namespace gander::supervise {

// What is known of one death.
struct Autopsy {
  Death death;
  std::vector<std::uint64_t> blamed;  // flows that were in hand where that may have been the reason
  int code = 0;                       // si_code
  std::uint64_t instruction = 0;      // as in CrashNote
  std::vector<std::uint64_t> frames;
  std::uint64_t packets = 0;          // read, all threads added up
};

inline constexpr std::uint32_t kNobodyHung = kNoWorker;

// `status` is waitpid(2)'s; `hung` the seat that the watchdog found, or kNobodyHung. Whoever is killed from outside, or
// told by a signal that somebody sent, is no flow's doing. Where the process died without a note, every flow in hand is
// blamed.
Autopsy Examine(const FlightPage& page, int status, std::uint32_t hung, std::int64_t now_ns);

class DeathBook {
 public:
  static constexpr std::size_t kMaxSuspects = 1024;  // the oldest is forgotten

  // `poison_deaths` 0: no flow ever is.
  DeathBook(std::uint64_t flow_seed, std::uint32_t poison_deaths) : poison_deaths_(poison_deaths) {
    past_.flow_seed = flow_seed;
  }

  // Returns the flows that became poison by it.
  std::vector<PoisonFlow> Enter(const Autopsy& autopsy);
  const PastRun& past() const noexcept { return past_; }

 private:
  PoisonFlow Suspect(std::uint64_t flow);
  void Quarantine(const PoisonFlow& flow);

  const std::uint32_t poison_deaths_;
  PastRun past_;
  std::vector<PoisonFlow> suspects_;  // oldest first
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_DEATH_BOOK_H_
