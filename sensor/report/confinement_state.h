// SPDX-License-Identifier: Apache-2.0
// What the sensor has given away (sandbox/), as it stands in /status and on the control socket.
#ifndef GANDER_REPORT_CONFINEMENT_STATE_H_
#define GANDER_REPORT_CONFINEMENT_STATE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace gander::report {

struct ConfinementState {
  std::string text;           // all of it in words, for people
  std::string user;
  std::string capabilities;   // effective ones, "cap_net_raw"; empty = none
  bool no_new_privileges = false, core_dumps = true;
  int landlock = 0;           // version of the kernel's interface; 0 = not in force
  std::string seccomp;        // enforce, kill, log, off
  unsigned system_calls = 0;  // on the list
  std::map<std::string, std::uint64_t> refused;  // system call -> times it was refused
};

// Of now. Any thread.
using ConfinementReader = std::function<ConfinementState()>;

}  // namespace gander::report

#endif  // GANDER_REPORT_CONFINEMENT_STATE_H_
