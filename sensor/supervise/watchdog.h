// SPDX-License-Identifier: Apache-2.0
// Finds a thread of the sensor that neither ends its round nor takes up another flow.
#ifndef GANDER_SUPERVISE_WATCHDOG_H_
#define GANDER_SUPERVISE_WATCHDOG_H_

#include <array>
#include <cstdint>

#include "base/time.h"
#include "supervise/flight_page.h"

namespace gander::supervise {

class Watchdog {
 public:
  // Disks stall: the thread that judges and writes has so many times as long.
  static constexpr int kJudgesPatience = 3;

  // 0 = nobody is ever found.
  explicit Watchdog(Duration patience) noexcept : patience_(patience) {}

  // The seat whose thread hangs at `now` (steady clock), kNoWorker for none. Who looks too seldom to know starts anew:
  // this process may have been stopped as well.
  std::uint32_t Look(const FlightPage& page, Timestamp now) noexcept;

 private:
  struct Seen {
    bool taken = false;
    std::uint64_t beats = 0, flow = 0;
    Timestamp since;  // that all of it was so
  };
  const Duration patience_;
  Timestamp looked_ = kDistantPast;
  std::array<Seen, kSeats> seen_{};
};

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_WATCHDOG_H_
