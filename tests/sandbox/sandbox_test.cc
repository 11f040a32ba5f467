// SPDX-License-Identifier: Apache-2.0
// Each case runs in a child, since none of it can be taken back.
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "base/sanitized.h"
#include "sandbox/landlock.h"
#include "sandbox/seccomp_filter.h"

namespace gander::sandbox {
namespace {

// How a child ended that ran `body`: its answer, or minus the signal that ended it.
int InChild(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

// What a call answers behind the filter: 0, or its errno.
int Behind(SeccompMode mode, const Access& access, const std::function<long()>& call) {
  return InChild([&] {
    if (!InstallFilter(mode, access)) return 255;
    errno = 0;
    return call() >= 0 ? 0 : errno;
  });
}

class SeccompTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer makes calls of its own";
  }
};

long Execute() {
  const char* arguments[] = {"/bin/true", nullptr};
  return execve(arguments[0], const_cast<char**>(arguments), nullptr);
}

TEST_F(SeccompTest, WhatOnlyIntrudersDoEndsTheProcess) {
  for (const SeccompMode mode : {SeccompMode::kEnforce, SeccompMode::kKill}) {
    EXPECT_EQ(Behind(mode, {}, Execute), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return ptrace(PTRACE_TRACEME, 0, 0, 0); }), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return syscall(SYS_bpf, 0, nullptr, 0); }), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return syscall(SYS_mount, nullptr, nullptr, nullptr, 0, nullptr); }), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return syscall(SYS_io_uring_setup, 1, nullptr); }), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return long{unshare(CLONE_NEWUSER)}; }), -SIGSYS);
    EXPECT_EQ(Behind(mode, {}, [] { return syscall(SYS_setuid, 0); }), -SIGSYS);
  }
}

TEST_F(SeccompTest, TheRestIsRefusedOrEndsTheProcess) {
  const auto make_node = [] { return long{mkfifo("/tmp/gander-never-made", 0600)}; };
  const auto other_process = [] { return syscall(SYS_kill, getppid(), 0); };
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, other_process), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kKill, {}, other_process), -SIGSYS);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, make_node), -SIGSYS);  // mknod
}

TEST_F(SeccompTest, RefusalsAreCountedByName) {
  EXPECT_EQ(InChild([] {
              if (!InstallFilter(SeccompMode::kEnforce, {})) return 255;
              for (int i = 0; i < 3; ++i) (void)syscall(SYS_kill, getppid(), 0);
              const auto refusals = Refusals();
              return refusals.size() == 1 && refusals[0].call == "kill" && refusals[0].times == 3 ? 0 : 1;
            }),
            0);
}

TEST_F(SeccompTest, SocketsOfToldFamiliesOnly) {
  const auto open = [](int family, int type, int protocol = 0) {
    return [=] { return long{socket(family, type, protocol)}; };
  };
  constexpr int kIcmp = 1;
  Access none, network, packets;
  network.network = true;
  packets.packet_sockets = true;
  EXPECT_EQ(Behind(SeccompMode::kEnforce, none, open(AF_INET, SOCK_STREAM)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, none, open(AF_UNIX, SOCK_STREAM)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_INET, SOCK_STREAM | SOCK_CLOEXEC)), 0);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK)), 0);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_UNIX, SOCK_DGRAM)), 0);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_INET, SOCK_RAW, kIcmp)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_PACKET, SOCK_RAW)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_VSOCK, SOCK_STREAM)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, network, open(AF_BLUETOOTH, SOCK_RAW)), EPERM);
  EXPECT_NE(Behind(SeccompMode::kKill, packets, open(AF_PACKET, SOCK_RAW)), -SIGSYS);
}

TEST_F(SeccompTest, NothingIsWritableAndThenExecuted) {
  const auto map = [](int protection, int flags) {
    return [=] { return mmap(nullptr, 4096, protection, flags, -1, 0) == MAP_FAILED ? -1L : 0L; };
  };
  constexpr int kOwn = MAP_PRIVATE | MAP_ANONYMOUS;
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, map(PROT_READ | PROT_WRITE, kOwn)), 0);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, map(PROT_READ | PROT_EXEC, kOwn)), EPERM);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, map(PROT_WRITE | PROT_EXEC, kOwn)), EPERM);
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, kOwn, -1, 0);
  EXPECT_EQ(Behind(SeccompMode::kEnforce, {}, [&] { return long{mprotect(page, 4096, PROT_READ | PROT_EXEC)}; }), EPERM);
  munmap(page, 4096);
}

TEST_F(SeccompTest, ThreadsGoOnAndAreBoundToo) {
  EXPECT_EQ(InChild([] {
              std::atomic<int> go{0};
              long before = 0;
              std::thread early([&] {
                while (go == 0) std::this_thread::yield();
                before = syscall(SYS_kill, getppid(), 0);
              });
              if (!InstallFilter(SeccompMode::kEnforce, {})) return 255;
              go = 1;
              early.join();
              long after = 0;
              std::thread late([&] { after = syscall(SYS_kill, getppid(), 0); });
              late.join();
              return before == -1 && after == -1 ? 0 : 1;
            }),
            0);
}

TEST_F(SeccompTest, LoggedCallsAreCarriedOut) {
  EXPECT_EQ(Behind(SeccompMode::kLog, {}, [] { return syscall(SYS_kill, getppid(), 0); }), 0);
}

class FilesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (LandlockVersion() == 0) GTEST_SKIP() << "this kernel has no Landlock";
    if (kSanitized) GTEST_SKIP() << "not in force under a sanitizer";
    top_ = testing::TempDir() + "sandbox." + std::to_string(getpid());
    for (const char* name : {"/own", "/rules", "/other"}) std::filesystem::create_directories(top_ + name);
    std::ofstream(top_ + "/rules/a.yaml") << "a";
    std::ofstream(top_ + "/other/b") << "b";
  }
  void TearDown() override { std::filesystem::remove_all(top_); }

  // 0, or errno of open(2) after the restriction.
  int Open(const std::string& name, int flags) const {
    return InChild([&] {
      Access access;
      access.reads = {top_ + "/rules"};
      access.writes = {top_ + "/own/events.json"};
      std::vector<std::string> warnings;
      if (ForbidPrivileges() != 0 || RestrictFiles(access, warnings) == 0) return 255;
      return open((top_ + name).c_str(), flags | O_CLOEXEC, 0600) >= 0 ? 0 : errno;
    });
  }
  static int ForbidPrivileges() { return static_cast<int>(syscall(SYS_prctl, 38, 1, 0, 0, 0)); }

  std::string top_;
};

TEST_F(FilesTest, ReadsItsRulesAndWritesItsOwn) {
  EXPECT_EQ(Open("/rules/a.yaml", O_RDONLY), 0);
  EXPECT_EQ(Open("/own/events.json", O_WRONLY | O_CREAT), 0);
  EXPECT_EQ(Open("/own/events.json.1", O_RDWR | O_CREAT | O_TRUNC), 0);
}

TEST_F(FilesTest, OpensNothingElse) {
  EXPECT_EQ(Open("/rules/a.yaml", O_WRONLY), EACCES);
  EXPECT_EQ(Open("/rules/new.yaml", O_WRONLY | O_CREAT), EACCES);
  EXPECT_EQ(Open("/other/b", O_RDONLY), EACCES);
  EXPECT_EQ(Open("/other/new", O_WRONLY | O_CREAT), EACCES);
}

TEST(PrivilegesTest, WhatIsNotNeededIsGone) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to have something to give away";
  Access access;
  access.capabilities = {CAP_NET_RAW};
  EXPECT_EQ(InChild([&] {
              auto now = DropPrivileges({"nobody", false, SeccompMode::kOff, false}, access);
              if (!now) return 255;
              if (now->user != "nobody" || !now->switched || now->capabilities != "cap_net_raw") return 1;
              if (getuid() == 0 || geteuid() == 0 || getegid() == 0 || getgroups(0, nullptr) > 1) return 2;
              if (setuid(0) == 0 || chroot("/") == 0) return 3;
              const int raw = socket(AF_PACKET, SOCK_RAW, 0);  // what it kept
              return raw >= 0 || errno == EAFNOSUPPORT ? 0 : 4;
            }),
            0);
}

TEST(PrivilegesTest, RootThatStaysKeepsItsFilesAndNoMore) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(InChild([&] {
              auto now = DropPrivileges({"root", false, SeccompMode::kOff, false}, {});
              if (!now) return 255;
              if (now->capabilities.find("cap_dac_override") == std::string::npos && !now->capabilities.empty()) return 1;
              return chroot("/") == 0 || socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? 2 : 0;
            }),
            0);
}

TEST(PrivilegesTest, AnUnknownUserIsAnError) {
  const auto now = DropPrivileges({"nobody-of-this-name", false, SeccompMode::kOff, false}, {});
  ASSERT_FALSE(now);
  EXPECT_NE(now.error().remedy.find("useradd"), std::string::npos);
}

TEST(PrivilegesTest, AnOutputThatTheUserMayNotWriteIsToldBeforeTraffic) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string folder = testing::TempDir() + "roots-own." + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  chmod(folder.c_str(), 0700);
  Access access;
  access.writes = {folder + "/events.json"};
  EXPECT_EQ(InChild([&] {
              auto now = DropPrivileges({"nobody", false, SeccompMode::kOff, false}, access);
              return !now && now.error().remedy.find("chown nobody") != std::string::npos ? 0 : 1;
            }),
            0);
  std::filesystem::remove_all(folder);
}

// A process that starts sensors: it can, and its children can become another user; what nobody needs ends both.
TEST(SupervisorTest, StartsSensorsAndDoesNothingElse) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer makes calls of its own";
  Access access;
  access.capabilities = {CAP_NET_RAW};
  const auto confined = [&](const std::function<int()>& body) {
    return InChild([&] {
      ConfineSupervisor({}, access);
      return body();
    });
  };
  EXPECT_EQ(confined([] { return -InChild([] { return static_cast<int>(Execute()); }); }), 0);
  EXPECT_EQ(confined([] { return static_cast<int>(ptrace(PTRACE_TRACEME, 0, 0, 0)); }), -SIGSYS);
  EXPECT_EQ(confined([] { return static_cast<int>(syscall(SYS_bpf, 0, nullptr, 0)); }), -SIGSYS);
  EXPECT_EQ(confined([] { return -InChild([] { return unshare(CLONE_NEWUSER); }); }), SIGSYS) << "nor do its children";
}

TEST(SupervisorTest, HandsOnWhatSensorsTakeAndNoMore) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  Access access;
  access.capabilities = {CAP_NET_RAW};
  const auto child_of = [&](const std::function<int()>& sensor) {
    return InChild([&] {
      ConfineSupervisor({}, access);
      const int how = InChild(sensor);
      return how < 0 ? -how : how;
    });
  };
  EXPECT_EQ(child_of([] { return socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? 0 : 1; }), 0);
  EXPECT_EQ(child_of([] { return setresuid(65534, 65534, 65534); }), 0);
  EXPECT_EQ(child_of([] { return chroot("/") == 0 ? 1 : 0; }), kSanitized ? 0 : SIGSYS) << "as a number: it was ended";
}

}  // namespace
}  // namespace gander::sandbox
