// SPDX-License-Identifier: Apache-2.0
// What is said of sensors that died before this one (supervise/): the stretch that nobody read, the flows that are left
// out since they killed, and the sums for /status and metrics. One thread.
#ifndef GANDER_RUNTIME_DEATH_BOOK_H_
#define GANDER_RUNTIME_DEATH_BOOK_H_

#include <vector>

#include "report/events/blind_spot_event.h"
#include "report/supervision.h"
#include "supervise/past_run.h"

namespace gander::runtime {

class DeathBook {
 public:
  explicit DeathBook(const supervise::PastRun& past) : past_(past), gap_told_(past.all_deaths() == 0) {}

  // A worker left out the first packet of such flows.
  void Take(std::vector<report::PoisonFlow>& flows);
  // Not told yet. The stretch ends with the first packet, so it waits for one; `first` and `last` are the packets read so
  // far (last == kDistantPast: none), `final` tells it in any case.
  std::vector<report::BlindSpot> TakeNews(Timestamp first, Timestamp last, Timestamp now, bool final);
  report::Supervision Describe() const;

 private:
  report::RestartGap Gap(Timestamp end) const;

  supervise::PastRun past_;
  bool gap_told_;
  std::vector<report::PoisonFlow> flows_;
};

}  // namespace gander::runtime

#endif  // GANDER_RUNTIME_DEATH_BOOK_H_
