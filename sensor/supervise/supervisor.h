// SPDX-License-Identifier: Apache-2.0
// The doorway of supervise/ for the process that watches: starts this program again as the sensor, waits, and starts
// another one when it dies.
#ifndef GANDER_SUPERVISE_SUPERVISOR_H_
#define GANDER_SUPERVISE_SUPERVISOR_H_

#include <signal.h>
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "supervise/death_book.h"
#include "supervise/options.h"
#include "supervise/restart_pace.h"

namespace gander::supervise {

// What a death is told with. The page is as the sensor left it.
struct Obituary {
  const Autopsy& autopsy;
  const FlightPage& page;
  const PastRun& past;                    // this death included
  const std::vector<PoisonFlow>& poison;  // that it made so
  Duration ran;
  Duration pause;                         // until the next one is started
};

class Supervisor {
 public:
  struct Order {
    Options options;
    std::string program = "/proc/self/exe";  // that of this process, even where a package has replaced the file
    std::vector<std::string> arguments;      // the first one names the program
    std::function<void(const Obituary&)> on_death;
    std::function<void()> while_pausing;     // again and again while no sensor runs; may be empty
  };
  // Errors: no page to share.
  static Result<Supervisor> Make(Order order);

  // Until the sensor ends by itself, was told to end, or could not even start: then its exit code is returned. SIGTERM,
  // SIGINT, SIGHUP and SIGUSR2 are passed on. In a process with one thread. 128 and the number of a signal where the
  // sensor was ended by one as it was meant to; 127 where this program cannot be started.
  int Run();

 private:
  struct End {
    int status = 0;  // waitpid(2)'s
    std::uint32_t hung = kNobodyHung;
    Duration ran;
  };

  Supervisor(Order order, SharedPage page, std::uint64_t seed);
  void Begin();
  pid_t Spawn();
  End Attend(pid_t sensor);
  void Hear(int signal, pid_t sensor);
  bool Pause(Duration pause);
  bool IsDeath(const End& end) const noexcept;
  void TakeNote(const End& end, Duration pause);

  Order order_;
  SharedPage page_;
  DeathBook book_;
  RestartPace pace_;
  sigset_t heard_;
  bool asked_to_end_ = false;
  bool ran_once_ = false;  // some sensor has read traffic
};

// In the sensor: dies with its supervisor, by SIGTERM. To be called again after a change of user, which undoes it.
void DieWith(const FlightPage& page);
// False once the supervisor is gone.
bool IsSupervised(const FlightPage& page) noexcept;
// In the sensor, once its handlers are there: signals that came while it started are heard now.
void HearSignals();

}  // namespace gander::supervise

#endif  // GANDER_SUPERVISE_SUPERVISOR_H_
