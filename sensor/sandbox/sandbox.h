// SPDX-License-Identifier: Apache-2.0
// The doorway of sandbox/: what a process gives away once all it needs is open, so that whoever takes it over through a
// crafted packet gains little. Linux only.
#ifndef GANDER_SANDBOX_SANDBOX_H_
#define GANDER_SANDBOX_SANDBOX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace gander::sandbox {

enum class SeccompMode : std::uint8_t {
  kEnforce,  // a call not on the list is refused with EPERM and counted; one that only intruders make ends the process
  kKill,     // ... each ends the process
  kLog,      // ... each is carried out, and logged by the kernel where it keeps such a log
  kOff,
};
const char* NameOf(SeccompMode mode) noexcept;

struct Options {
  std::string user;  // to continue as; empty = as now, but root becomes `gander` where there is such a user
  bool keep_user = false;  // whatever `user` says
  SeccompMode seccomp = SeccompMode::kEnforce;
  bool landlock = true;
};

// What must go on being possible.
struct Access {
  std::vector<std::string> reads;   // files and folders
  std::vector<std::string> writes;  // files (their folder, for renaming and rotation), or folders
  std::string cache;                // folder written where that is possible; empty = none
  bool network = false;             // sockets of the Internet and of this machine
  bool packet_sockets = false;      // an interface that vanished is opened again
  bool dpdk = false;                // ports that went are brought back, devices answer ioctls
  std::vector<int> capabilities;    // CAP_NET_RAW, ...
};

// What is in force.
struct Confinement {
  std::string user;          // who the process is now
  bool switched = false;     // ... and was not before
  std::string capabilities;  // effective ones, "cap_net_raw"; empty = none
  bool no_new_privileges = false;
  bool no_core = false;
  int landlock = 0;  // version of the kernel's interface (ABI); 0 = not in force
  SeccompMode seccomp = SeccompMode::kOff;
  unsigned calls = 0;                 // on the list
  std::vector<std::string> warnings;  // what is not in force and why; what will fail later for want of a right
};

// To be called before threads start that are to be bound too: capabilities and Landlock are a thread's own. Errors: an
// unknown user, one that this process may not become, an output that this user may not write.
Result<Confinement> DropPrivileges(const Options& options, const Access& access);

// Binds all threads. Adds to `confinement`; a kernel without seccomp is a warning there, and so is what it lacks.
void FilterSystemCalls(const Options& options, const Access& access, Confinement& confinement);

// The process that starts and watches sensors. All that is refused to it is refused to them from their first
// instruction, and they have sources to open: it keeps its user, the capabilities of `access` and, as root, those that
// it takes to become another user and to end what runs as that; it may still start itself. Any call that no part of a
// run makes ends it. No new privileges, no core.
void ConfineSupervisor(const Options& options, const Access& access);

// "user gander, cap_net_raw only, 131 system calls (enforce), own files only (Landlock 4), no core dumps".
std::string Describe(const Confinement& confinement);

struct Refusal {
  std::string call;  // "mkdirat"
  std::uint64_t times = 0;
};
// Calls refused so far, by number. Any thread.
std::vector<Refusal> Refusals();

}  // namespace gander::sandbox

#endif  // GANDER_SANDBOX_SANDBOX_H_
