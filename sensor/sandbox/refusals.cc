// SPDX-License-Identifier: Apache-2.0
#include "sandbox/refusals.h"

#include <seccomp.h>
#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "sandbox/sandbox.h"

namespace gander::sandbox {
namespace {

constexpr std::size_t kCalls = 1024;  // numbers above are counted as the last
std::array<std::atomic<std::uint64_t>, kCalls> refused;
constexpr std::size_t kName = 32;
std::array<std::array<char, kName>, kCalls> call_names;  // looked up beforehand, since that allocates
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

void Answer(ucontext_t& context, long value) noexcept {
#if defined(__x86_64__)
  context.uc_mcontext.gregs[REG_RAX] = value;
#elif defined(__aarch64__)
  context.uc_mcontext.regs[0] = static_cast<unsigned long long>(value);
#else
#error "where this processor returns from a system call is not known here"
#endif
}

// Only what signal-safety(7) allows.
void Tell(std::size_t call) noexcept {
  constexpr std::string_view kBefore = "gander: warning: system call ", kAfter = " refused (process.seccomp)\n";
  std::array<char, kBefore.size() + kName + kAfter.size()> line;
  std::size_t size = 0;
  for (const std::string_view part : {kBefore, std::string_view(call_names[call].data()), kAfter}) {
    for (const char c : part) line[size++] = c;
  }
  (void)!::write(STDERR_FILENO, line.data(), size);
}

void OnRefused(int, siginfo_t* info, void* context) {
  const int before = errno;
  const std::size_t call = std::min<std::size_t>(static_cast<unsigned>(info->si_syscall), kCalls - 1);
  if (refused[call].fetch_add(1, std::memory_order_relaxed) == 0) Tell(call);
  Answer(*static_cast<ucontext_t*>(context), -EPERM);
  errno = before;
}

}  // namespace

void CountRefusals() {
  for (std::size_t i = 0; i < kCalls; ++i) {
    char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(i));
    const std::string text = name != nullptr ? name : std::to_string(i);
    text.copy(call_names[i].data(), kName - 1);
    std::free(name);
  }
  struct sigaction action {};
  action.sa_sigaction = OnRefused;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
  (void)sigaction(SIGSYS, &action, nullptr);
}

std::vector<Refusal> Refusals() {
  std::vector<Refusal> out;
  for (std::size_t i = 0; i < kCalls; ++i) {
    const std::uint64_t times = refused[i].load(std::memory_order_relaxed);
    if (times == 0) continue;
    out.push_back({call_names[i].data(), times});
  }
  return out;
}

}  // namespace gander::sandbox
