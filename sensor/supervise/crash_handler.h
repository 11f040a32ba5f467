// SPDX-License-Identifier: Apache-2.0
// In the sensor: notes in the flight page where it crashed, and lets it die of the same signal.
#ifndef GANDER_SUPERVISE_CRASH_HANDLER_H_
#define GANDER_SUPERVISE_CRASH_HANDLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "supervise/flight_page.h"

namespace gander::supervise {

// SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT write a CrashNote and end the process. Once, early; `page` lives as long
// as the process. Not in builds with a sanitizer, which want these signals.
void NoteCrashes(FlightPage& page);

// While it lives, this thread has the seat, and a stack for the signal handler, so that an overflow of its own is
// noted, too. `seat` may be null: then nothing is done.
class SeatTaken {
 public:
  SeatTaken(Seat* seat, std::uint32_t number);
  ~SeatTaken();
  SeatTaken(const SeatTaken&) = delete;
  SeatTaken& operator=(const SeatTaken&) = delete;

 private:
  Seat* seat_;
  std::unique_ptr<std::byte[]> stack_;
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_CRASH_HANDLER_H_
