// SPDX-License-Identifier: Apache-2.0
// Progress on standard error: a bar on a terminal, a plain line every few seconds otherwise.
#ifndef GANDER_APP_PROGRESS_H_
#define GANDER_APP_PROGRESS_H_

#include <chrono>

#include "runtime/engine.h"

namespace gander::app {

class ProgressPrinter {
 public:
  explicit ProgressPrinter(bool quiet);
  ~ProgressPrinter();  // wipes the bar
  void operator()(const runtime::Progress& p);

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, terminal_, drawn_ = false;
  Clock::time_point start_, last_;
};

}  // namespace gander::app

#endif  // GANDER_APP_PROGRESS_H_
