// SPDX-License-Identifier: Apache-2.0
#include "sandbox/seccomp_filter.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "sandbox/call_list.h"
#include "sandbox/refusals.h"

namespace gander::sandbox {
namespace {

constexpr scmp_datum_t kTypeMask = 0xf;  // of socket(2)'s type, beside its flags

std::uint32_t AnswerToUnlisted(SeccompMode mode) noexcept {
  switch (mode) {
    case SeccompMode::kKill: return SCMP_ACT_KILL_PROCESS;
    case SeccompMode::kLog: return SCMP_ACT_LOG;
    default: return SCMP_ACT_TRAP;
  }
}

class Filter {
 public:
  explicit Filter(SeccompMode mode) : unlisted_(AnswerToUnlisted(mode)), context_(seccomp_init(unlisted_)) {}
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() { seccomp_release(context_); }

  void AllowAll(CallNames names) {
    for (const char* name : names) Allow(name, {});
  }

  // With conditions on the arguments, all of which must hold; several rules of one call stand beside each other.
  void Allow(const char* name, std::initializer_list<scmp_arg_cmp> when) { Add(SCMP_ACT_ALLOW, name, when); }

  void Add(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> when) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call < 0) return;  // not of this architecture
    if (action == unlisted_) return;
    const int status = seccomp_rule_add_array(context_, action, call, static_cast<unsigned>(when.size()), when.begin());
    if (status != 0 && fault_ == 0) fault_ = status;
    if (status == 0 && action == SCMP_ACT_ALLOW && when.size() == 0) ++calls_;
  }

  void CountOne() noexcept { ++calls_; }

  Result<unsigned> Load() {
    (void)seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1);
    (void)seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree: a few comparisons for each call
    int status = fault_;
    if (status == 0) status = seccomp_load(context_);
    if (status == 0) return calls_;
    return Fail("process.seccomp", 0, std::string("no system call is refused: ") + std::strerror(-status),
                "this kernel has no seccomp filters, or the container forbids them; process.seccomp=off says so");
  }

 private:
  std::uint32_t unlisted_;
  scmp_filter_ctx context_;
  unsigned calls_ = 0;
  int fault_ = 0;
};

void AllowSocket(Filter& f, int family, int type) {
  f.Allow("socket", {SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)),
                     SCMP_A1(SCMP_CMP_MASKED_EQ, kTypeMask, static_cast<scmp_datum_t>(type))});
}

// The kernel's routing messages: getaddrinfo(3) sorts by them, libpcap and DPDK list interfaces.
void AllowNetlink(Filter& f, int protocol) {
  f.Allow("socket", {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_EQ, static_cast<scmp_datum_t>(protocol))});
}

void AllowSockets(Filter& f, const Access& access) {
  if (!access.network && !access.packet_sockets && !access.dpdk) return;
  f.AllowAll(NetworkAllowed());
  f.CountOne();
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) AllowSocket(f, AF_UNIX, type);
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) AllowSocket(f, family, type);
  }
  AllowNetlink(f, NETLINK_ROUTE);
  if (access.packet_sockets || access.dpdk) {
    f.Allow("socket", {SCMP_A0(SCMP_CMP_EQ, AF_PACKET)});
    AllowNetlink(f, NETLINK_GENERIC);
    // libpcap asks for these when it lists interfaces, and goes without: said no to, and not counted.
    constexpr std::uint32_t kUnknown = SCMP_ACT_ERRNO(EAFNOSUPPORT);
    f.Add(kUnknown, "socket", {SCMP_A0(SCMP_CMP_EQ, AF_BLUETOOTH)});
    f.Add(kUnknown, "socket", {SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_EQ, NETLINK_NETFILTER)});
  }
  if (access.dpdk) {
    AllowNetlink(f, NETLINK_KOBJECT_UEVENT);  // devices that come and go
    AllowNetlink(f, NETLINK_RDMA);
  }
}

