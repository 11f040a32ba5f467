// SPDX-License-Identifier: Apache-2.0
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/sanitized.h"
#include "sandbox/capabilities.h"
#include "sandbox/landlock.h"
#include "sandbox/seccomp_filter.h"
#include "sandbox/user.h"

namespace gander::sandbox {
namespace {

namespace fs = std::filesystem;

bool May(const std::string& path, int how) noexcept {
  return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0;
}

// What is missing is made later: its folder counts, or the nearest above that exists.
std::string Existing(const std::string& path) {
  std::error_code ignored;
  fs::path p = fs::absolute(path, ignored);
  while (!fs::exists(p, ignored) && p.has_relative_path()) p = p.parent_path();
  return p.string();
}

Result<bool> CheckWrites(const Access& access, const Confinement& now) {
  for (const std::string& path : access.writes) {
    std::string existing = Existing(path);
    std::error_code ignored;
    // A socket made beforehand is only removed later, which its folder must allow.
    if (fs::is_socket(existing, ignored)) existing = fs::path(existing).parent_path();
    if (May(existing, W_OK)) continue;
    return Fail(path, 0, "user " + now.user + " may not write there" + (existing == path ? "" : " (" + existing + ")"),
                "chown " + now.user + " " + existing + ", name a place of its own (/var/lib/gander, /var/log/gander), or " +
                    "--set process.user=root to stay root");
  }
  return true;
}

// Read already, needed again at a reload.
void CheckReads(const Access& access, Confinement& now) {
  for (const std::string& path : access.reads) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) continue;
    if (May(path, R_OK)) continue;
    now.warnings.push_back(path + ": user " + now.user + " may not read it: a reload would fail\n  remedy: chgrp " +
                           now.user + " " + path + " && chmod g+r " + path);
  }
}

void ForbidCore(Confinement& now) {
  const rlimit none{0, 0};
  now.no_core = ::setrlimit(RLIMIT_CORE, &none) == 0;
  // Nor may another process of this user read its memory.
  now.no_core = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && now.no_core;
}

}  // namespace

const char* NameOf(SeccompMode mode) noexcept {
  switch (mode) {
    case SeccompMode::kEnforce: return "enforce";
    case SeccompMode::kKill: return "kill";
    case SeccompMode::kLog: return "log";
    case SeccompMode::kOff: break;
  }
  return "off";
}

Result<Confinement> DropPrivileges(const Options& options, const Access& access) {
  Confinement now;
  auto user = FindUser(options);
  if (!user) return Failure(user.error());
  KeepCapabilitiesOverSwitch();
  if (auto became = Become(*user); !became) return Failure(became.error());
  now.user = user->name;
  now.switched = user->change;
  now.capabilities = KeepOnly(access.capabilities, now.warnings);
  if (now.switched) {
    if (auto may = CheckWrites(access, now); !may) return Failure(may.error());
    CheckReads(access, now);
  }
  now.no_new_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (kSanitized) return now;
  ForbidCore(now);
  if (options.landlock) now.landlock = RestrictFiles(access, now.warnings);
  return now;
}

void FilterSystemCalls(const Options& options, const Access& access, Confinement& confinement) {
  if (options.seccomp == SeccompMode::kOff) return;
  if (kSanitized) {
    confinement.warnings.emplace_back("built with a sanitizer: no system call is refused");
    return;
  }
  auto calls = InstallFilter(options.seccomp, access);
  if (!calls) {
    confinement.warnings.push_back(calls.error().ToString());
    return;
  }
  confinement.seccomp = options.seccomp;
  confinement.calls = *calls;
}

void ConfineSupervisor(const Options& options, const Access& access) {
  std::vector<int> keep = access.capabilities;
  if (::geteuid() == 0) {
    keep.insert(keep.end(), {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP});
  }
  // Devices are claimed by drivers of all kinds: there the sensor gives away what is too much, once they are.
  if (!access.dpdk) (void)KeepForChildren(keep);
  (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (kSanitized) return;
  Confinement now;
  ForbidCore(now);
  if (options.seccomp != SeccompMode::kOff && options.seccomp != SeccompMode::kLog) (void)RefuseForbidden(access.dpdk);
}

std::string Describe(const Confinement& c) {
  std::string text = "user " + c.user;
  text += c.capabilities.empty() ? ", no capability" : ", " + c.capabilities + " only";
  text += c.seccomp == SeccompMode::kOff
              ? ", any system call"
              : ", " + std::to_string(c.calls) + " system calls (" + NameOf(c.seccomp) + ")";
  text += c.landlock > 0 ? ", own files only (Landlock " + std::to_string(c.landlock) + ")" : ", any file of that user";
  return text + (c.no_core ? ", no core dumps" : ", core dumps possible");
}

}  // namespace gander::sandbox
