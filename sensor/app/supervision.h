// SPDX-License-Identifier: Apache-2.0
// gander run as two processes: one that watches, and the sensor, which is this program again (supervise/).
#ifndef GANDER_APP_SUPERVISION_H_
#define GANDER_APP_SUPERVISION_H_

#include "runtime/engine.h"
#include "sandbox/sandbox.h"
#include "supervise/flight_page.h"

namespace gander::app {

// In the process that watches: until there is nothing more to watch. Returns the exit code. `access`: what the sensor
// takes.
int Supervise(const config::Settings& settings, const sandbox::Access& access);

// In the sensor: its tie to the process that watches. One that nobody watches has none, and nothing below does
// anything.
class Tie {
 public:
  Tie();  // takes over the page, and notes crashes from then on

  bool watched() const noexcept { return page_.get() != nullptr; }
  // Signal handlers are there.
  void HearSignals() const;
  // Events go on where those of the sensor before ended.
  void ApplyTo(config::Settings& settings) const;
  // After a change of user.
  void DieWithSupervisor() const;
  // What the run is to know and to write to, and what it calls: `request.alive` and `request.stop` are there already.
  void Connect(runtime::RunRequest& request) const;
  // The run has come to its end.
  void Ended() const;

 private:
  supervise::SharedPage page_;
  supervise::PastRun past_;
};

}  // namespace gander::app

#endif  // GANDER_APP_SUPERVISION_H_