// Threads of this process, never another process. clone3 passes its flags in memory, where no filter can look; glibc
// takes clone instead where the kernel seems not to know it.
void AllowThreads(Filter& f) {
  f.Add(SCMP_ACT_ERRNO(ENOSYS), "clone3", {});
  f.Allow("clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM)});
  const auto self = static_cast<scmp_datum_t>(getpid());
  f.Allow("tgkill", {SCMP_A0(SCMP_CMP_EQ, self)});
  f.Allow("kill", {SCMP_A0(SCMP_CMP_EQ, self)});
  f.Allow("prctl", {SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)});
  f.Allow("prctl", {SCMP_A0(SCMP_CMP_EQ, PR_GET_NAME)});
  f.Allow("prctl", {SCMP_A0(SCMP_CMP_EQ, PR_SET_TIMERSLACK)});  // how exactly an idle packet thread wakes
  f.Allow("prctl", {SCMP_A0(SCMP_CMP_EQ, PR_SET_VMA)});  // glibc and allocators name their areas
  f.Allow("prlimit64", {SCMP_A2(SCMP_CMP_EQ, 0)});       // to read limits
  for (int i = 0; i < 5; ++i) f.CountOne();
}

// Never what can be written and then executed. A library loaded late (converters of characters, name services) is
// mapped from a file that Landlock lets nobody change.
void AllowMapping(Filter& f) {
  constexpr scmp_datum_t kBoth = PROT_WRITE | PROT_EXEC;
  f.Allow("mmap", {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
  f.Allow("mmap", {SCMP_A2(SCMP_CMP_MASKED_EQ, kBoth, PROT_EXEC), SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0)});
  f.Allow("mprotect", {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
  for (int i = 0; i < 2; ++i) f.CountOne();
}

void AllowDeviceControl(Filter& f, const Access& access) {
  f.CountOne();
  if (access.dpdk) {  // a driver's own, beyond listing; still no typing into a terminal
    f.Allow("ioctl", {SCMP_A1(SCMP_CMP_GT, TIOCSTI)});
    f.Allow("ioctl", {SCMP_A1(SCMP_CMP_LT, TIOCSTI)});
    return;
  }
  for (const unsigned long request : {FIONREAD, FIONBIO, FIOCLEX, TCGETS, TIOCGWINSZ, TIOCGPGRP}) {
    f.Allow("ioctl", {SCMP_A1(SCMP_CMP_EQ, request)});
  }
  // Those of network interfaces, 0x89xx (linux/sockios.h), of which capabilities bar the ones that change something.
  if (access.network || access.packet_sockets) f.Allow("ioctl", {SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffff00, 0x8900)});
}

}  // namespace

Result<unsigned> InstallFilter(SeccompMode mode, const Access& access) {
  Filter filter(mode);
  filter.AllowAll(AlwaysAllowed());
  AllowThreads(filter);
  AllowMapping(filter);
  AllowSockets(filter, access);
  AllowDeviceControl(filter, access);
  if (access.dpdk) filter.AllowAll(DpdkAllowed());
  // Where all is logged, so are these.
  if (mode == SeccompMode::kEnforce) {
    for (const char* name : Forbidden()) filter.Add(SCMP_ACT_KILL_PROCESS, name, {});
    CountRefusals();
  }
  return filter.Load();
}

bool RefuseForbidden(bool devices) {
  const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (filter == nullptr) return false;
  const auto among = [](CallNames names, std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](const char* n) { return name == n; });
  };
  for (const char* name : Forbidden()) {
    if (among(MadeAtStart(), name) || (devices && among(MadeForDevices(), name))) continue;
    const int call = seccomp_syscall_resolve_name(name);
    if (call >= 0) (void)seccomp_rule_add_array(filter.get(), SCMP_ACT_KILL_PROCESS, call, 0, nullptr);
  }
  (void)seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  return seccomp_load(filter.get()) == 0;
}

}  // namespace gander::sandbox
