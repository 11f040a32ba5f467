// SPDX-License-Identifier: Apache-2.0
#include "sandbox/user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace gander::sandbox {
namespace {

constexpr char kOwnUser[] = "gander";  // made by the package
constexpr char kSetting[] = "process.user";

bool LookUp(const std::string& name, User& out) {
  std::array<char, 16384> buffer;
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return false;
  out = {name, entry.pw_uid, entry.pw_gid, entry.pw_uid != geteuid()};
  return true;
}

User Now() {
  std::array<char, 16384> buffer;
  passwd entry{};
  passwd* found = nullptr;
  const bool known = getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return {known ? entry.pw_name : std::to_string(geteuid()), geteuid(), getegid(), false};
}

Failure Refused(const char* what) {
  return Fail(kSetting, 0, std::string(what) + " failed: " + std::strerror(errno),
              "let the process keep CAP_SETUID and CAP_SETGID until it has started, or start it as that user");
}

}  // namespace

Result<User> FindUser(const Options& options) {
  const std::string& wanted = options.user;
  User user;
  if (options.keep_user) return Now();
  if (wanted.empty()) {
    const bool root = geteuid() == 0;
    return root && LookUp(kOwnUser, user) ? user : Now();
  }
  if (!LookUp(wanted, user)) {
    return Fail(kSetting, 0, "there is no user `" + wanted + "`",
                "make it: useradd --system --user-group --no-create-home " + wanted);
  }
  if (user.change && geteuid() != 0) {
    return Fail(kSetting, 0, "only root can become user `" + wanted + "`", "start as root, or as that user");
  }
  return user;
}

Result<bool> Become(const User& user) {
  if (!user.change) return true;
  // glibc carries each of them to all threads (nptl(7)).
  if (initgroups(user.name.c_str(), user.gid) != 0) return Refused("initgroups");
  if (setresgid(user.gid, user.gid, user.gid) != 0) return Refused("setresgid");
  if (setresuid(user.uid, user.uid, user.uid) != 0) return Refused("setresuid");
  if (user.uid != 0 && setuid(0) == 0) {
    return Fail(kSetting, 0, "the kernel let the process become root again", "report this; nothing was read");
  }
  return true;
}

}  // namespace gander::sandbox
