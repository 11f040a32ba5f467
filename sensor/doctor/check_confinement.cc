// SPDX-License-Identifier: Apache-2.0
// What a run on this machine could give away once it reads traffic.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "doctor/checks.h"
#include "sandbox/landlock.h"

namespace gander::doctor {
namespace {

constexpr char kActions[] = "/proc/sys/kernel/seccomp/actions_avail";  // there where filters are

bool StaysRoot(const sandbox::Options& process) {
  if (geteuid() != 0) return false;
  return process.user == "root" || (process.user.empty() && getpwnam("gander") == nullptr);
}

}  // namespace

void CheckConfinement(const Case& c, Findings& out) {
  if (!c.deployment.same_machine) return;
  const sandbox::Options& process = c.settings().process;
  std::string open;
  std::vector<std::string> commands;
  const auto add = [&](const std::string& what, std::string command) {
    open += (open.empty() ? "" : "; ") + what;
    commands.push_back(std::move(command));
  };
  if (StaysRoot(process)) {
    add("a run stays root", "adduser --system --group --no-create-home --home /var/lib/gander gander");
  }
  if (process.seccomp == sandbox::SeccompMode::kOff || process.seccomp == sandbox::SeccompMode::kLog) {
    add(fmt::format("process.seccomp is {}", sandbox::NameOf(process.seccomp)), "# process.seccomp: enforce");
  } else if (access(kActions, F_OK) != 0) {
    add("the kernel has no filters for system calls", "# a kernel with CONFIG_SECCOMP_FILTER, or a container that lets them be");
  }
  const int landlock = sandbox::LandlockVersion();
  if (!process.landlock) {
    add("process.landlock is false", "# process.landlock: true");
  } else if (landlock == 0) {
    add("the kernel has no Landlock", "# a kernel with CONFIG_SECURITY_LANDLOCK, and landlock in lsm= of its command line");
  }
  if (open.empty()) {
    out.push_back({"process.confinement", Severity::kOk,
                   fmt::format("a run gives away root, other system calls and other files (Landlock {})", landlock), "", {}});
    return;
  }
  out.push_back({"process.confinement", Severity::kNote, open,
                 "whoever took the sensor over through a crafted packet could do more with it", std::move(commands)});
}

}  // namespace gander::doctor
